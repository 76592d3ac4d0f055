"""A thin pooled HTTP/1.1 client: httptools' callbacks on asyncio protocols, one pool for each origin."""

from gateway.transport.http1.client import HttpAnswer, HttpClient, HttpStream
from gateway.transport.http1.failures import BadRequest, HttpFailure
from gateway.transport.http1.pool import Limits, Origin

__all__ = ["BadRequest", "HttpAnswer", "HttpClient", "HttpFailure", "HttpStream", "Limits", "Origin"]
