"""What every subgraph shares."""
