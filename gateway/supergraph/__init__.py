"""Supergraph SDL (ours or anyone's) to an immutable Supergraph, and its API schema."""
