"""The content domain's part of the graph."""

from strawberry.federation import Schema

from subgraphs.content.schema.mutations import Mutation
from subgraphs.content.schema.queries import Query
from subgraphs.content.schema.stubs import MediaFile
from subgraphs.content.schema.subscriptions import Subscription
from subgraphs.content.schema.types import Comment, Post, Product, User
from subgraphs.kit.graph.schema import build_schema

__all__ = ["SCHEMA"]

SCHEMA: Schema = build_schema(Query, Mutation, Subscription, types=[Comment, MediaFile, Post, Product, User])
