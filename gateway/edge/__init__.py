"""Starlette: GraphQL over HTTP, uploads, WebSocket, SSE, security, limits, caches, reload."""
