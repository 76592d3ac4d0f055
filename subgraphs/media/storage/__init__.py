"""Bytes in the object store, and on their way there."""
