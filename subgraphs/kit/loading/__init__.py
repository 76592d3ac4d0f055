"""What a request reads, asked for together: by key in batches (DataLoaders), in lists by page."""
