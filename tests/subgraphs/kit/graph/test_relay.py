"""Connections: hidden rows leave no trace on a page, and no page that cannot be passed."""

from __future__ import annotations

from subgraphs.kit.graph.relay import Page, PageRequest
from subgraphs.kit.identity.secrets import Sealer

_SEALER = Sealer(b"a secret of the tests, and of nothing else", "cursor")


def _page(
    fetched: list[int], hidden: set[int], after: str | None = None
) -> tuple[list[int], str | None, bool]:
    request = PageRequest.read(_SEALER, "numbers", first=2, after=after)
    made = Page.cut(request, fetched).connection(
        request, lambda n: (n,), lambda n: None if n in hidden else str(n)
    )
    return [int(e.node or 0) for e in made.edges], made.page_info.end_cursor, made.page_info.has_next_page


def _key(cursor: str | None) -> tuple[str, ...] | None:
    return PageRequest.read(_SEALER, "numbers", first=2, after=cursor).key


def test_a_hidden_row_leaves_no_edge() -> None:
    shown, end, more = _page([1, 2], hidden={2})
    assert (shown, _key(end), more) == ([1], ("1",), False)


def test_a_list_of_nothing_but_hidden_rows_is_as_an_empty_one() -> None:
    assert _page([1], hidden={1}) == _page([], hidden=set()) == ([], None, False)


def test_a_page_of_hidden_rows_within_a_longer_list_can_be_passed() -> None:
    shown, end, more = _page([1, 2, 3], hidden={1, 2})
    assert (shown, _key(end), more) == ([], ("2",), True)


def test_a_cursor_is_made_for_who_reads_it() -> None:
    made: list[int] = []

    def key(row: int) -> tuple[int]:
        made.append(row)
        return (row,)

    request = PageRequest.read(_SEALER, "numbers", first=2, after=None)
    page = Page.cut(request, [1, 2]).connection(request, key, str)
    assert made == []
    assert [_key(edge.cursor) for edge in page.edges] == [("1",), ("2",)]
    assert page.page_info.end_cursor == page.edges[1].cursor == page.edges[1].cursor
    assert made == [1, 2, 2]
