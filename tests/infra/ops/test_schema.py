"""The web app is written against the schema that the door has."""

from __future__ import annotations

from infra.ops.schema import SCHEMA
from tests.end_to_end.product import ROOT


def test_the_web_apps_copy_is_the_schema() -> None:
    assert (ROOT / "web" / "ops.graphql").read_text() == SCHEMA.as_str() + "\n"
