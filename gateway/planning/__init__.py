"""Operation to QueryPlan: a closed union of frozen nodes; passes, one a file, listed once."""
