"""A thin pooled HTTP/1.1 client: httptools' callbacks on asyncio protocols, one pool for each origin."""

from gateway.transport.http.http1.client import HttpClient
from gateway.transport.http.http1.connection import Connection

__all__ = ["Connection", "HttpClient"]
