"""What a request may cost: refused with a code, before it costs."""

from __future__ import annotations

import time

import pytest

from gateway.config import GatewaySettings
from tests.gateway.edge.graph import app, client


def _fragments(levels: int) -> str:
    spread = " ".join(
        f"fragment f{n} on Thing {{ thing {{ ...f{n - 1} }} things {{ ...f{n - 1} }} }}"
        for n in range(1, levels + 1)
    )
    return f"{{ thing {{ ...f{levels} }} }} {spread} fragment f0 on Thing {{ id }}"


def _cycle(length: int) -> str:
    """Fragments that spread each other in a circle, each with many fields to look at."""
    fields = " ".join(f"a{n}" for n in range(10_000))
    around = " ".join(f"fragment f{n} on Thing {{ ...f{(n + 1) % length} }}" for n in range(1, length))
    return f"{{ thing {{ ...f0 }} }} fragment f0 on Thing {{ thing {{ ...f0 }} things {{ ...f1 }} {fields} }} {around}"


_REFUSED = {
    "a hundred aliases": ("TOO_MANY_ALIASES", "{" + " ".join(f"a{n}: hello" for n in range(100)) + "}"),
    "a hundred aliased calls": (
        "TOO_MANY_ALIASES",
        "{" + " ".join(f'a{n}: hello(name: "{n}")' for n in range(100)) + "}",
    ),
    "one name in a hundred ways": (
        "TOO_MANY_SELECTIONS",
        "{" + " ".join(f'hello(name: "{n}")' for n in range(100)) + "}",
    ),
    "two hundred levels": ("GRAPHQL_PARSE_FAILED", "{" + "thing{" * 200 + "id" + "}" * 201),
    "introspection nested 24 deep": (
        "INTROSPECTION_TOO_DEEP",
        "{__schema{types{" + "fields{type{" * 12 + "name" + "}}" * 12 + "}}}",
    ),
    "fragments that multiply": ("TOO_COMPLEX", _fragments(13)),
    "a hundred root fields": (
        "TOO_MANY_ROOT_FIELDS",
        "{" + " ".join(f"f{n}" for n in range(100)) + "}",
    ),
    "ten thousand ways": (
        "TOO_MANY_SELECTIONS",
        "{" + " ".join(f"hello(n:{n})" for n in range(8_000)) + "}",
    ),
    "ways in a fragment that nobody uses": (
        "GRAPHQL_VALIDATION_FAILED",
        "{hello} fragment f on Query {" + " ".join(f"hello(n:{n})" for n in range(8_000)) + "}",
    ),
    "fragments in a small circle": ("GRAPHQL_VALIDATION_FAILED", _cycle(2)),
    "fragments in a large circle": ("GRAPHQL_VALIDATION_FAILED", _cycle(3_000)),
    "a long chain of fragments": (
        "TOO_COMPLEX",
        "{...f0}"
        + "".join(f"fragment f{n} on Query{{...f{n + 1}}}" for n in range(3_000))
        + "fragment f3000 on Query{hello}",
    ),
    "fragments by the thousand in one place": (
        "TOO_COMPLEX",
        "{thing{"
        + " ".join(f"...f{n}" for n in range(4_000))
        + "}}"
        + "".join(f"fragment f{n} on Thing{{a{n}}}" for n in range(4_000)),
    ),
    "equal selections that look different": (
        "TOO_COMPLEX",
        "{"
        + " ".join("thing{" + " " * k + " ".join(f"a{n}" for n in range(280)) + "}" for k in range(49))
        + "}",
    ),
    "lists in lists": ("GRAPHQL_PARSE_FAILED", "{hello(name:" + "[" * 5_000 + "]" * 5_000 + ")}"),
    "a string that does not end": ("GRAPHQL_PARSE_FAILED", '{hello "' + '\\"' * 400_000 + "}"),
    "a name without end": ("GRAPHQL_VALIDATION_FAILED", "{" + "a" * 1_000_000 + "}"),
    "more tokens than a document has": ("GRAPHQL_PARSE_FAILED", "{" + "hello " * 70_000 + "}"),
}


@pytest.mark.parametrize(("code", "query"), _REFUSED.values(), ids=_REFUSED.keys())
async def test_it_is_refused(code: str, query: str) -> None:
    served = app()
    began = time.process_time()
    async with client(served) as asked:
        answer = await asked.post("/graphql", json={"query": query})
    assert [e["extensions"]["code"] for e in answer.json()["errors"]] == [code]
    assert len(answer.content) < 3_000, "what was sent is not sent back"
    assert time.process_time() - began < 30, "bounded; what is not takes minutes"


@pytest.mark.parametrize("field", ["hello", "thing { id name }"])
async def test_ten_thousand_equal_fields_are_one(field: str) -> None:
    began = time.process_time()
    async with client() as asked:
        answer = (await asked.post("/graphql", json={"query": "{" + f"{field} " * 10_000 + "}"})).json()
    assert "errors" not in answer
    assert time.process_time() - began < 60, "not quadratic: that would be minutes"


async def test_texts_that_only_look_like_aliases_are_none() -> None:
    looks = " ".join(f"a{n}: b(" for n in range(200))
    block = f'"""{looks} \\\\\\""" {looks} \\"""'
    query = f'query q {{ hello(name: "{looks}") }} # {looks}\nquery r {{ hello(name: {block}""") }}'
    async with client() as asked:
        body = {"query": query, "operationName": "q"}
        assert "errors" not in (await asked.post("/graphql", json=body)).json()


async def test_a_body_that_is_too_large_is_refused_whatever_it_says_of_its_length() -> None:
    body = b'{"query": "{ hello }", "variables": {"a": "' + b"x" * 10_000_000 + b'"}}'

    async def dripping() -> object:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    kind = {"content-type": "application/json"}
    async with client() as asked:
        stated = await asked.post("/graphql", content=body, headers=kind)
        unstated = await asked.post("/graphql", content=dripping(), headers=kind)  # type: ignore[arg-type]
    for answer in (stated, unstated):
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
            413,
            "PAYLOAD_TOO_LARGE",
        )


async def test_too_many_requests_of_one_address_are_429_and_a_forged_header_is_no_way_out() -> None:
    served = app(GatewaySettings(limit_loopback=True), requests_per_second=0.001, burst=3)
    async with client(served, "203.0.113.9") as asked:
        statuses = []
        for n in range(5):
            forged = {"x-forwarded-for": f"198.51.100.{n}"}
            answer = await asked.post("/graphql", json={"query": "{ hello }"}, headers=forged)
            statuses.append((answer.status_code, "retry-after" in answer.headers))
    assert statuses == [(200, False)] * 3 + [(429, True)] * 2
    async with client(served, "203.0.113.10") as asked:
        assert (await asked.post("/graphql", json={"query": "{ hello }"})).status_code == 200


async def test_a_trusted_proxy_says_who_the_client_is() -> None:
    settings = GatewaySettings(limit_loopback=True, trusted_proxies=("10.0.0.0/8",))
    served = app(settings, requests_per_second=0.001, burst=1)
    async with client(served, "10.1.2.3") as asked:
        statuses = []
        for hops in (
            "198.51.100.1",
            "198.51.100.2",
            "6.6.6.6, 198.51.100.1",
            "6.6.6.6, 198.51.100.1, 10.9.9.9",
        ):
            headers = {"x-forwarded-for": hops}
            statuses.append(
                (await asked.post("/graphql", json={"query": "{ hello }"}, headers=headers)).status_code
            )
    assert statuses == [200, 200, 429, 429]


async def test_a_batch_counts_as_what_it_holds() -> None:
    served = app(GatewaySettings(limit_loopback=True), requests_per_second=0.001, burst=10)
    async with client(served, "203.0.113.9") as asked:
        batches = [await asked.post("/graphql", json=[{"query": "{ hello }"}] * 5) for _ in range(3)]
    assert [b.status_code for b in batches] == [200, 200, 429]


async def test_an_ipv6_client_has_one_limit_for_all_its_addresses() -> None:
    served = app(GatewaySettings(limit_loopback=True), requests_per_second=0.001, burst=2)
    statuses = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::3"):
        async with client(served, address) as asked:
            statuses.append((await asked.post("/graphql", json={"query": "{ hello }"})).status_code)
    assert statuses == [200, 200, 429, 200]


async def test_a_gateway_without_limits_answers_what_they_would_refuse() -> None:
    _, query = _REFUSED["a hundred aliases"]
    async with client(app(GatewaySettings(limits=False), requests_per_second=0.1, burst=1)) as asked:
        answers = [await asked.post("/graphql", json={"query": query}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert set(answers[0].json()["data"]) == {f"a{n}" for n in range(100)}
