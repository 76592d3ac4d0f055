"""No element of a specification is used by its full name where it was imported by another."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import DirectiveNode, NamedTypeNode, Node, Visitor, visit

from gateway.composition.reading.document import Document
from gateway.composition.reading.problems import Problems
from gateway.federation.links import Links

__all__ = ["check_shadowing"]


def check_shadowing(document: Document, links: Links, problems: Problems) -> None:
    """Report each definition under a full name that something uses though the import has another name."""
    own: dict[str, Node] = {f"@{name}": node for name, node in document.directives.items()}
    own |= {name: nodes.nodes[0] for name, nodes in document.types.items()}
    shadowed = {name: found for name in own if (found := links.shadowed(name)) is not None}
    if not shadowed:
        return
    others: list[Node] = [node for name, node in document.directives.items() if f"@{name}" not in shadowed]
    others += [n for name, nodes in document.types.items() if name not in shadowed for n in nodes.nodes]
    used = _used([*document.schema, *others])
    for name, (link, element) in shadowed.items():
        if name in used:
            told = (
                f"'{element}' of '{link.identity}' is imported as '{link.imports[element]}'; '{name}' is used"
            )
            problems.report(f"{told} as well: use one name.", own[name], "INVALID_LINK_DIRECTIVE_USAGE")


def _used(nodes: Iterable[Node]) -> set[str]:
    found = _Names()
    for node in nodes:
        visit(node, found)
    return found.names


class _Names(Visitor):
    """Types and, with ``@``, directives that nodes refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        self.names.add(f"@{node.name.value}")

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        self.names.add(node.name.value)
