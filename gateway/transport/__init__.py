"""How a fetch reaches a subgraph: pooled HTTP, WebSocket, in process. Execution sees only a protocol."""
