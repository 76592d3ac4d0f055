"""``lets-connect gateway``: a supergraph file served alone, by one process or several, and anew when it changes."""
