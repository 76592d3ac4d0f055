"""Albums: made, filled, put in order, shared."""
