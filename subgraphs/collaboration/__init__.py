"""Workspaces, who works in them, and the documents they write."""
