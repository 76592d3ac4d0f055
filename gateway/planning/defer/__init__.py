"""Plans in parts: the operation taken apart at ``@defer``, and each part fetched by itself."""
