"""The Ingress of production on a real nginx, in front of the product in eight processes."""

from __future__ import annotations

import json
import re
import socket
import ssl
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from websockets.sync.client import connect

from tests.end_to_end.product import Product, start_product
from tests.infra.kubernetes.manifests import FOLDER, build, named
from tests.infra.proxy.authority import Certificates, issue
from tests.infra.proxy.nginx import Nginx, Place, render, running
from tests.ports import free_ports

pytestmark = [pytest.mark.debian("nginx"), pytest.mark.slow]

_HOST = "connect.example.org"
_BALANCER = "127.0.0.9"
_INGRESS = named(build(FOLDER / "overlays" / "production-ingress-nginx"), "Ingress")["lets-connect"]
_PATHS = [(p["pathType"], p["path"]) for p in _INGRESS["spec"]["rules"][0]["http"]["paths"]]


@dataclass(frozen=True)
class _Front:
    """The way in, as clients see it."""

    product: Product
    nginx: Nginx
    place: Place
    trust: ssl.SSLContext

    def client(self, address: str = "127.0.0.2") -> httpx.Client:
        """A client from this address."""
        transport = httpx.HTTPTransport(verify=self.trust, local_address=address)
        return httpx.Client(base_url=f"https://127.0.0.1:{self.place.https}", transport=transport, timeout=60)

    def ask(self, method: str, path: str, address: str = "127.0.0.2", **given: Any) -> httpx.Response:
        headers = {"host": _HOST, **given.pop("headers", {})}
        with self.client(address) as client:
            return client.request(method, path, headers=headers, extensions={"sni_hostname": _HOST}, **given)

    def burst(self, address: str, forwarded: Sequence[str | None]) -> list[tuple[int, str | None]]:
        """Status and Retry-After of as many requests, sent at once on one connection."""
        raw = socket.create_connection(("127.0.0.1", self.place.https), source_address=(address, 0))
        with self.trust.wrap_socket(raw, server_hostname=_HOST) as connection:
            requests = "".join(_request(one, last=n == len(forwarded) - 1) for n, one in enumerate(forwarded))
            connection.sendall(requests.encode())
            answers = b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode()
        heads = re.findall(r"HTTP/1\.1 (\d+).*?\r\n(.*?)\r\n\r\n", answers, re.DOTALL)
        later = [re.search(r"(?im)^retry-after: (\d+)", head) for _, head in heads]
        return [(int(s), found and found[1]) for (s, _), found in zip(heads, later, strict=True)]


def _request(forwarded_for: str | None, *, last: bool) -> str:
    lines = ["GET /health/live HTTP/1.1", f"host: {_HOST}"]
    lines += [f"x-forwarded-for: {forwarded_for}"] if forwarded_for else []
    lines += ["connection: close"] if last else []
    return "\r\n".join([*lines, "", ""])


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Front]:
    folder = tmp_path_factory.mktemp("front")
    product = start_product(
        folder / "home",
        "--split",
        LETS_CONNECT_DEMO="false",
        LETS_CONNECT_FORWARDED_ALLOW_IPS=f"127.0.0.1,{_BALANCER}",
        LETS_CONNECT_GATEWAY_METRICS="false",
    )
    certificates = issue(_HOST, folder)
    place = _place(folder, product, certificates)
    try:
        with running(folder, _configuration(place)) as nginx:
            trust = ssl.create_default_context(cafile=str(certificates.authority))
            yield _Front(product, nginx, place, trust)
    finally:
        product.stop()


def _place(folder: Path, product: Product, certificates: Certificates) -> Place:
    http = free_ports(2)
    gateway = f"127.0.0.1:{product.port}"
    files = (certificates.certificate, certificates.key)
    return Place(folder, http, http + 1, gateway, f"{_BALANCER}/32", *files)


def _configuration(place: Place) -> str:
    cluster = list(yaml.safe_load_all((FOLDER / "cluster" / "ingress-nginx" / "controller.yaml").read_text()))
    return render(_INGRESS, cluster[0]["data"], cluster[1]["data"], place)


@pytest.fixture(scope="module")
def token(front: _Front) -> str:
    made = front.product.post(
        """mutation { register(input: {handle: "mira", displayName: "Mira", email: "m@example.org",
             password: "correct horse battery"}) { session { accessToken } userErrors { code } } }"""
    )
    return str(made["data"]["register"]["session"]["accessToken"])


def test_each_path_of_the_list_leads_to_what_is_there(front: _Front) -> None:
    statuses = {path: front.ask("GET", path).status_code for _, path in _PATHS}
    expected = dict.fromkeys(statuses, 200) | {
        "/graphql": 400,  # GET without a query
        "/upload": 405,
        "/uploads": 405,
        "/api/media/upload": 405,
    }
    assert statuses == expected


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/api",
        "/api/users",
        "/api/users/graphql",
        "/api/users/metrics",
        "/api/users/health/",
        "/api/users/../content/graphql",
        "/api/media/images/x/large.webp",
        "/api/media/upload/more",
        "/api/nobody/health",
        "/graphql/schema",
        "/.env",
    ],
)
def test_a_path_outside_the_list_is_not_found(front: _Front, path: str) -> None:
    assert front.ask("GET", path).status_code == 404


def test_http_leads_to_https_and_stays_there(front: _Front) -> None:
    answer = httpx.get(f"http://127.0.0.1:{front.place.http}/media?x=1", headers={"host": _HOST})
    assert (answer.status_code, answer.headers["location"]) == (
        308,
        f"https://{_HOST}:{front.place.https}/media?x=1",
    )
    hsts = front.ask("GET", "/").headers["strict-transport-security"]
    assert hsts == "max-age=31536000; includeSubDomains"


def test_a_certificate_of_somebody_else_is_not_believed(front: _Front) -> None:
    with httpx.Client() as client, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        client.get(
            f"https://127.0.0.1:{front.place.https}/",
            headers={"host": _HOST},
            extensions={"sni_hostname": _HOST},
        )


def test_origins_of_the_list_may_ask_with_credentials_and_no_others(front: _Front) -> None:
    allowed = ["https://connect.example.org", "https://studio.example.org"]
    for origin in [*allowed, "https://evil.example", "https://connect.example.org.evil.example", "null"]:
        preflight = front.ask(
            "OPTIONS", "/graphql", headers={"origin": origin, "access-control-request-method": "POST"}
        )
        asked = front.ask("POST", "/graphql", headers={"origin": origin}, json={"query": "{ __typename }"})
        seen = [a.headers.get("access-control-allow-origin") for a in (preflight, asked)]
        assert seen == ([origin] * 2 if origin in allowed else [None] * 2)
        assert (preflight.status_code, asked.status_code) == (204, 200)


def test_above_the_rate_a_client_is_told_when_to_come_again_and_below_it_never(front: _Front) -> None:
    above = front.burst("127.0.0.3", [None] * 900)
    assert set(above) == {(200, None), (429, "1")}
    assert sum(status == 200 for status, _ in above) >= 300
    assert set(front.burst("127.0.0.4", [None] * 250)) == {(200, None)}


def test_a_forged_address_escapes_no_limit(front: _Front) -> None:
    forged = [f"203.0.113.{n % 250}, 198.51.100.{n % 249}" for n in range(900)]
    assert (429, "1") in front.burst("127.0.0.5", forged)


def test_behind_the_load_balancer_each_client_is_counted_for_itself(front: _Front) -> None:
    one = front.burst(_BALANCER, ["203.0.113.7"] * 900)
    assert (429, "1") in one
    many = front.burst(_BALANCER, [f"198.51.{n // 250}.{n % 250}" for n in range(900)])
    assert set(many) == {(200, None)}


def test_the_gateway_counts_by_the_address_that_the_proxies_give(front: _Front) -> None:
    """Wrong passwords are limited per account and address; a client's own header is none of theirs."""
    query = """mutation { login(input: {login: "nobody", password: "wrong"}) { userErrors { code } } }"""
    forged = {"x-forwarded-for": "203.0.113.99"}
    codes = [
        front.ask("POST", "/graphql", "127.0.0.6", headers=forged, json={"query": query}).text
        for _ in range(22)
    ]
    assert ["RATE_LIMITED" in code for code in codes] == [False] * 20 + [True] * 2


def test_subscriptions_come_through_as_they_happen(front: _Front, token: str) -> None:
    bearer = {"authorization": f"Bearer {token}"}
    with connect(
        f"wss://{_HOST}:{front.place.https}/graphql",
        sock=socket.create_connection(("127.0.0.1", front.place.https)),
        ssl=front.trust,
        server_hostname=_HOST,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item] # a NewType of str
    ) as web_socket:
        web_socket.send(
            json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}})
        )
        assert json.loads(web_socket.recv(10))["type"] == "connection_ack"
        query = "subscription { feedUpdated { body } }"
        web_socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        told = None
        for number in range(100):  # until the subscription has begun, which says nothing itself
            create = f'mutation {{ createPost(input: {{body: "{number}", visibility: PUBLIC}}) {{ post {{ id }} }} }}'
            assert front.ask("POST", "/graphql", headers=bearer, json={"query": create}).status_code == 200
            try:
                told = json.loads(web_socket.recv(0.2))
                break
            except TimeoutError:
                continue
    assert told is not None
    assert told["payload"]["data"]["feedUpdated"]["body"].isdecimal()


def test_an_upload_of_100_megabytes_is_passed_on_as_it_comes(front: _Front, token: str) -> None:
    picture = _png(5000, 4990)
    assert 99_000_000 < len(picture) < 101_000_000
    answer = front.ask(
        "POST",
        "/upload",
        headers={"authorization": f"Bearer {token}"},
        files={"file": ("large.png", picture, "image/png")},
        data={"visibility": "public"},
    )
    assert answer.status_code in (200, 201), answer.text
    assert answer.json()["metadata"] | {"bytes": 0} == {
        "width": 5000,
        "height": 4990,
        "format": "png",
        "bytes": 0,
    }
    written = [
        line for line in (front.nginx.folder / "error.log").read_text().splitlines() if "buffered" in line
    ]
    assert (written, list((front.nginx.folder / "bodies").iterdir())) == ([], [])


def test_an_upload_of_more_than_is_taken_is_refused_at_the_door(front: _Front, token: str) -> None:
    head = [
        "POST /upload HTTP/1.1",
        f"host: {_HOST}",
        f"authorization: Bearer {token}",
        f"content-length: {200 << 20}",
        "content-type: multipart/form-data; boundary=x",
    ]
    raw = socket.create_connection(("127.0.0.1", front.place.https))
    with front.trust.wrap_socket(raw, server_hostname=_HOST) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 413 ")


def _png(width: int, height: int) -> bytes:
    """A plain picture of RGBA pixels, stored without compression: about four bytes each."""
    row = b"\0" + bytes(range(256)) * (width * 4 // 256) + bytes(width * 4 % 256)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)),
            (b"IDAT", zlib.compress(row * height, 0)),
            (b"IEND", b""),
        )
    )
