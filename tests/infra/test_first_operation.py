"""What GraphiQL shows first."""

from __future__ import annotations

import json
import re

from graphql import parse, print_ast, strip_ignored_characters

from infra.product import FIRST_OPERATION
from tests.end_to_end.product import ROOT


def test_it_is_the_first_query_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text().partition("## A first query")[2]
    body = re.findall(r"-d '(\{.*?\})'$", readme, re.DOTALL | re.MULTILINE)[0]
    shown = print_ast(parse(FIRST_OPERATION.read_text())).removeprefix("query First ")
    assert strip_ignored_characters(shown) == strip_ignored_characters(json.loads(body)["query"])
