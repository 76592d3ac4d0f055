"""Fill in what is expected of new cases, for a person to judge: ``python -m tests.conformance.composition.record``."""

from __future__ import annotations

from dataclasses import replace

from tests.conformance.composition.corpus import Case, load, write
from tests.oracle.client import Answer, Oracle

__all__ = ["main"]


def main() -> None:
    """Ask the oracle about each case that expects nothing yet, print what it says, and write it down."""
    cases = load()
    with Oracle() as oracle:
        recorded = [
            case if case.errors is not None else _record(case, oracle.compose(case.subgraphs))
            for case in cases
        ]
    write(recorded)


def _record(case: Case, theirs: Answer) -> Case:
    if theirs.crash is not None:
        print(f"{case.name}: the oracle fell over: {theirs.crash}")
        return case
    print(f"{case.name}: {sorted(theirs.codes) or 'composes'} {sorted(theirs.hint_codes)}")
    for code, message in theirs.errors:
        print(f"    {code}: {message.splitlines()[0][:200]}")
    return replace(case, errors=tuple(sorted(theirs.codes)), hints=tuple(sorted(theirs.hint_codes)))


if __name__ == "__main__":
    main()
