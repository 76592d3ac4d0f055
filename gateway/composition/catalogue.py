"""Every code that composition knows: its level, the federation version that first had it, and what it means."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CATALOGUE", "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. ``level`` is ERROR, which stops composition, or a hint's WARN, INFO or DEBUG."""

    code: str
    level: str
    since: str
    says: str
    never: str = ""
    """Why no set of subgraphs can raise it within the limits, where that is so."""


_NEVER = {
    "UNSUPPORTED_FEATURE": "No rule has a use for it: what is not supported has a code of its own.",
    "DOWNSTREAM_SERVICE_ERROR": "It is of running operations; composing asks no subgraph.",
    "INVALID_FEDERATION_SUPERGRAPH": "Only a supergraph composed elsewhere can be so; loading one says it.",
    "UNSUPPORTED_LINKED_FEATURE": "Subgraphs may link what they like; loading a supergraph says it.",
    "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED": "Equal ways are counted once, so a set that reaches the default limit is not practical; a test lowers the limit.",
    "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE": "Directives for schemas are composed from their latest version alone, so nothing is compared.",
    "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS": "Directives for schemas are composed from their latest version alone, so nothing is compared.",
}

_TABLE = """\
INVALID_GRAPHQL | ERROR | 2.0 | The text is no valid GraphQL: it does not parse, or breaks one of the language's own rules.
DIRECTIVE_DEFINITION_INVALID | ERROR | 2.0 | A subgraph defines a directive of a specification otherwise than the specification does.
TYPE_DEFINITION_INVALID | ERROR | 2.0 | A subgraph defines a type of a specification otherwise than the specification does.
UNSUPPORTED_LINKED_FEATURE | ERROR | 2.0 | A supergraph cannot be served without a specification that is not known here.
UNKNOWN_FEDERATION_LINK_VERSION | ERROR | 2.0 | The linked version of federation is not known.
UNKNOWN_LINK_VERSION | ERROR | 2.1 | The version of the link specification itself is not known.
INVALID_LINK_DIRECTIVE_USAGE | ERROR | 2.0 | A @link has a bad alias or import, clashes with another, or stands twice for one specification.
INVALID_LINK_IDENTIFIER | ERROR | 2.1 | The address in a @link is none, or does not end with a version such as v1.2.
LINK_IMPORT_NAME_MISMATCH | ERROR | 2.0 | Subgraphs call a directive that goes into the supergraph by different names.
KEY_FIELDS_HAS_ARGS | ERROR | 2.0 | A @key selects a field that takes arguments.
PROVIDES_FIELDS_HAS_ARGS | ERROR | 2.0 | A @provides selects a field that takes arguments.
PROVIDES_FIELDS_MISSING_EXTERNAL | ERROR | 0.x | A @provides selects a field that the subgraph resolves anyway, for it is not @external.
REQUIRES_FIELDS_MISSING_EXTERNAL | ERROR | 0.x | A @requires selects a field that the subgraph resolves itself, for it is not @external.
KEY_UNSUPPORTED_ON_INTERFACE | ERROR | 2.0 | A @key stands on an interface in a subgraph older than version 2.3.
PROVIDES_UNSUPPORTED_ON_INTERFACE | ERROR | 2.0 | A @provides stands on a field of an interface.
REQUIRES_UNSUPPORTED_ON_INTERFACE | ERROR | 2.0 | A @requires stands on a field of an interface.
EXTERNAL_UNUSED | ERROR | 0.x | A field is @external although no directive and no interface asks for it there.
EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE | ERROR | 2.1 | A field is @external and has a directive that only a resolved field can have.
TYPE_WITH_ONLY_UNUSED_EXTERNAL | ERROR | 2.0 | A type of a federation 1 subgraph has nothing but @external fields that nothing uses.
PROVIDES_ON_NON_OBJECT_FIELD | ERROR | 2.0 | A @provides stands on a field that answers with no object, interface or union.
KEY_INVALID_FIELDS_TYPE | ERROR | 2.0 | The fields of a @key are not given as text.
PROVIDES_INVALID_FIELDS_TYPE | ERROR | 2.0 | The fields of a @provides are not given as text.
REQUIRES_INVALID_FIELDS_TYPE | ERROR | 2.0 | The fields of a @requires are not given as text.
KEY_INVALID_FIELDS | ERROR | 2.0 | The fields of a @key do not parse, are not there, or are renamed.
PROVIDES_INVALID_FIELDS | ERROR | 2.0 | The fields of a @provides do not parse, are not there, or are renamed.
REQUIRES_INVALID_FIELDS | ERROR | 2.0 | The fields of a @requires do not parse, are not there, are renamed, or lack an argument.
KEY_FIELDS_SELECT_INVALID_TYPE | ERROR | 0.x | A @key selects a field that answers with an interface or a union.
ROOT_QUERY_USED | ERROR | 0.x | A type is called Query although another type is the root of queries.
ROOT_MUTATION_USED | ERROR | 0.x | A type is called Mutation although another type is the root of mutations.
ROOT_SUBSCRIPTION_USED | ERROR | 0.x | A type is called Subscription although another type is the root of subscriptions.
INVALID_SUBGRAPH_NAME | ERROR | 2.0 | A subgraph is called _, which stands for the whole graph.
NO_QUERIES | ERROR | 2.0 | No subgraph has a query, so nothing could be asked.
INTERFACE_FIELD_NO_IMPLEM | ERROR | 2.0 | A type lacks, in every subgraph, a field of an interface it implements.
TYPE_KIND_MISMATCH | ERROR | 2.0 | One name stands for types of different kinds.
CONTEXT_NOT_SET | ERROR | 2.8 | An argument takes its value from a context that is never set, or stands where none may.
CONTEXT_INVALID_SELECTION | ERROR | 2.8 | What an argument selects of a context is not one value of the argument's type in each place where the context is set.
NO_CONTEXT_IN_SELECTION | ERROR | 2.8 | A @fromContext does not name its context, or selects nothing of it.
CONTEXT_NO_RESOLVABLE_KEY | ERROR | 2.8 | A type takes arguments from contexts, and has no key by which it can be entered again.
CONTEXT_NAME_INVALID | ERROR | 2.8 | The name of a context has characters other than letters and digits.
EXTERNAL_TYPE_MISMATCH | ERROR | 0.x | An @external field has another type than where it is resolved.
EXTERNAL_ARGUMENT_MISSING | ERROR | 2.0 | An @external field lacks an argument it has where it is resolved.
EXTERNAL_ARGUMENT_TYPE_MISMATCH | ERROR | 2.0 | An argument of an @external field has another type than where the field is resolved.
EXTERNAL_ARGUMENT_DEFAULT_MISMATCH | ERROR | 2.0 | An argument of an @external field has another default than where the field is resolved.
EXTERNAL_ON_INTERFACE | ERROR | 2.0 | A field of an interface is @external, though interfaces resolve nothing.
MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL | ERROR | 2.0 | An @external field has a directive that would go into the supergraph.
FIELD_TYPE_MISMATCH | ERROR | 2.0 | Subgraphs give a field, or a field of an input, types that cannot be reconciled.
FIELD_ARGUMENT_TYPE_MISMATCH | ERROR | 2.0 | Subgraphs give an argument types that cannot be reconciled.
INPUT_FIELD_DEFAULT_MISMATCH | ERROR | 2.0 | Subgraphs give a field of an input different defaults.
FIELD_ARGUMENT_DEFAULT_MISMATCH | ERROR | 2.0 | Subgraphs give an argument different defaults.
EXTENSION_WITH_NO_BASE | ERROR | 0.x | A type is extended, and defined in no subgraph.
EXTERNAL_MISSING_ON_BASE | ERROR | 0.x | A field is @external in every subgraph that has it, so none resolves it.
INVALID_FIELD_SHARING | ERROR | 2.0 | Several subgraphs resolve a field, and not all of them say that it is @shareable.
INVALID_SHAREABLE_USAGE | ERROR | 2.1 | A @shareable stands twice in one place, or on a field of an interface.
REFERENCED_INACCESSIBLE | ERROR | 2.0 | Something visible has a type that is @inaccessible.
DEFAULT_VALUE_USES_INACCESSIBLE | ERROR | 2.0 | The default of something visible has an @inaccessible value or field in it.
QUERY_ROOT_TYPE_INACCESSIBLE | ERROR | 2.0 | The root of queries is @inaccessible, so nothing could be asked.
REQUIRED_INACCESSIBLE | ERROR | 2.0 | An argument or a field of an input is mandatory and @inaccessible.
DISALLOWED_INACCESSIBLE | ERROR | 2.0 | Something is @inaccessible that belongs to GraphQL or to a specification.
IMPLEMENTED_BY_INACCESSIBLE | ERROR | 2.0 | A field or argument is @inaccessible that a visible interface asks for.
ONLY_INACCESSIBLE_CHILDREN | ERROR | 2.0 | All parts of a visible type are @inaccessible.
REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH | ERROR | 2.0 | An argument is mandatory in one subgraph and absent in another.
REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH | ERROR | 2.0 | A field of an input is mandatory in one subgraph and absent in another.
EMPTY_MERGED_INPUT_TYPE | ERROR | 2.0 | The subgraphs' definitions of an input have no field in common.
ENUM_VALUE_MISMATCH | ERROR | 2.0 | An enum is both asked and answered with, and has not the same values everywhere.
EMPTY_MERGED_ENUM_TYPE | ERROR | 2.0 | The subgraphs' definitions of an enum that is asked with have no value in common.
SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES | ERROR | 2.0 | Subgraphs that share a field can answer it with no type in common.
SATISFIABILITY_ERROR | ERROR | 2.0 | The supergraph allows a query that the subgraphs cannot answer together.
OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE | ERROR | 2.0 | An @override meets a directive that it does not go together with, there or where the field comes from.
OVERRIDE_FROM_SELF_ERROR | ERROR | 2.0 | A field overrides one of its own subgraph.
OVERRIDE_SOURCE_HAS_OVERRIDE | ERROR | 2.0 | A field overrides one that is an override itself.
OVERRIDE_ON_INTERFACE | ERROR | 2.3 | An @override stands on a field of an interface.
OVERRIDE_LABEL_INVALID | ERROR | 2.7 | The label of an @override is neither a name nor a percentage.
UNSUPPORTED_FEATURE | ERROR | 2.1 | A feature cannot be handled.
INVALID_FEDERATION_SUPERGRAPH | ERROR | 2.1 | A text that should be a supergraph is none, or contradicts itself.
DOWNSTREAM_SERVICE_ERROR | ERROR | 0.x | A subgraph failed while it was asked something.
KEY_DIRECTIVE_IN_FIELDS_ARG | ERROR | 2.1 | The fields of a @key have a directive among them.
PROVIDES_DIRECTIVE_IN_FIELDS_ARG | ERROR | 2.1 | The fields of a @provides have a directive among them.
REQUIRES_DIRECTIVE_IN_FIELDS_ARG | ERROR | 2.1 | The fields of a @requires have a directive among them.
DIRECTIVE_COMPOSITION_ERROR | ERROR | 2.1 | A directive cannot be composed: it has no specification, or not the same one everywhere.
INTERFACE_OBJECT_USAGE_ERROR | ERROR | 2.3 | An @interfaceObject has no key, stands for no interface, or stands beside an implementation.
INTERFACE_KEY_NOT_ON_IMPLEMENTATION | ERROR | 2.3 | A type does not have a key of the interface it implements.
INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE | ERROR | 2.3 | A subgraph resolves an interface by its key and lacks some of its implementations.
CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS | ERROR | 2.7 | An argument comes from a context in one subgraph and is mandatory in another.
COST_APPLIED_TO_INTERFACE_FIELD | ERROR | 2.9 | A @cost stands on a field of an interface.
LIST_SIZE_APPLIED_TO_NON_LIST | ERROR | 2.9 | A @listSize tells the size of what is no list.
LIST_SIZE_INVALID_ASSUMED_SIZE | ERROR | 2.9 | A @listSize assumes less than nothing.
LIST_SIZE_INVALID_SIZED_FIELD | ERROR | 2.9 | A @listSize names a sized field that is not there.
LIST_SIZE_INVALID_SLICING_ARGUMENT | ERROR | 2.9 | A @listSize names a slicing argument that is not there, or is no integer.
MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED | ERROR | 2.8 | There are more ways by which the subgraphs could answer than there is room to look at.
AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE | ERROR | 2.9 | An access directive stands on an interface, its field or an @interfaceObject: it belongs on what resolves.
MISSING_TRANSITIVE_AUTH_REQUIREMENTS | ERROR | 2.9 | A field takes data through @requires or @fromContext that asks for more than the field itself.
INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE | INFO | 2.0 | A field has not the same type everywhere.
INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE | INFO | 2.0 | An argument has not the same type everywhere.
INCONSISTENT_DEFAULT_VALUE_PRESENCE | WARN | 2.0 | A default is given in some subgraphs alone, and so left out.
INCONSISTENT_ENTITY | INFO | 2.0 | A type has a key in some subgraphs and none in others.
INCONSISTENT_OBJECT_VALUE_TYPE_FIELD | DEBUG | 2.0 | A type without a key has not the same fields everywhere.
INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD | DEBUG | 2.0 | An interface has not the same fields everywhere.
INCONSISTENT_INPUT_OBJECT_FIELD | WARN | 2.0 | A field of an input is in some subgraphs alone, and so left out.
INCONSISTENT_UNION_MEMBER | DEBUG | 2.0 | A union has not the same members everywhere.
INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM | WARN | 2.0 | A value of an enum that is asked with is in some subgraphs alone, and so left out.
INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM | DEBUG | 2.0 | An enum that is answered with has not the same values everywhere.
INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE | DEBUG | 2.0 | A directive for schemas is repeatable in some subgraphs alone.
INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS | DEBUG | 2.0 | A directive for schemas has not the same locations everywhere.
INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE | WARN | 2.0 | A directive for operations is in some subgraphs alone, and so left out.
NO_EXECUTABLE_DIRECTIVE_INTERSECTION | WARN | 2.0 | A directive for operations has no location in common, and so is left out.
INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE | WARN | 2.0 | A directive for operations is repeatable in some subgraphs alone, and so is not.
INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS | WARN | 2.0 | A directive for operations keeps only the locations it has everywhere.
INCONSISTENT_DESCRIPTION | WARN | 2.0 | Subgraphs describe something differently; the most frequent description is kept.
INCONSISTENT_ARGUMENT_PRESENCE | WARN | 2.0 | An optional argument is in some subgraphs alone, and so left out.
FROM_SUBGRAPH_DOES_NOT_EXIST | WARN | 2.0 | A field overrides one of a subgraph that is not there.
OVERRIDDEN_FIELD_CAN_BE_REMOVED | INFO | 2.0 | A field is overridden everywhere it would be asked, and can go.
OVERRIDE_DIRECTIVE_CAN_BE_REMOVED | INFO | 2.0 | An @override has nothing left to override, and can go.
OVERRIDE_MIGRATION_IN_PROGRESS | INFO | 2.7 | A field is on its way from one subgraph to another, under a label.
UNUSED_ENUM_TYPE | DEBUG | 2.0 | An enum is neither asked nor answered with.
INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS | WARN | 2.1 | Subgraphs apply a directive with different arguments; the most frequent ones are kept.
MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS | INFO | 2.1 | Subgraphs apply a directive with different arguments; they are combined.
DIRECTIVE_COMPOSITION_INFO | INFO | 2.1 | A @composeDirective says nothing new, or a specification differs where it does not matter.
DIRECTIVE_COMPOSITION_WARN | WARN | 2.1 | A composed directive has another name where it is not composed, so its uses there are left out.
INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN | WARN | 2.0 | Subgraphs that share a field know different types of its answer.
IMPLICITLY_UPGRADED_FEDERATION_VERSION | INFO | 2.9 | A subgraph links a specification that needs a newer federation than it asks for.
CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS | INFO | 2.8 | An argument comes from a context in some subgraphs alone.
"""


def _entry(line: str) -> Entry:
    code, level, since, says = line.split(" | ")
    return Entry(code, level, since, says, _NEVER.get(code, ""))


CATALOGUE: tuple[Entry, ...] = tuple(_entry(line) for line in _TABLE.splitlines())
"""Errors first, then hints. One code is both."""
