"""Types that other domains own, as far as this one refers to them: their keys.

``node`` may name any of them. A type that is missing here would be pruned from a plan silently, so a test
holds this list to the supergraph's.
"""

from __future__ import annotations

import strawberry

from subgraphs.kit.graph.relay import Node
from subgraphs.kit.graph.schema import BY_ID

__all__ = [
    "STUBS",
    "Album",
    "Comment",
    "Conversation",
    "Document",
    "MediaFile",
    "Message",
    "Product",
    "Store",
    "Workspace",
]


@strawberry.federation.type(keys=[BY_ID])
class Album(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class MediaFile(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class Comment(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class Conversation(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class Message(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class Workspace(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class Document(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class Store(Node):
    pass


@strawberry.federation.type(keys=[BY_ID])
class Product(Node):
    pass


STUBS = {
    stub.__name__: stub
    for stub in (Album, Comment, Conversation, Document, MediaFile, Message, Product, Store, Workspace)
}
