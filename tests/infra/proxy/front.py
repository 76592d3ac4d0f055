"""The product behind a proxy, as clients meet it."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.end_to_end.product import Product
from tests.infra.kubernetes.manifests import FOLDER, build, named
from tests.infra.proxy import envoy, envoy_process, nginx
from tests.infra.proxy.authority import issue
from tests.infra.proxy.place import Place
from tests.ports import free_ports

__all__ = ["BALANCER", "HOST", "Front", "behind_envoy", "behind_nginx"]

HOST = "connect.example.org"
BALANCER = "127.0.0.9"
"""Whom the proxies believe what it says of clients."""


@dataclass(frozen=True)
class Front:
    """A way in."""

    kind: str
    place: Place
    trust: ssl.SSLContext
    paths: Sequence[str]
    """That its rules name."""
    network: str
    """Where its clients come from, so that none is counted at two ways in."""
    at_once: int
    """Requests of one client that are let through without a pause."""
    redirect: tuple[int, str]
    """From HTTP: the status, and the origin it leads to."""
    held: Callable[[], Sequence[str]]
    """What the proxy has kept of requests' bodies instead of passing them on as they came."""

    def client(self, host: int = 2) -> str:
        """The address of one."""
        return f"{self.network}.{host}"

    def ask(self, method: str, path: str, address: str | None = None, **given: Any) -> httpx.Response:
        headers = {"host": HOST, **given.pop("headers", {})}
        transport = httpx.HTTPTransport(verify=self.trust, local_address=address or self.client())
        with httpx.Client(
            base_url=f"https://127.0.0.1:{self.place.https}", transport=transport, timeout=60
        ) as client:
            return client.request(method, path, headers=headers, extensions={"sni_hostname": HOST}, **given)

    def connection(self, address: str | None = None) -> ssl.SSLSocket:
        """A plain one, to say anything on."""
        raw = socket.create_connection(
            ("127.0.0.1", self.place.https), source_address=(address or self.client(), 0)
        )
        return self.trust.wrap_socket(raw, server_hostname=HOST)

    def burst(self, address: str, forwarded: Sequence[str | None]) -> list[tuple[int, str | None]]:
        """Status and Retry-After of as many requests, sent at once on one connection."""
        with self.connection(address) as connection:
            requests = "".join(_request(one, last=n == len(forwarded) - 1) for n, one in enumerate(forwarded))
            connection.sendall(requests.encode())
            answers = b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode()
        heads = re.findall(r"HTTP/1\.1 (\d+).*?\r\n(.*?)\r\n\r\n", answers, re.DOTALL)
        later = [re.search(r"(?im)^retry-after: (\d+)", head) for _, head in heads]
        return [(int(s), found and found[1]) for (s, _), found in zip(heads, later, strict=True)]


def _request(forwarded_for: str | None, *, last: bool) -> str:
    lines = ["GET /health/live HTTP/1.1", f"host: {HOST}"]
    lines += [f"x-forwarded-for: {forwarded_for}"] if forwarded_for else []
    lines += ["connection: close"] if last else []
    return "\r\n".join([*lines, "", ""])


@contextlib.contextmanager
def behind_nginx(product: Product, folder: Path) -> Iterator[Front]:
    """By the Ingress of production."""
    place, trust = _place(product, folder)
    ingress = named(build(FOLDER / "overlays" / "production-ingress-nginx"), "Ingress")["lets-connect"]
    cluster = list(yaml.safe_load_all((FOLDER / "cluster" / "ingress-nginx" / "controller.yaml").read_text()))

    def held() -> list[str]:
        log = (folder / "error.log").read_text().splitlines()
        return [line for line in log if "buffered" in line] + [str(p) for p in (folder / "bodies").iterdir()]

    with nginx.running(folder, nginx.render(ingress, cluster[0]["data"], cluster[1]["data"], place)):
        yield Front(
            kind="nginx",
            place=place,
            trust=trust,
            paths=[path["path"] for path in ingress["spec"]["rules"][0]["http"]["paths"]],
            network="127.0.0",
            at_once=300,
            redirect=(308, f"https://{HOST}:{place.https}"),
            held=held,
        )


@contextlib.contextmanager
def behind_envoy(product: Product, folder: Path) -> Iterator[Front]:
    """By the Gateway, routes and policies of production."""
    place, trust = _place(product, folder)
    documents = build(FOLDER / "overlays" / "production")
    rules = named(documents, "HTTPRoute")["lets-connect"]["spec"]["rules"]
    with envoy_process.running(folder, envoy.render(documents, place)) as pid:
        began = _most_memory(pid)

        def held() -> list[str]:
            more = _most_memory(pid) - began
            return [f"{more >> 20} MiB of memory"] if more > 32 << 20 else []

        yield Front(
            kind="envoy",
            place=place,
            trust=trust,
            paths=[match["path"]["value"] for rule in rules for match in rule["matches"]],
            network="127.0.1",
            at_once=100,
            redirect=(301, f"https://{HOST}"),
            held=held,
        )


def _place(product: Product, folder: Path) -> tuple[Place, ssl.SSLContext]:
    folder.mkdir()
    certificates = issue(HOST, folder)
    http = free_ports(2)
    files = (certificates.certificate, certificates.key)
    place = Place(folder, http, http + 1, f"127.0.0.1:{product.port}", f"{BALANCER}/32", *files)
    return place, ssl.create_default_context(cafile=str(certificates.authority))


def _most_memory(pid: int) -> int:
    """Bytes that a process has had at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))
