"""What the check of manifests lets through, and what it does not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.infra.kubernetes.manifests import FOLDER, Document, build, named, problems

_PRODUCTION = build(FOLDER / "overlays" / "production")


def _changed(kind: str, name: str, change: Callable[[Any], object]) -> Document:
    document = copy.deepcopy(named(_PRODUCTION, kind)[name])
    change(document)
    return document


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            _changed("Deployment", "user", lambda d: d["spec"].update(replica=2)),
            "Deployment user: spec: Additional properties are not allowed ('replica' was unexpected)",
        ),
        (
            _changed("HTTPRoute", "lets-connect", lambda d: d["spec"]["rules"][0].update(backendRef=[])),
            "HTTPRoute lets-connect: $.spec.rules[0]: Additional properties are not allowed ('backendRef' was unexpected)",
        ),
        (
            _changed("Service", "user", lambda d: d.update(kind="Servant")),
            "Servant user: nobody publishes a schema of v1 for Kubernetes 1.31",
        ),
    ],
)
def test_a_misspelt_field_or_kind_is_told(document: Document, problem: str) -> None:
    assert problem in " | ".join(problems([document]))
