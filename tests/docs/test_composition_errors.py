"""Every code of composition is in the catalogue, on its page, and shown by a set of subgraphs."""

from __future__ import annotations

from graphql import DirectiveLocation

from gateway.composition.catalogue import CATALOGUE
from scripts.composition_errors import PAGE, constants, page, raised_in, sources
from tests.conformance.composition.corpus import load

_ERRORS = {entry.code for entry in CATALOGUE if entry.level == "ERROR"}
_HINTS = {entry.code for entry in CATALOGUE if entry.level != "ERROR"}


def test_the_page_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text() == page(), "run scripts/composition_errors.py"


def test_each_code_has_a_set_that_raises_it_or_a_reason_why_none_can() -> None:
    cases = load()
    raised = {("ERROR", code) for case in cases for code in case.errors or ()}
    raised |= {("HINT", code) for case in cases for code in case.hints}
    silent = {
        entry.code
        for entry in CATALOGUE
        if not entry.never and ("ERROR" if entry.level == "ERROR" else "HINT", entry.code) not in raised
    }
    assert silent == set()
    assert {code for kind, code in raised if kind == "ERROR"} <= _ERRORS
    assert {code for kind, code in raised if kind == "HINT"} <= _HINTS


def test_what_looks_like_a_code_in_the_sources_is_one() -> None:
    known = _ERRORS | _HINTS
    others = {location.name for location in DirectiveLocation}
    found = {word for path in sources() for word in constants(path)}
    parts = {word for word in found if any(c.startswith(word) or c.endswith(word) for c in known)}
    assert found - known - others - parts == set()


def test_each_code_is_raised_somewhere_or_never() -> None:
    words = {path: set(constants(path)) for path in sources()}
    assert {
        entry.code for entry in CATALOGUE if not entry.never and not raised_in(entry.code, words)
    } == set()
