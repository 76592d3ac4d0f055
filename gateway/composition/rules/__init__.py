"""One composition rule a file."""
