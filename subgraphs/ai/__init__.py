"""Search, summaries and likeness, over an index kept by the other domains' events."""
