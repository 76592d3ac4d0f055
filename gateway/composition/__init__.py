"""Subgraph SDLs to supergraph SDL, or errors and hints."""
