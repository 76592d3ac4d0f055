"""A subgraph in the same process."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

import pytest
from starlette.datastructures import UploadFile

from gateway.transport import LocalTransport, SubgraphAnswer, SubgraphRequest, SubgraphUnavailable


class _Subgraph:
    def __init__(self, *answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[Any, ...]] = []
        self.closed = False

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        self.asked.append((query, variables, operation_name, headers))
        answer: dict[str, Any] = self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def subscribe(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> AsyncIterator[dict[str, Any]]:
        try:
            for answer in self.answers:
                if isinstance(answer, Exception):
                    raise answer
                yield answer
        finally:
            self.closed = True


async def test_the_request_is_handed_over_as_it_is_uploads_too() -> None:
    file = UploadFile(None)  # type: ignore[arg-type] # nobody reads it
    subgraph = _Subgraph({"data": {"a": 1}, "errors": [{"message": "m"}], "extensions": {"x": 1}})
    transport = LocalTransport("books", subgraph)
    request = SubgraphRequest(
        "mutation Q { a }", {"file": file}, "Q", "mutation", {"authorization": "Bearer t"}
    )
    assert await transport.execute(request) == SubgraphAnswer({"a": 1}, [{"message": "m"}], {"x": 1})
    await transport.close()
    assert subgraph.asked == [("mutation Q { a }", {"file": file}, "Q", {"authorization": "Bearer t"})]


@pytest.mark.parametrize(
    "answer", [{}, {"data": None}, {"data": []}, {"errors": "x"}, None, RuntimeError("secret")]
)
async def test_what_is_no_answer_makes_the_subgraph_unavailable(answer: Any) -> None:
    with pytest.raises(SubgraphUnavailable) as failed:
        await LocalTransport("books", _Subgraph(answer)).execute(SubgraphRequest("{ a }"))
    assert failed.value.subgraph == "books"
    assert "secret" not in str(failed.value)


async def test_events_come_one_by_one_and_closing_ends_them_at_the_subgraph() -> None:
    subgraph = _Subgraph({"data": {"a": 1}}, {"data": {"a": 2}})
    events = LocalTransport("books", subgraph).subscribe(SubgraphRequest("subscription { a }"))
    assert isinstance(events, AsyncGenerator)
    assert await anext(events) == SubgraphAnswer({"a": 1}, [], None)
    await events.aclose()
    assert subgraph.closed


async def test_a_subscription_that_fails_makes_the_subgraph_unavailable() -> None:
    events = LocalTransport("books", _Subgraph({"data": {"a": 1}}, RuntimeError("x"))).subscribe(
        SubgraphRequest("subscription { a }")
    )
    assert (await anext(aiter(events))).data == {"a": 1}
    with pytest.raises(SubgraphUnavailable):
        await anext(aiter(events))
