"""Uploads: files in their places, and whatever does not fit refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from gateway.edge.app import GatewayApp
from tests.gateway.edge.graph import Subgraph, client, parts

_QUERY = "mutation ($file: Upload!, $files: [Upload!]) { upload(file: $file, files: $files) }"
_PREFLIGHT = {"apollo-require-preflight": "1"}


def _form(places: Any, *files: tuple[str, bytes], variables: Any = None) -> dict[str, Any]:
    operations = {"query": _QUERY, "variables": variables or {"file": None}}
    form: dict[str, Any] = {"operations": (None, json.dumps(operations)), "map": (None, json.dumps(places))}
    return form | {name: (f"{name}.bin", data) for name, data in files}


@pytest.mark.parametrize("size", [3, 3_000_000], ids=["in memory", "in a file"])
async def test_a_file_reaches_the_subgraph_whole(size: int) -> None:
    subgraph, data = Subgraph(), b"abc" * (size // 3)
    async with client(GatewayApp(parts(subgraph))) as asked:
        form = _form({"0": ["variables.file"]}, ("0", data))
        answer = await asked.post("/graphql", files=form, headers=_PREFLIGHT)
    assert answer.json() == {"data": {"upload": "0.bin"}}
    assert subgraph.received == [data]


async def test_many_that_come_at_once_are_each_read_whole() -> None:
    subgraph, data = Subgraph(), [bytes([n]) * 200_000 for n in range(20)]
    async with client(GatewayApp(parts(subgraph))) as asked:
        forms = [_form({"0": ["variables.file"]}, ("0", one)) for one in data]
        sending = [asked.post("/graphql", files=form, headers=_PREFLIGHT) for form in forms]
        answers = await asyncio.gather(*sending)
    assert [a.json() for a in answers] == [{"data": {"upload": "0.bin"}}] * 20
    assert sorted(subgraph.received) == data


_WRONG: dict[str, Any] = {
    "a map that names no place": {"0": []},
    "a place that is not there": {"0": ["variables.nothing"]},
    "a place twice": {"0": ["variables.file", "variables.file"]},
    "a place out of range": {"0": ["variables.files.7"]},
    "a place below zero": {"0": ["variables.files.-1"]},
    "a file that was not sent": {"1": ["variables.file"]},
    "a map that is a list": ["variables.file"],
    "a file nobody wants": {},
}


@pytest.mark.parametrize("places", _WRONG.values(), ids=_WRONG.keys())
async def test_a_map_that_does_not_fit_is_refused(places: Any) -> None:
    form = _form(places, ("0", b"abc"), variables={"file": None, "files": [None]})
    async with client() as asked:
        answer = await asked.post("/graphql", files=form, headers=_PREFLIGHT)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "BAD_MULTIPART_REQUEST",
    )


async def test_files_are_bounded_in_size_and_number() -> None:
    small = GatewayApp(parts(Subgraph(), upload_bytes=1000, upload_files=2))
    async with client(small) as asked:
        large = _form({"0": ["variables.file"]}, ("0", b"x" * 1001))
        many = _form({"0": ["variables.file"]}, ("0", b"x"), ("1", b"x"), ("2", b"x"))
        answers = [await asked.post("/graphql", files=f, headers=_PREFLIGHT) for f in (large, many)]
    assert [(a.status_code, a.json()["errors"][0]["extensions"]["code"]) for a in answers] == [
        (413, "PAYLOAD_TOO_LARGE"),
        (413, "TOO_MANY_FILES"),
    ]


async def test_a_request_that_was_not_sent_whole_is_refused() -> None:
    kind = {**_PREFLIGHT, "content-type": "multipart/form-data; boundary=b"}
    part = b'--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n'
    async with client() as asked:
        answers = [
            await asked.post("/graphql", content=content, headers=kind)
            for content in (b"", part, part[:20], b"nonsense")
        ]
    assert {a.status_code for a in answers} == {400}


@pytest.mark.parametrize("boundary", ["", "; boundary=", '; boundary=""', "; boundary=" + "b" * 5000])
async def test_a_boundary_that_is_none_is_the_clients_mistake(boundary: str) -> None:
    kind = {**_PREFLIGHT, "content-type": f"multipart/form-data{boundary}"}
    async with client() as asked:
        answer = await asked.post("/graphql", content=b"--b\r\n", headers=kind)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "BAD_MULTIPART_REQUEST",
    )
