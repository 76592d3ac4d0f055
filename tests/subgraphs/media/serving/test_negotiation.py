"""What a client asks of a picture beside its address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.media.serving.negotiation import Unsatisfiable, Wanted, holds, negotiate, part

_ETAG = '"abc"'


@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("image/avif,image/webp,*/*", "webp"),
        ("image/avif,image/webp;q=0.8", "avif"),
        ("image/png,image/*;q=0.5", "png"),
        ("image/webp;q=0,*/*", "jpeg"),
        ("image/webp;q=0.5;level=1, image/jpeg", "jpeg"),
        ("image/jpeg;Q=0.1, image/png;q=0.2", "png"),
        ("image/webp;q=nan, image/png;q=0.1", "png"),
        ("image/webp;q=7", "jpeg"),
        ("IMAGE/WEBP", "webp"),
        ("", "webp"),
        (" , ", "webp"),
        ("text/html", "jpeg"),
        ("*/*;q=0", "jpeg"),
    ],
)
def test_the_format_goes_by_the_clients_wishes(accept: str, format_: str) -> None:
    assert negotiate(accept) == format_


@given(st.text(max_size=60))
def test_whatever_is_sent_there_is_a_format(accept: str) -> None:
    assert negotiate(accept) in {"webp", "avif", "jpeg", "png"}


@pytest.mark.parametrize(
    ("range_", "if_range", "expected"),
    [
        ("bytes=0-0", "", (0, 1)),
        ("bytes=2-", "", (2, 10)),
        ("bytes=-3", "", (7, 10)),
        ("bytes=-30", "", (0, 10)),
        ("bytes=4-99", "", (4, 10)),
        ("bytes=4-99", _ETAG, (4, 10)),
        ("bytes=4-99", '"another"', None),
        ("bytes=4-99", f"W/{_ETAG}", None),
        ("bytes=4-99", "Fri, 27 Nov 2026 00:00:00 GMT", None),
        ("bytes=0-1,3-4", "", None),
        ("bytes=5-4", "", None),
        ("bytes=-", "", None),
        ("bytes=a-b", "", None),
        ("lines=0-1", "", None),
        ("", "", None),
    ],
)
def test_one_range_is_a_part_and_anything_else_the_whole(
    range_: str, if_range: str, expected: tuple[int, int] | None
) -> None:
    assert part(Wanted(range=range_, if_range=if_range), _ETAG, 10) == expected


@pytest.mark.parametrize("range_", ["bytes=10-", "bytes=11-12", "bytes=-0"])
def test_a_range_outside_cannot_be_had(range_: str) -> None:
    with pytest.raises(Unsatisfiable):
        part(Wanted(range=range_), _ETAG, 10)


@given(st.integers(1, 1000), st.integers(0, 1100), st.integers(0, 1100))
def test_a_part_lies_within_the_whole(size: int, first: int, last: int) -> None:
    try:
        found = part(Wanted(range=f"bytes={first}-{last}"), _ETAG, size)
    except Unsatisfiable:
        assert first >= size
    else:
        assert found is None or 0 <= found[0] < found[1] <= size


@pytest.mark.parametrize(
    ("header", "held"),
    [(_ETAG, True), (f"W/{_ETAG}", True), (f'"x", {_ETAG}', True), ("*", True), ('"x"', False), ("", False)],
)
def test_who_has_it_is_told_so(header: str, held: bool) -> None:
    assert holds(header, _ETAG) is held


def test_a_header_sent_twice_is_one_list() -> None:
    headers = [(b"accept", b"text/html"), (b"host", b"x"), (b"accept", b"image/png")]
    assert Wanted.read(headers) == Wanted(accept="text/html,image/png")
