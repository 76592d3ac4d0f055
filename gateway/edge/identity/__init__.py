"""Who calls: tokens verified, what they grant, and what a subgraph is told of it."""
