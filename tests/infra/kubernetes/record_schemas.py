"""Records the schemas of custom kinds from their projects' own definitions:

python -m tests.infra.kubernetes.record_schemas FILE_OR_FOLDER... writes schemas/GROUP_KIND_VERSION.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

__all__ = ["strict"]

_FOLDER = Path(__file__).parent / "schemas"
_KEPT_PLAIN = ("x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource")
_DROPPED = ("description", "default", "example", "format")


def strict(schema: Any) -> Any:
    """A CRD's structural schema as a JSON schema that refuses properties it does not know."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {k: v for k, v in schema.items() if k not in _DROPPED and not k.startswith("x-kubernetes-")}
    for container in ("properties", "patternProperties"):
        if container in kept:
            kept[container] = {name: strict(value) for name, value in schema[container].items()}
    for inner in ("items", "additionalProperties", "anyOf", "allOf", "oneOf", "not"):
        if inner in kept:
            kept[inner] = strict(schema[inner])
    if schema.get("x-kubernetes-int-or-string"):
        kept.pop("anyOf", None)
        kept["type"] = ["integer", "string"]
    known = "properties" in kept and "additionalProperties" not in kept and schema.get("type") == "object"
    if known and not any(schema.get(word) for word in _KEPT_PLAIN):
        kept["additionalProperties"] = False
    return kept


def _definitions(path: Path) -> Iterator[dict[str, Any]]:
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    for file in files:
        for document in yaml.safe_load_all(file.read_text()):
            if document and document.get("kind") == "CustomResourceDefinition":
                yield document


def main(paths: list[str]) -> None:
    """Write a file for each served version of each kind."""
    for path in paths:
        for definition in _definitions(Path(path)):
            spec = definition["spec"]
            for version in spec["versions"]:
                if version["served"]:
                    schema = strict(version["schema"]["openAPIV3Schema"])
                    schema["properties"]["metadata"] = {"type": "object"}
                    name = f"{spec['group']}_{spec['names']['kind']}_{version['name']}.json"
                    text = json.dumps(schema, separators=(",", ":"), sort_keys=True)
                    (_FOLDER / name).write_text(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
