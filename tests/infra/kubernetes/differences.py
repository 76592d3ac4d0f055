"""In what two overlays differ, a line each: ``python -m tests.infra.kubernetes.differences`` prints and records it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infra.kubernetes.manifests import FOLDER, Document, build

__all__ = ["REVIEWED", "difference", "reviewed"]

_RECORDS = Path(__file__).parent / "reviewed"
REVIEWED = ("staging", "development", "production-ingress-nginx", "development-ingress-nginx")
"""Overlays, each beside ``production`` or, of ingress-nginx, beside its own without."""
_HASH = re.compile(r"-[a-z0-9]{10}$")
_GENERATED = ("ConfigMap", "Secret")


def difference(overlay: str) -> str:
    """What ``overlay`` has otherwise, as text; names of generated objects without their hash."""
    beside = overlay.removesuffix("-ingress-nginx") if overlay.endswith("-ingress-nginx") else "production"
    first, second = (_flat(build(FOLDER / "overlays" / name)) for name in (beside, overlay))
    lines = [f"# {overlay}, beside {beside}"]
    for one in sorted(first.keys() | second.keys()):
        if one not in second:
            lines.append(f"- {one}")
        elif one not in first:
            lines.append(f"+ {one}")
        else:
            lines += _changes(one, first[one], second[one])
    return "\n".join(lines) + "\n"


def reviewed(overlay: str) -> Path:
    """Where the difference is recorded that somebody has read and found right."""
    return _RECORDS / f"{overlay}.txt"


def _flat(documents: tuple[Document, ...]) -> dict[str, dict[str, Any]]:
    found = {}
    for document in documents:
        kind, name = document["kind"], document["metadata"]["name"]
        plain = _HASH.sub("", name) if kind in _GENERATED else name
        metadata = {k: v for k, v in document["metadata"].items() if k not in ("name", "namespace")}
        found[f"{kind} {plain}"] = dict(_leaves({**document, "metadata": metadata}))
    return found


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{number}]")
    else:
        yield path, _HASH.sub("", value) if isinstance(value, str) else value


def _changes(one: str, first: dict[str, Any], second: dict[str, Any]) -> Iterator[str]:
    for path in sorted(first.keys() | second.keys()):
        if path not in second:
            yield f"  {one}: {path} = {first[path]!r} is gone"
        elif path not in first:
            yield f"  {one}: {path} = {second[path]!r} is new"
        elif first[path] != second[path]:
            yield f"  {one}: {path} = {second[path]!r}, not {first[path]!r}"


if __name__ == "__main__":
    for name in REVIEWED:
        text = difference(name)
        print(text)
        reviewed(name).write_text(text)
