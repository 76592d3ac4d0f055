"""The image of the gateway with the web app: each step of its Dockerfile carried out, and what comes out of it, serving."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.infra.docker.rootfs import Root, can_build
from tests.infra.kubernetes.manifests import FOLDER
from tests.ports import free_ports

_SETTINGS = FOLDER / "base" / "gateway" / "settings.env"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_build(), reason="needs root (unshare, mount, chroot)"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node"),
]


@pytest.fixture(scope="module")
def served(web_image: Root) -> Iterator[httpx.Client]:
    """The image's own gateway, as nobody on a root that cannot be written, told what its pods are."""
    port = free_ports(2)
    lines = [line for line in _SETTINGS.read_text().splitlines() if not line.startswith("#")]
    told = dict(line.split("=", 1) for line in lines) | {
        "LETS_CONNECT_HOME": "/tmp/home",  # noqa: S108 - the root's own
        "LETS_CONNECT_METRICS_PORT": str(port + 1),
    }
    command = [*web_image.entrypoint, "up", "--gateway-only", "--port", str(port)]
    process = subprocess.Popen(
        web_image.inside(command, user=web_image.user),
        env={**web_image.told, **told},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            while not _answers(client):
                assert process.poll() is None, process.stderr and process.stderr.read()[-2000:]
            yield client
    finally:
        process.terminate()
        process.wait(60)
        if process.stderr is not None:
            process.stderr.close()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health/live").status_code == 200
    except httpx.TransportError:
        return False


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_it_adds_the_built_pages_to_the_other_image_and_nothing_else(image: Root, web_image: Root) -> None:
    assert (web_image.user, web_image.entrypoint) == (image.user, image.entrypoint)
    added = _files(web_image.path / "app") - _files(image.path / "app")
    built = ("web/dist/", "gateway/edge/graphiql/")
    assert {name for name in added if not name.startswith(built)} == set()
    assert {f"{folder}index.html" for folder in built} <= added
    assert not [name for name in added if re.search(r"node_modules|\.tsx?$|\.map$", name)]


def test_every_page_names_files_that_were_copied_with_it(web_image: Root) -> None:
    dist = web_image.path / "app" / "web" / "dist"
    named = re.findall(r'(?:src|href)="/([^"]+)"', (dist / "index.html").read_text())
    assert named
    assert [name for name in named if not (dist / name).is_file()] == []


def test_its_gateway_serves_the_app_compressed_beforehand_and_its_page_for_every_path(
    served: httpx.Client,
) -> None:
    page = served.get("/media")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    script = re.findall(r'src="(/assets/[^"]+\.js)"', page.text)[0]
    asked = served.get(script, headers={"accept-encoding": "br"})
    assert (asked.status_code, asked.headers["content-encoding"]) == (200, "br")
    assert asked.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_its_gateway_has_the_graph_and_is_not_ready_before_its_services_are(served: httpx.Client) -> None:
    answer = served.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert answer.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    assert served.get("/health/ready").status_code == 503
