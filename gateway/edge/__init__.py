"""What clients meet: GraphQL by HTTP, WebSocket and events, pages in a browser, and the server beneath them.

``app`` is all of it as one ASGI application; ``mounts`` are paths that others answer; ``errors`` and ``streaming`` are for
everything here.
"""
