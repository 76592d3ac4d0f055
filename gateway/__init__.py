"""Serves any federated graph; knows nothing of Let's Connect."""
