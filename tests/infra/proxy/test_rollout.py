"""A rollout under load, on processes: old and new side by side behind a real proxy, a migration between."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from infra.domains import DOMAINS
from infra.local import LocalServers
from infra.migrate import migrate
from infra.product import compose_domains
from infra.servers import Servers
from infra.subgraphs import load_domains
from tests.end_to_end.product import ROOT
from tests.infra.proxy.nginx import Nginx, running
from tests.ports import free_ports

pytestmark = [pytest.mark.debian("nginx"), pytest.mark.slow]

_ROLLED = ("user", "content", "gateway")
"""The order of a rollout: subgraphs, then the gateway with the graph they serve."""
_MIGRATION = '''
"""A column that the version before knows nothing of."""
from alembic import op
revision, down_revision = "9999", {head!r}
def upgrade():
    op.execute("ALTER TABLE posts ADD COLUMN rolled_out timestamptz")
    op.execute("UPDATE posts SET rolled_out = now()")
'''


@dataclass
class _Version:
    """The product's code in a folder, and its processes."""

    name: str
    folder: Path
    home: Path
    log: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "infra", *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        given = {k: v for k, v in os.environ.items() if not k.startswith("LETS_CONNECT_")}
        own = {
            "PYTHONPATH": str(self.folder),
            "LETS_CONNECT_HOME": str(self.home),
            "LETS_CONNECT_LEAVE_SECONDS": "2",
        }
        return {**given, **own, **more}

    def start(self, name: str, *arguments: str, **more: str) -> None:
        port = self.ports[name] = free_ports(1)
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self.command(*arguments, "--port", str(port)),
                cwd=self.folder,
                env=self.environment(**more),
                stdout=log,
                stderr=log,
            )

    def ready(self, name: str) -> tuple[int, str]:
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.ports[name]}/health/ready")
        except httpx.HTTPError:
            return 0, ""
        return answer.status_code, answer.text

    def wait_ready(self, *names: str) -> None:
        for name in names:
            while self.ready(name)[0] != 200:
                assert self.processes[name].poll() is None, self.log.read_text()[-3000:]
                time.sleep(0.05)

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
            process.wait()


def _copy(folder: Path) -> Path:
    """The code as it is here."""
    for name in ("gateway", "subgraphs", "media_core", "infra"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _with_migration(folder: Path) -> Path:
    """The same code with one more migration of content."""
    versions = _copy(folder) / "subgraphs" / "content" / "migrations" / "versions"
    head = max(path.stem.partition("_")[0] for path in versions.glob("[0-9]*.py"))
    (versions / "9999_rolled_out.py").write_text(_MIGRATION.format(head=head))
    return folder


def _configuration(folder: Path, fronts: dict[str, int], backends: dict[str, int]) -> str:
    """Each service behind a port of its own, as a Service of Kubernetes has it; connections to it are kept.

    Those to the proxy are not: when its settings are read anew, its old workers close what is idle, at the same
    moment perhaps as something is sent there, and that is the proxy's doing, not the rollout's.
    """
    servers = "".join(
        f"""
  upstream {name} {{ server 127.0.0.1:{backends[name]}; keepalive 16; }}
  server {{ listen {port}; location / {{
    proxy_pass http://{name}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_next_upstream off;
  }} }}"""
        for name, port in fronts.items()
    )
    temporary = "".join(f"  {n}_temp_path {folder}/{n};\n" for n in ("proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  keepalive_timeout 0;
  client_body_temp_path {folder}/bodies;
{temporary}{servers}
}}
"""


@dataclass
class _Load:
    """People who read and write all the time, and what they were answered."""

    url: str
    token: str
    answers: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        self._ask("{ feed(kind: EXPLORE, first: 5) { edges { node { body author { handle } } } } }", "read")

    def write(self) -> None:
        self._ask(
            'mutation { createPost(input: {body: "still here", visibility: PUBLIC}) { post { id } userErrors { code } } }',
            "written",
        )

    def _ask(self, query: str, what: str) -> None:
        headers = {"authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=30) as client:
            while not self.ended.wait(0.02):
                try:
                    answer = client.post("/graphql", json={"query": query})
                    told = answer.json()
                    if answer.status_code != 200 or "errors" in told or '"code"' in answer.text:
                        self.failures.append(f"{what}: {answer.status_code} {answer.text[:300]}")
                    self.answers[what] += 1
                except (httpx.HTTPError, ValueError) as error:
                    self.failures.append(f"{what}: {error!r}")

    @contextlib.contextmanager
    def going_on(self) -> Iterator[None]:
        threads = [threading.Thread(target=work) for work in (self.read, self.read, self.write)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()

    def more(self) -> None:
        """Until each kind was answered some times more."""
        target = {what: self.answers[what] + 5 for what in ("read", "written")}
        while any(self.answers[what] < least for what, least in target.items()):
            assert len(self.failures) < 50, self.failures[:3]
            time.sleep(0.02)


def _start(version: _Version, fronts: dict[str, int], supergraph: Path, *names: str) -> None:
    jwks = {"LETS_CONNECT_TOKEN_JWKS_URL": f"http://127.0.0.1:{fronts['user']}/.well-known/jwks.json"}
    urls = {
        f"LETS_CONNECT_SUBGRAPH_URL_{n.upper()}": f"http://127.0.0.1:{fronts.get(n, 1)}/graphql"
        for n in DOMAINS
    }
    for name in names:
        if name == "gateway":
            graph = {"LETS_CONNECT_SUPERGRAPH": str(supergraph)}
            version.start(name, "up", "--gateway-only", **jwks, **urls, **graph)
        else:
            version.start(name, "subgraph", name, "--prepared")


def _register(url: str) -> str:
    query = """mutation { register(input: {handle: "rolf", displayName: "Rolf", email: "rolf@example.org",
        password: "correct horse battery"}) { session { accessToken } userErrors { code } } }"""
    return str(
        httpx.post(f"{url}/graphql", json={"query": query}).json()["data"]["register"]["session"][
            "accessToken"
        ]
    )


async def test_no_request_fails_while_a_new_version_takes_over(tmp_path: Path) -> None:
    home = tmp_path / "home"
    domains = load_domains()
    async with await LocalServers.start(home, DOMAINS) as servers:
        await migrate(domains, Servers({d: servers.database_url(d) for d in DOMAINS}, servers.redis_url))
        supergraph = tmp_path / "supergraph.graphql"
        supergraph.write_text(compose_domains(domains, {}))
        old = _Version("old", _copy(tmp_path / "old"), home, tmp_path / "old.log")
        new = _Version("new", _with_migration(tmp_path / "new"), home, tmp_path / "new.log")
        first = free_ports(3)
        fronts = {name: first + n for n, name in enumerate(_ROLLED)}
        try:
            _start(old, fronts, supergraph, *_ROLLED)
            old.wait_ready("user", "content")
            with running(tmp_path, _configuration(tmp_path, fronts, old.ports)) as nginx:
                old.wait_ready("gateway")
                url = f"http://127.0.0.1:{fronts['gateway']}"
                load = _Load(url, _register(url))
                with load.going_on():
                    load.more()
                    _roll_out(old, new, fronts, supergraph, nginx, load)
                    load.more()
        finally:
            old.stop()
            new.stop()
    print(dict(load.answers))
    assert load.failures == []
    assert all(process.returncode == 0 for process in old.processes.values()), (
        "each drained and ended by itself"
    )


def _roll_out(
    old: _Version, new: _Version, fronts: dict[str, int], supergraph: Path, nginx: Nginx, load: _Load
) -> None:
    """As Kubernetes does it: new pods wait for their schema, a Job migrates, then one after the other takes over."""
    _start(new, fronts, supergraph, "user", "content")
    while "lets-connect migrate content" not in new.ready("content")[1]:
        time.sleep(0.05)
    migrating = new.command("migrate", "content")
    done = subprocess.run(
        migrating, cwd=new.folder, env=new.environment(), capture_output=True, text=True, check=False
    )
    assert done.stdout == "content: migrated\n", done.stderr
    load.more()  # the old version on the new schema
    new.wait_ready("user", "content")
    backends = dict(old.ports)
    for name in _ROLLED:
        if name == "gateway":
            _start(new, fronts, supergraph, "gateway")
            new.wait_ready("gateway")
        backends[name] = new.ports[name]
        nginx.reload(_configuration(nginx.folder, fronts, backends))
        load.more()
        old.processes[name].terminate()
        load.more()
        old.processes[name].wait(60)
