"""What of the database is kept in Redis, by which laws, and how long it is believed."""
