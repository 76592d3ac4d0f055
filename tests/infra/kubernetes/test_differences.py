"""Overlays differ in what has been read and found right, and in nothing else."""

from __future__ import annotations

import pytest

from tests.infra.kubernetes.differences import REVIEWED, difference, reviewed


@pytest.mark.parametrize("overlay", REVIEWED)
def test_an_overlay_differs_in_what_was_reviewed(overlay: str) -> None:
    found = difference(overlay)
    print(found)
    assert found == reviewed(overlay).read_text(), (
        "read the difference; where it is right: python -m tests.infra.kubernetes.differences"
    )
