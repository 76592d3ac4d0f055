"""The seven domains, each a Strawberry subgraph that owns its data, and the kit they stand on."""
