"""The gateway as one ASGI application: what every request passes, and the paths it takes from there."""

from gateway.edge.app.app import GatewayApp
from gateway.edge.app.parts import GatewayParts

__all__ = ["GatewayApp", "GatewayParts"]
