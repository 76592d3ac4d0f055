"""The media domain's part of the graph."""

from strawberry.federation import Schema

from subgraphs.kit.graph.schema import build_schema
from subgraphs.media.schema.albums import Album
from subgraphs.media.schema.mutations import Mutation
from subgraphs.media.schema.queries import Query
from subgraphs.media.schema.subscriptions import Subscription
from subgraphs.media.schema.types import MediaFile, User

__all__ = ["SCHEMA"]

SCHEMA: Schema = build_schema(Query, Mutation, Subscription, types=[Album, MediaFile, User])
