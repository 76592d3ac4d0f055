"""The collaboration domain's part of the graph."""

from strawberry.federation import Schema

from subgraphs.collaboration.schema.mutations import Mutation
from subgraphs.collaboration.schema.queries import Query
from subgraphs.collaboration.schema.types import Document, User, Workspace
from subgraphs.kit.graph.schema import build_schema

__all__ = ["SCHEMA"]

SCHEMA: Schema = build_schema(Query, Mutation, types=[Workspace, Document, User])
