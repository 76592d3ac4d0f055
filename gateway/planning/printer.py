"""Plans as text and as JSON, in the forms Apollo's tools print."""

from __future__ import annotations

from typing import Any

from graphql import parse, print_ast

from gateway.planning.plan import (
    ConditionNode,
    DeferNode,
    DeferredNode,
    FetchNode,
    FlattenNode,
    InlineFragment,
    KeyRenamer,
    ParallelNode,
    PlanNode,
    QueryPlan,
    RequiredSelection,
    Rewrite,
    SequenceNode,
    SubscriptionNode,
)

__all__ = ["to_json", "to_text"]


def to_text(plan: QueryPlan) -> str:
    """The plan as Apollo's planner prints it."""
    if plan.node is None:
        return "QueryPlan {}"
    return "QueryPlan {\n" + _indent(_node_text(plan.node) + ",") + "\n}"


def _indent(text: str) -> str:
    return "\n".join("  " + line if line else line for line in text.split("\n"))


def _block(head: str, children: list[str]) -> str:
    return head + " {\n" + _indent("\n".join(child + "," for child in children)) + "\n}"


def _node_text(node: PlanNode) -> str:
    if isinstance(node, FetchNode):
        return _fetch_text(node)
    if isinstance(node, FlattenNode):
        paths = ", ".join('"' + ".".join(path) + '"' for path in (node.path, *node.more_paths))
        return _block(f"Flatten(path: {paths})", [_fetch_text(node.node)])
    if isinstance(node, SequenceNode):
        return _block("Sequence", [_node_text(one) for one in node.nodes])
    if isinstance(node, ParallelNode):
        return _block("Parallel", [_node_text(one) for one in node.nodes])
    if isinstance(node, ConditionNode):
        return _condition_text(node)
    if isinstance(node, DeferNode):
        return _defer_text(node)
    parts = [_block("Primary:", [_fetch_text(node.primary)])]
    if node.rest is not None:
        parts.append(_block("Rest:", [_node_text(node.rest)]))
    return _block("Subscription", parts)


def _defer_text(node: DeferNode) -> str:
    primary = _part_text("Primary", node.subselection, node.primary)
    deferred = "\n".join(_deferred_text(one) + "," for one in node.deferred)
    return "Defer {\n" + _indent(f"{primary}, [\n{_indent(deferred)}\n]") + "\n}"


def _deferred_text(node: DeferredNode) -> str:
    path = "/".join(step for step in node.path if step != "@")
    head = f'Deferred(depends: [{", ".join(node.depends)}], path: "{path}"'
    head += f', label: "{node.label}")' if node.label is not None else ")"
    if isinstance(node.node, DeferNode):
        return head + " {\n" + _indent(_defer_text(node.node)) + "\n}"
    return _part_text(head, node.subselection, node.node)


def _part_text(head: str, subselection: str, node: PlanNode | None) -> str:
    selected = print_ast(parse(subselection, no_location=True))
    body = f"{selected}:" if node is None else f"{selected}:\n{_node_text(node)}"
    return head + " {\n" + _indent(body) + "\n}"


def _condition_text(node: ConditionNode) -> str:
    if node.if_clause is not None and node.else_clause is not None:
        branches = " ".join(
            f"{name} {{\n{_indent(_node_text(branch))}\n}}"
            for name, branch in (("Then", node.if_clause), ("Else", node.else_clause))
        )
        return f"Condition(if: ${node.condition}) {{\n{_indent(branches)}\n}}"
    if node.if_clause is not None:
        return _block(f"Include(if: ${node.condition})", [_node_text(node.if_clause)])
    return _block(f"Skip(if: ${node.condition})", [_node_text(node.else_clause)] if node.else_clause else [])


def _fetch_text(node: FetchNode) -> str:
    body = print_ast(parse(node.operation, no_location=True))
    body = body[body.index("{") :] if "(" not in body.split("{", 1)[0] else _after_head(body)
    if node.requires:
        inner = body.strip()[1:-1].strip()
        entities = inner[inner.index("{") :]
        body = _required_text(node.requires) + " =>\n" + _dedent(entities)
    identity = f", id: {node.id}" if node.id is not None else ""
    return f'Fetch(service: "{node.subgraph}"{identity}) {{\n' + _indent(body) + "\n}"


def _after_head(body: str) -> str:
    """The operation's selections, past variable definitions whose defaults may hold braces."""
    depth = 0
    for index, character in enumerate(body):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "{" and depth == 0:
            return body[index:]
    return body


def _dedent(text: str) -> str:
    return "\n".join(line[2:] if line.startswith("  ") else line for line in text.split("\n"))


def _required_text(selections: tuple[RequiredSelection, ...]) -> str:
    lines = []
    for one in selections:
        if isinstance(one, InlineFragment):
            head = f"... on {one.type_condition}"
        else:
            head = one.name if one.name == one.response_key else f"{one.name}: {one.response_key}"
        lines.append(f"{head} {_required_text(one.selections)}" if one.selections else head)
    return "{\n" + _indent("\n".join(lines)) + "\n}"


def to_json(plan: QueryPlan) -> dict[str, Any]:
    """The plan in Apollo's serialised shape."""
    result: dict[str, Any] = {"kind": "QueryPlan"}
    if plan.node is not None:
        result["node"] = _node_json(plan.node)
    return result


def _node_json(node: PlanNode) -> dict[str, Any]:
    if isinstance(node, FetchNode):
        return _fetch_json(node)
    if isinstance(node, FlattenNode):
        flat: dict[str, Any] = {"kind": "Flatten", "path": list(node.path), "node": _fetch_json(node.node)}
        if node.more_paths:
            flat["morePaths"] = [list(path) for path in node.more_paths]
        return flat
    if isinstance(node, SequenceNode):
        return {"kind": "Sequence", "nodes": [_node_json(one) for one in node.nodes]}
    if isinstance(node, ParallelNode):
        return {"kind": "Parallel", "nodes": [_node_json(one) for one in node.nodes]}
    if isinstance(node, SubscriptionNode):
        made: dict[str, Any] = {"kind": "Subscription", "primary": _fetch_json(node.primary)}
        if node.rest is not None:
            made["rest"] = _node_json(node.rest)
        return made
    if isinstance(node, DeferNode):
        return _defer_json(node)
    made = {"kind": "Condition", "condition": node.condition}
    if node.if_clause is not None:
        made["ifClause"] = _node_json(node.if_clause)
    if node.else_clause is not None:
        made["elseClause"] = _node_json(node.else_clause)
    return made


def _defer_json(node: DeferNode) -> dict[str, Any]:
    primary: dict[str, Any] = {"subselection": node.subselection}
    if node.primary is not None:
        primary["node"] = _node_json(node.primary)
    return {"kind": "Defer", "primary": primary, "deferred": [_deferred_json(one) for one in node.deferred]}


def _deferred_json(node: DeferredNode) -> dict[str, Any]:
    made: dict[str, Any] = {
        "depends": [{"id": one} for one in node.depends],
        "queryPath": [step for step in node.path if step != "@"],
        "node": _node_json(node.node),
    }
    if node.label is not None:
        made["label"] = node.label
    if not isinstance(node.node, DeferNode):
        made["subselection"] = node.subselection
    return made


def _fetch_json(node: FetchNode) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": "Fetch", "serviceName": node.subgraph}
    if node.requires:
        made["requires"] = [_required_json(one) for one in node.requires]
    if node.id is not None:
        made["id"] = node.id
    made["variableUsages"] = list(node.variable_usages)
    made["operation"] = node.operation
    made["operationKind"] = node.operation_kind
    if node.operation_name is not None:
        made["operationName"] = node.operation_name
    for name, rewrites in (
        ("inputRewrites", node.input_rewrites),
        ("outputRewrites", node.output_rewrites),
        ("contextRewrites", node.context_rewrites),
    ):
        if rewrites:
            made[name] = [_rewrite_json(one) for one in rewrites]
    return made


def _required_json(one: RequiredSelection) -> dict[str, Any]:
    if isinstance(one, InlineFragment):
        return {
            "kind": "InlineFragment",
            "typeCondition": one.type_condition,
            "selections": [_required_json(inner) for inner in one.selections],
        }
    made: dict[str, Any] = {"kind": "Field", "name": one.name}
    if one.response_key != one.name:
        made["responseKey"] = one.response_key
    if one.selections:
        made["selections"] = [_required_json(inner) for inner in one.selections]
    return made


def _rewrite_json(rewrite: Rewrite) -> dict[str, Any]:
    if isinstance(rewrite, KeyRenamer):
        return {"kind": "KeyRenamer", "path": list(rewrite.path), "renameKeyTo": rewrite.rename_to}
    return {"kind": "ValueSetter", "path": list(rewrite.path), "setValueTo": rewrite.value}
