"""How GraphQL is spoken: over HTTP, in parts, as server-sent events, by WebSocket, and with files."""
