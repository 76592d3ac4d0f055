"""The way to Redis, and what is simply counted there."""
