"""The subcommands of ``lets-connect``: each module has ``add_command(subparsers)``."""
