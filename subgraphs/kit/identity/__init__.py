"""Who is asking, and that it is so: signed tokens, the keys that verify them, sealed texts."""
