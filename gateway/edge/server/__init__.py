"""The HTTP server beneath the application: uvicorn, with bounds it does not have, and an end in good order."""

from gateway.edge.server.serving import Ending, serve, server_config, spare_collector

__all__ = ["Ending", "serve", "server_config", "spare_collector"]
