"""What people do with pictures that are there."""
