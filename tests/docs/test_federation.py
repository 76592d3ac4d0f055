"""Every test that the page on federation names exists, and every suite of the corpus is named there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.composition.corpus import load
from tests.conformance.corpus import SUITES, load_suite

_TESTS = Path(__file__).parent.parent
_PAGE = (_TESTS.parent / "docs" / "federation.md").read_text(encoding="utf-8")
_NAMED = sorted(set(re.findall(r"`([\w/]+\.(?:py|yaml|txt))::([^`]+)`", _PAGE)))


@pytest.mark.parametrize("file", sorted({file for file, _ in _NAMED}))
def test_the_tests_it_names_exist(file: str) -> None:
    named = {name for other, name in _NAMED if other == file}
    assert named - _names(_TESTS / file) == set()


def test_every_graph_of_the_corpus_is_named() -> None:
    named = {Path(file).stem for file, _ in _NAMED if file.startswith("conformance/suites/")}
    assert {path.stem for path in SUITES.glob("*.yaml")} - named == set()


def _names(path: Path) -> set[str]:
    if path.suffix == ".yaml":
        return {case.name for case in load_suite(path.stem).cases}
    if path.suffix == ".txt":
        return {case.title for case in load() if case.file == path.stem}
    return set(re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
