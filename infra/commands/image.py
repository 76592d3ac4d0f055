"""``lets-connect image``: what the media service does, on files."""

from media_core.cli import add_image_command as add_command

__all__ = ["add_command"]
