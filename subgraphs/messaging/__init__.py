"""Conversations: who talks with whom, and what they said, in order."""
