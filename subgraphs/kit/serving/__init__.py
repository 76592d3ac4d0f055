"""A domain's running service: its doors over HTTP, its subscriptions, and the answers themselves."""
