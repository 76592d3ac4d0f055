"""A subgraph's schema against GraphQL's specification (https://spec.graphql.org/draft/#sec-Type-System).

As lenient as Apollo's composition is where the specification is stricter: a repeated enum value, a repeated argument
and the like are read as one.
"""

from gateway.composition.reading.validation.definitions import check_definitions
from gateway.composition.reading.validation.references import (
    check_directive_arguments,
    check_references,
    check_roots,
)
from gateway.composition.reading.validation.shadowing import check_shadowing
from gateway.composition.reading.validation.uses import check_known, check_uses
from gateway.composition.reading.validation.values import Constants

__all__ = [
    "Constants",
    "check_definitions",
    "check_directive_arguments",
    "check_known",
    "check_references",
    "check_roots",
    "check_shadowing",
    "check_uses",
]
