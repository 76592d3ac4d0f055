"""The gateways that are measured, and how each is started on a supergraph file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.gateway.tokens import AUDIENCE, ISSUER

__all__ = ["APOLLO", "FLOOR", "HIVE", "HIVE_RUST", "RIVALS", "Gateway", "Place", "ours"]

_GUARDS_OFF = {"access_log": False, "csrf": False, "limits": False, "measure": False}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gateway runs: its port and files. ``npm`` is the folder of the rivals' packages."""

    port: int
    supergraph: Path
    subgraphs_port: int
    folder: Path
    npm: Path | None
    share: bool


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway by the name it has in the table."""

    name: str
    kind: str
    workers: int = 1
    settings: Mapping[str, object] = field(default_factory=dict)
    verifies: bool = False
    """Whether its requests carry an access token, and it verifies that."""
    traces: bool = False
    """Whether it exports the traces that it keeps."""

    @property
    def is_rival(self) -> bool:
        """Whether it is somebody else's, from npm."""
        return self.kind in {"hive", "apollo"}

    def command(self, place: Place) -> Sequence[str]:
        """What starts it."""
        port = str(place.port)
        if self.kind == "floor":
            shared = ["--share"] if place.share else []
            given = ["--port", port, "--subgraphs", str(place.subgraphs_port), *shared]
            return [sys.executable, "-m", "tests.benchmarks.gateway.floor", *given]
        if self.kind == "ours":
            config = place.folder / f"{place.port}.json"
            settings: dict[str, object] = {
                "share_fetches": place.share,
                "limit_loopback": False,
                **self.settings,
            }
            if self.verifies:
                settings["token_jwks_url"] = f"http://127.0.0.1:{place.subgraphs_port}/keys"
                settings |= {"token_issuer": ISSUER, "token_audience": AUDIENCE}
            config.write_text(json.dumps(settings))
            command = [str(Path(sys.executable).parent / "lets-connect"), "gateway", "--port", port]
            command += ["--supergraph", str(place.supergraph), "--config", str(config)]
            return [*command, "--workers", str(self.workers)]
        assert place.npm is not None
        if self.kind == "apollo":
            return ["node", str(place.npm / "apollo.mjs")]
        program = place.npm / "node_modules" / "@graphql-hive" / "gateway" / "dist" / "bin.js"
        config = place.npm / "gateway.config.mjs"
        return ["node", str(program), "supergraph", str(place.supergraph), "--config-path", str(config)]

    def environment(self, place: Place) -> Mapping[str, str]:
        """What it is told beside its command."""
        if not self.is_rival:
            collector = f"http://127.0.0.1:{place.subgraphs_port}"
            return {"OTEL_EXPORTER_OTLP_ENDPOINT": collector} if self.traces else {}
        return {
            "NODE_ENV": "production",
            "PORT": str(place.port),
            "SUPERGRAPH": str(place.supergraph),
            "SHARE": "1" if place.share else "0",
            "RUST": "1" if self.settings.get("rust") else "0",
            "PATH": os.environ["PATH"],
        }


def ours(name: str = "ours", *, guards: bool = True, workers: int = 1) -> Gateway:
    """Ours, with the guards that it has by default or without."""
    return Gateway(name, "ours", workers, {} if guards else _GUARDS_OFF, verifies=guards, traces=guards)


FLOOR = Gateway("floor", "floor")
HIVE_RUST = Gateway("Hive Gateway, Rust planner", "hive", settings={"rust": True})
HIVE = Gateway("Hive Gateway", "hive")
APOLLO = Gateway("Apollo Gateway", "apollo")
RIVALS = (HIVE_RUST, HIVE, APOLLO)
