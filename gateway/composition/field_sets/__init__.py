"""Field sets, which say a part of a type in a directive: whether a subgraph has it, and which fields are used so."""
