"""The messaging domain's part of the graph."""

from strawberry.federation import Schema

from subgraphs.kit.graph.schema import build_schema
from subgraphs.messaging.schema.mutations import Mutation
from subgraphs.messaging.schema.queries import Query
from subgraphs.messaging.schema.stubs import MediaFile
from subgraphs.messaging.schema.subscriptions import Subscription
from subgraphs.messaging.schema.types import Conversation, Message, Store, User

__all__ = ["SCHEMA"]

SCHEMA: Schema = build_schema(
    Query, Mutation, Subscription, types=[Conversation, MediaFile, Message, Store, User]
)
