"""The text of the operation a fetch sends: minimal, and valid in its subgraph."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from graphql import OperationDefinitionNode, VariableDefinitionNode

from gateway.federation.type_references import print_type
from gateway.planning.fetch_graph.fetches import Fetch, SelectionSet
from gateway.query_graph.printing import print_value

__all__ = ["print_operation", "print_selections", "representations_variable", "variable_definitions"]

_NOT_NAME = re.compile(r"\W")


def variable_definitions(operation: OperationDefinitionNode) -> Mapping[str, str]:
    """How each variable of the operation is declared."""

    def declared(definition: VariableDefinitionNode) -> str:
        text = f"${definition.variable.name.value}:{print_type(definition.type)}"
        return f"{text}={print_value(definition.default_value)}" if definition.default_value else text

    return {
        definition.variable.name.value: declared(definition)
        for definition in operation.variable_definitions or ()
    }


def print_selections(selections: SelectionSet) -> str:
    """The selections without the braces around them."""
    parts: list[str] = []
    if selections.typename:
        parts.append("__typename")
    for field in selections.fields.values():
        text = field.key if field.key == field.name else f"{field.key}:{field.name}"
        text += field.arguments + field.directives
        if field.children is not None:
            text += "{" + (print_selections(field.children) or "__typename") + "}"
        parts.append(text)
    for (condition, directives), body in selections.fragments.items():
        inner = print_selections(body)
        if inner:
            parts.append(f"...{' on ' + condition if condition else ''}{directives}{{{inner}}}")
    return " ".join(parts)


def representations_variable(taken: Collection[str]) -> str:
    """What the variable for representations is called beside the client's."""
    name = "representations"
    while name in taken:
        name += "_"
    return name


def print_operation(
    fetch: Fetch, name: str | None, declared: Mapping[str, str], directives: str
) -> tuple[str, tuple[str, ...]]:
    """The operation's text and the client's variables it uses."""
    used = set(fetch.selections.all_variables())
    variables = tuple(variable for variable in declared if variable in used)
    definitions = [declared[variable] for variable in variables]
    definitions.extend(f"${name}:{kind}" for name, kind in fetch.context_variables.items())
    body = print_selections(fetch.selections)
    if fetch.is_entity:
        sent = representations_variable(variables)
        definitions.insert(0, f"${sent}:[_Any!]!")
        body = f"_entities(representations:${sent}){{{body}}}"
    head: str = fetch.kind
    if name:
        head += f" {name}__{_NOT_NAME.sub('_', fetch.subgraph)}__{fetch.number}"
    if definitions:
        head += f"({','.join(definitions)})"
    if head == "query" and not directives:
        return f"{{{body}}}", variables
    return f"{head}{directives}{{{body}}}", variables
