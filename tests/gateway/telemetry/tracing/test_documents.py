"""Documents as traces may have them."""

from __future__ import annotations

from gateway.telemetry.tracing.documents import without_values


def test_values_are_left_out_and_names_stay() -> None:
    document = 'query Q($v: Int = 3) { a(text: "secret", n: 1.5, e: ON, l: ["x"], o: {k: """b"""}) @skip(if: $v) { b } } # c'
    assert without_values(document) == (
        "query Q ( $ v : Int = ? ) { a ( text : ? , n : ? , e : ON , l : [ ? ] , o : { k : ? } ) "
        "@ skip ( if : $ v ) { b } }"
    ).replace(" ,", "")


def test_a_long_document_is_cut_and_what_is_none_is_empty() -> None:
    assert 8_000 < len(without_values("{" + " field" * 10_000 + "}")) <= 8 * 1024
    assert without_values('{ a(b: "') == ""
