"""Which subgraph can resolve what from where: one graph, used by satisfiability and by the planner."""
