"""The exact path: answers merged into a tree, and completed by the schema as the specification says."""
