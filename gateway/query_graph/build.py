"""Building the query graph of a supergraph, for one set of active override labels or for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    FieldNode,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    print_ast,
)

from gateway.federation.type_references import named_type
from gateway.query_graph.graph import FieldEdge, KeyEdge, Node, QueryGraph
from gateway.query_graph.selection import Normalizer, possible_types
from gateway.supergraph import SubgraphField, SubgraphType, Supergraph
from gateway.supergraph.model import TypeKind

__all__ = ["build_query_graph"]


def build_query_graph(supergraph: Supergraph, labels: frozenset[str] | None = frozenset()) -> QueryGraph:
    """Build the graph in which the fields overridden under ``labels`` have moved.

    Without labels (None) such fields are where they come from and where they go, and say under which
    value of their label.
    """
    return _Builder(supergraph, labels).build()


def _root_types(schema: GraphQLSchema) -> dict[str, str]:
    roots = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    return {kind: root.name for kind, root in roots.items() if root is not None}


class _Builder:
    def __init__(self, supergraph: Supergraph, labels: frozenset[str] | None) -> None:
        self.supergraph = supergraph
        self.labels = labels
        self.possible = possible_types(supergraph.schema)
        self.normalizer = Normalizer(supergraph.schema, self.possible, {})
        self.root_types = _root_types(supergraph.schema)
        self.nodes: dict[tuple[str, str], Node] = {}
        self.count = 0
        self.provided: dict[tuple[int, str], Node] = {}

    def build(self) -> QueryGraph:
        for subgraph, types in self.supergraph.types.items():
            for known in types.values():
                self.nodes[subgraph, known.name] = self._node(subgraph, known)
        # Objects first: what an interface can answer follows from its implementations.
        for abstract in (False, True):
            for (subgraph, name), node in self.nodes.items():
                if node.is_abstract is abstract:
                    self._fields(node, self.supergraph.types[subgraph][name])
        self._keys()
        self._provides()
        roots = {
            kind: tuple(
                root
                for subgraph in self.supergraph.types
                if (root := self.nodes.get((subgraph, name))) is not None and root.fields
            )
            for kind, name in self.root_types.items()
        }
        return QueryGraph(self.supergraph, self.nodes, roots, self.root_types, self.possible, self._partial())

    def _partial(self) -> dict[str, frozenset[str]]:
        anywhere: dict[str, frozenset[str]] = {}
        everywhere: dict[str, frozenset[str]] = {}
        for (_, name), node in self.nodes.items():
            if node.is_abstract:
                anywhere[name] = anywhere.get(name, frozenset()) | node.possible
                everywhere[name] = everywhere.get(name, node.possible) & node.possible
        return {name: found - everywhere[name] for name, found in anywhere.items()}

    def _node(self, subgraph: str, known: SubgraphType) -> Node:
        self.count += 1
        return Node(
            self.count, known.name, subgraph, known.kind is not TypeKind.OBJECT, known.possible, known.interface_object,
            known.contexts,
        )  # fmt: skip

    def _edge(self, subgraph: str, parent: str, declared: SubgraphField) -> FieldEdge:
        requires = declared.requires
        return FieldEdge(
            declared.name,
            self.nodes.get((subgraph, named_type(declared.type))),
            declared.type,
            self.normalizer.normalize(requires.selections, parent) if requires else None,
            declared.context_arguments,
            self._override(declared),
        )

    def _override(self, declared: SubgraphField) -> tuple[str, bool] | None:
        if self.labels is not None or declared.override_label is None:
            return None
        return declared.override_label, declared.takes_over

    def _resolvable(self, declared: SubgraphField) -> bool:
        if self.labels is not None:
            return declared.resolvable(self.labels)
        return not declared.external and (declared.override_label is not None or not declared.overridden)

    def _fields(self, node: Node, known: SubgraphType) -> None:
        for declared in known.fields.values():
            if not self._resolvable(declared) or not self._has_type(node.subgraph, declared):
                continue
            if node.is_abstract and not self._all_answer(node, declared.name):
                continue
            node.fields[declared.name] = self._edge(node.subgraph, node.type_name, declared)

    def _has_type(self, subgraph: str, declared: SubgraphField) -> bool:
        named = named_type(declared.type)
        return named not in self.possible or (subgraph, named) in self.nodes

    def _all_answer(self, node: Node, name: str) -> bool:
        """An interface's field can be asked through it where every implementation simply has it."""
        for possible in node.possible:
            edge = self.nodes[node.subgraph, possible].fields.get(name)
            if edge is None or edge.requires is not None or edge.contexts:
                return False
            if self.supergraph.types[node.subgraph][possible].fields[name].provides is not None:
                return False
        return True

    def _keys(self) -> None:
        entries: dict[str, list[KeyEdge]] = {}
        for (subgraph, name), node in self.nodes.items():
            known = self.supergraph.types[subgraph][name]
            for key in known.keys:
                if key.resolvable:
                    selections = self.normalizer.normalize(key.selections.selections, name)
                    entries.setdefault(name, []).append(KeyEdge(node, selections))
        stand_ins: dict[str, list[KeyEdge]] = {}
        for interface, entered in entries.items():
            objects = [edge for edge in entered if edge.target.interface_object]
            for possible in self.possible[interface] - {interface} if objects else ():
                stand_ins.setdefault(possible, []).extend(objects)
        query = self.root_types.get("query")
        for node in self.nodes.values():
            edges = list(entries.get(node.type_name, ()))
            if not node.is_abstract and not node.interface_object:
                edges.extend(stand_ins.get(node.type_name, ()))
            if node.type_name == query:
                edges.extend(
                    KeyEdge(target, ()) for target in self.nodes.values() if target.type_name == query
                )
            node.keys = tuple(edges)

    def _provides(self) -> None:
        for (subgraph, name), node in list(self.nodes.items()):
            for declared in self.supergraph.types[subgraph][name].fields.values():
                edge = node.fields.get(declared.name)
                if edge is not None and declared.provides is not None and edge.target is not None:
                    edge.target = self._provide(edge.target, declared.provides)

    def _copy(self, node: Node) -> Node:
        self.count += 1
        return node.copy(self.count, node.possible)

    def _provide(self, node: Node, provided: SelectionSetNode) -> Node:
        """A copy of the node in which these fields exist, made once for each set of fields."""
        cache_key = (node.number, print_ast(provided))
        made = self.provided.get(cache_key)
        if made is None:
            made = self.provided[cache_key] = self._copy(node)
            self._add_provided(made, provided.selections)
        return made

    def _add_provided(self, node: Node, selections: Iterable[SelectionNode]) -> None:
        known = self.supergraph.types[node.subgraph][node.type_name]
        for selection in selections:
            if isinstance(selection, InlineFragmentNode):
                self._add_to_casts(node, selection)
                continue
            assert isinstance(selection, FieldNode)  # noqa: S101
            declared = known.fields.get(selection.name.value)
            if declared is not None:
                edge = self._edge(node.subgraph, node.type_name, declared)
                edge.requires = None
                if selection.selection_set and edge.target is not None:
                    existing = node.fields.get(declared.name)
                    target = existing.target if existing and existing.target else edge.target
                    edge.target = self._provide(target, selection.selection_set)
                node.fields[declared.name] = edge
            if node.is_abstract:
                for possible in node.possible:
                    self._provide_cast(node, possible, (selection,))

    def _add_to_casts(self, node: Node, fragment: InlineFragmentNode) -> None:
        selections = fragment.selection_set.selections
        condition = fragment.type_condition.name.value if fragment.type_condition else node.type_name
        if condition == node.type_name:
            self._add_provided(node, selections)
            return
        for possible in node.possible & self.possible[condition]:
            self._provide_cast(node, possible, selections)

    def _provide_cast(self, node: Node, possible: str, selections: Iterable[SelectionNode]) -> None:
        if not node.is_abstract:
            self._add_provided(node, selections)
            return
        made = node.casts.get(possible)
        if made is None:
            made = node.casts[possible] = self._copy(self.nodes[node.subgraph, possible])
        self._add_provided(made, selections)
