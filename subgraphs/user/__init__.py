"""The user domain."""
