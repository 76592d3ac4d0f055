"""What every subgraph shares: packages by what they are for, and beside them what all of these use."""
