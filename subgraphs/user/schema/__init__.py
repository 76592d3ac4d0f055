"""The user domain's part of the graph."""

from strawberry.federation import Schema

from subgraphs.kit.graph.schema import build_schema
from subgraphs.user.schema.mutations import Mutation
from subgraphs.user.schema.queries import Query
from subgraphs.user.schema.stubs import STUBS
from subgraphs.user.schema.types import Post, User

__all__ = ["SCHEMA"]

SCHEMA: Schema = build_schema(Query, Mutation, types=[User, Post, *STUBS.values()])
