"""The product's gateway before its services: some away, some slow."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.telemetry.metrics import GatewayMetrics
from infra.product import open_gateway, services_away
from infra.settings import Settings
from infra.telemetry import SILENT
from subgraphs.kit.errors import Unavailable


async def _well() -> None:
    return None


async def _ill() -> None:
    raise Unavailable("database")


async def test_one_service_away_takes_its_own_fields_from_clients_and_not_the_graph() -> None:
    assert await services_away({"user": _well(), "shop": _ill(), "ai": _well()}) == ["shop"]


async def test_with_every_service_away_the_gateway_is_not_ready() -> None:
    with pytest.raises(Unavailable, match="The database cannot be reached"):
        await services_away({"user": _ill(), "shop": _ill()})


async def test_as_many_uploads_as_are_let_in_or_wait_have_connections_and_keep_none_from_pictures(
    tmp_path: Path,
) -> None:
    waiting, ended = asyncio.Semaphore(0), asyncio.Event()

    async def media(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readuntil(b"\r\n\r\n")).startswith(b"POST /upload "):
            waiting.release()
            await ended.wait()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
        writer.close()

    async with await asyncio.start_server(media, "127.0.0.1", 0) as server:
        origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        supergraph = tmp_path / "supergraph.graphql"
        composed = compose_from_sdls([("media", f"{origin}/graphql", "type Query { a: Int }")])
        supergraph.write_text(composed.supergraph_sdl)
        given = {"LETS_CONNECT_HOME": str(tmp_path), "LETS_CONNECT_SUPERGRAPH": str(supergraph)}
        settings = Settings.from_environment(given)
        metrics = GatewayMetrics(CollectorRegistry())
        async with (
            open_gateway(settings, {"media": f"{origin}/graphql"}, metrics, SILENT) as app,
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client,
        ):
            most = settings.storage.uploads_at_once + settings.storage.uploads_waiting
            uploads = [asyncio.create_task(client.post("/upload", content=b"x")) for _ in range(most)]
            for _ in uploads:
                await waiting.acquire()
            picture = await client.get("/images/a/small.webp")
            ended.set()
            answers = [(await upload).status_code for upload in uploads]
    assert (picture.text, answers) == ("ok", [200] * most)
