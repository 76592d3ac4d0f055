"""The product as its manifests describe it, in few words: for comparing with the code."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.infra.kubernetes.manifests import Document, named

__all__ = ["SERVICES", "Edge", "Workload", "edges", "workloads"]

SERVICES = ("gateway", "user", "content", "messaging", "collaboration", "media", "shop", "ai")
_NAME = "app.kubernetes.io/name"


@dataclass(frozen=True)
class Workload:
    """A Deployment's or a Job's one container, with all that it is told."""

    name: str
    args: tuple[str, ...]
    ports: dict[str, int]
    container: dict[str, Any] = field(repr=False)
    pod: dict[str, Any] = field(repr=False)
    labels: dict[str, str] = field(repr=False)
    environment: dict[str, str] = field(repr=False)
    secrets: frozenset[str] = field(repr=False)
    """Names of the settings that it finds as files."""


@dataclass(frozen=True, order=True)
class Edge:
    """A way that policies let through, from who asks to who is asked."""

    source: str
    target: str
    port: int | str


def workloads(documents: Iterable[Document], kind: str = "Deployment") -> dict[str, Workload]:
    """Those of the product's own image."""
    documents = list(documents)
    found = {}
    for name, document in named(documents, kind).items():
        template = document["spec"]["template"]
        container = template["spec"]["containers"][0]
        if "lets-connect" in container["image"]:
            found[name] = _workload(name, template, container, documents)
    return found


def _workload(name: str, template: Any, container: Any, documents: list[Document]) -> Workload:
    maps, environment = named(documents, "ConfigMap"), {}
    for source in container.get("envFrom", ()):
        environment.update(maps[source["configMapRef"]["name"]]["data"])
    environment.update({one["name"]: one["value"] for one in container.get("env", ())})
    mounted = next(v["secret"] for v in template["spec"]["volumes"] if v["name"] == "secrets")
    given = _secret_keys(mounted["secretName"], documents)
    chosen = {item["key"] for item in mounted.get("items", ())}
    return Workload(
        name,
        tuple(container["args"]),
        {port["name"]: port["containerPort"] for port in container.get("ports", ())},
        container,
        template["spec"],
        template["metadata"]["labels"],
        environment,
        frozenset(given & chosen if chosen else given),
    )


def _secret_keys(name: str, documents: list[Document]) -> set[str]:
    if name in (secrets := named(documents, "Secret")):
        return set(secrets[name]["data"])
    return {one["secretKey"] for one in named(documents, "ExternalSecret")[name]["spec"]["data"]}


def secret_value(name: str, key: str, documents: Iterable[Document]) -> str:
    """What a generated Secret holds."""
    found = next(d for n, d in named(documents, "Secret").items() if n.rpartition("-")[0] == name)
    return base64.b64decode(found["data"][key]).decode()


def edges(documents: Iterable[Document], direction: str) -> Iterator[Edge]:
    """Each way between named pods that a policy's ``ingress`` or ``egress`` lets through."""
    documents = list(documents)
    for policy in named(documents, "NetworkPolicy").values():
        own = _pods(policy["spec"]["podSelector"], documents)
        for rule in policy["spec"].get(direction, ()):
            others = [
                pod
                for peer in rule.get("from" if direction == "ingress" else "to", ())
                if "podSelector" in peer and "namespaceSelector" not in peer
                for pod in _pods(peer["podSelector"], documents)
            ]
            for one in own:
                for other in others:
                    source, target = (other, one) if direction == "ingress" else (one, other)
                    ports = rule.get("ports") or [{"port": "any"}]
                    yield from (Edge(source, target, _port(p["port"], target, documents)) for p in ports)


def _pods(selector: Any, documents: list[Document]) -> list[str]:
    wanted = selector.get("matchLabels", {}).items()
    found = []
    for kind in ("Deployment", "StatefulSet", "Job"):
        for name, document in named(documents, kind).items():
            if wanted <= document["spec"]["template"]["metadata"]["labels"].items():
                found.append(name)
    return found


def _port(port: int | str, target: str, documents: list[Document]) -> int | str:
    """A named port as its pod has it."""
    for kind in ("Deployment", "StatefulSet"):
        for name, document in named(documents, kind).items():
            if name == target:
                container = document["spec"]["template"]["spec"]["containers"][0]
                known = {p["name"]: int(p["containerPort"]) for p in container.get("ports", ())}
                return known.get(str(port), port)
    return port
