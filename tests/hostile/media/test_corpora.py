"""Every file of other projects' corpora is a picture or a refusal with a code; the counts are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

import media_core
from tests.hostile.media.corpora import CORPORA, NotFetched, files, put_through
from tests.media_core.photographs import photograph


@pytest.mark.slow
@pytest.mark.parametrize("corpus", CORPORA)
def test_a_corpus_is_taken_or_refused_cleanly(
    corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        paths = files(corpus)
    except NotFetched as reason:
        pytest.skip(f"{corpus} cannot be had: {reason}")
    assert paths
    monkeypatch.chdir(tmp_path)
    outcome = put_through(paths)
    with capsys.disabled():
        print(f"\n{corpus}: {outcome}")
    assert outcome.faults == []
    assert list(tmp_path.iterdir()) == []
    assert media_core.process(photograph(64, 48)).metadata.width == 64
