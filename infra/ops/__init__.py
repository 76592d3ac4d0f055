"""The operators' page: what this product does just now and did a few minutes ago, from itself, for operators alone."""
