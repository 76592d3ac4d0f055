"""Real PostgreSQL and Valkey from wheels, started, locked down and stopped with their parent."""
