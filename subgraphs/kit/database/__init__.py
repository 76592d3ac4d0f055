"""A domain's own PostgreSQL: its tables and their migrations, reads, and writes in a transaction."""
