"""People: accounts, sessions, who follows and blocks whom, and the graph's ``node``."""
