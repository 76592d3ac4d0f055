"""What kustomizations come to, and what is wrong with it by the kinds' published schemas."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import kubernetes_validate
import yaml

__all__ = ["FOLDER", "VERSIONS", "Document", "build", "kustomizations", "named", "problems"]

Document: TypeAlias = dict[str, Any]

FOLDER = Path(__file__).resolve().parents[3] / "infra" / "kubernetes"
VERSIONS = ("1.31", "1.37")
"""The oldest Kubernetes we say we run on, and the newest."""
_SCHEMAS = Path(__file__).parent / "schemas"


def kustomizations() -> list[Path]:
    """Every folder that can be built for itself; components are built by who uses them."""
    files = sorted(FOLDER.rglob("kustomization.yaml"))
    return [file.parent for file in files if yaml.safe_load(file.read_text())["kind"] == "Kustomization"]


@cache
def build(folder: Path) -> tuple[Document, ...]:
    """The documents, as ``kubectl apply -k`` would send them. Raises CalledProcessError."""
    installed = Path(sys.executable).with_name("kubectl")
    command = [str(installed) if installed.exists() else "kubectl", "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(yaml.load_all(done.stdout, yaml.CSafeLoader))


def named(documents: Iterable[Document], kind: str) -> dict[str, Document]:
    """Those of a kind, by name."""
    return {d["metadata"]["name"]: d for d in documents if d["kind"] == kind}


def problems(documents: Iterable[Document]) -> Iterator[str]:
    """A line for each document that its kind's schema does not take, or whose kind nobody publishes."""
    for document in documents:
        where = f"{document['kind']} {document['metadata']['name']}"
        yield from (f"{where}: {problem}" for problem in _problems(json.dumps(_anywhere(document))))


def _anywhere(document: Document) -> Document:
    """Without its namespace: what overlays have in common is looked at once."""
    metadata = {k: v for k, v in document["metadata"].items() if k != "namespace"}
    return {**document, "metadata": metadata}


@cache
def _problems(text: str) -> tuple[str, ...]:
    document: Document = json.loads(text)
    if (custom := _custom(document)) is not None:
        errors = jsonschema.Draft202012Validator(custom).iter_errors(document)
        return tuple(f"{error.json_path}: {error.message}" for error in errors)
    return tuple(problem for version in VERSIONS for problem in _core(document, version))


def _core(document: Document, version: str) -> Iterator[str]:
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{'.'.join(map(str, error.path))}: {error.message} (Kubernetes {version})"
    except kubernetes_validate.SchemaNotFoundError as error:
        yield f"nobody publishes a schema of {document['apiVersion']} for Kubernetes {error.version}"


@cache
def _read(name: str) -> Any:
    path = _SCHEMAS / name
    return json.loads(path.read_text()) if path.exists() else None


def _custom(document: Document) -> Any:
    group, _, version = document["apiVersion"].rpartition("/")
    return _read(f"{group}_{document['kind']}_{version}.json")
