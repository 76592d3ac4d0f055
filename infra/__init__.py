"""The composition root: the lets-connect command, embedded servers, deployment."""
