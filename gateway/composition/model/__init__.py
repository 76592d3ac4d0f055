"""What composition works on: each subgraph's definitions, those merged of them, and the types and values both are written in."""
