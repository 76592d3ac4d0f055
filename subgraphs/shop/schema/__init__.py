"""The shop domain's part of the graph."""

from strawberry.federation import Schema

from subgraphs.kit.graph.schema import build_schema
from subgraphs.shop.schema.mutations import Mutation
from subgraphs.shop.schema.queries import Query
from subgraphs.shop.schema.stubs import MediaFile
from subgraphs.shop.schema.types import SCALARS, Product, Store, User

__all__ = ["SCHEMA"]

SCHEMA: Schema = build_schema(Query, Mutation, types=[Store, Product, User, MediaFile], scalars=SCALARS)
