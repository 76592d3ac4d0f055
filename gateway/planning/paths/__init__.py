"""Ways through the query graph: all of them for each selection, then the best for all together."""
