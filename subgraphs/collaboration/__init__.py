"""The collaboration domain."""
