"""The ai domain's part of the graph."""

from strawberry.federation import Schema

from subgraphs.ai.schema.queries import Query
from subgraphs.ai.schema.stubs import User
from subgraphs.ai.schema.types import Post, Product
from subgraphs.kit.graph.schema import build_schema

__all__ = ["SCHEMA"]

SCHEMA: Schema = build_schema(Query, types=[Post, Product, User])
