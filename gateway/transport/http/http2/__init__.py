"""An HTTP/2 client on the ``h2`` library: many requests on one connection, on asyncio protocols."""

from gateway.transport.http.http2.client import Http2Client
from gateway.transport.http.http2.opening import Declined

__all__ = ["Declined", "Http2Client"]
