"""``lets-connect gateway``: the gateway alone, on any supergraph."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.config import ConfigError, GatewaySettings, read_config, read_environment, settings_for
from gateway.edge.standalone.gateway import Standalone, load_file
from gateway.supergraph import InvalidSupergraph

__all__ = ["add_gateway_command"]


def add_gateway_command(subparsers: Any) -> None:
    """Register the command; ``run`` answers the exit code."""
    parser = subparsers.add_parser(
        "gateway",
        help="serve any supergraph",
        description="Serves /graphql over any supergraph, composed here or elsewhere. Callers are anonymous unless token_jwks_url is set; "
        "no database, no Redis and no keys are needed. A changed file is served from then on, while what runs goes "
        "on. LETS_CONNECT_ENV=production shuts introspection and GraphiQL.",
        epilog="Every setting, in the file or the environment: docs/settings.md.",
    )
    parser.add_argument("--supergraph", type=Path, required=True, metavar="FILE", help="supergraph SDL")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings as YAML or JSON")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=os.environ.get("PORT") or "8000", help="default: PORT or 8000"
    )
    parser.add_argument("--workers", type=_workers, default=1, metavar="K", help="processes (default: 1)")
    parser.set_defaults(run=_run)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number up to 65535, and not {text!r}")
    return int(text)


def _workers(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 256:
        raise argparse.ArgumentTypeError(f"there are between 1 and 256 workers, and not {text!r}")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    try:
        settings = _settings(options.config, os.environ)
        file = load_file(options.supergraph, settings)
        if settings.metrics_port is not None:
            _listen(options.host, settings.metrics_port).close()
        listening = _listen(options.host, options.port)
    except UnicodeDecodeError:
        return _say(f"{options.supergraph} cannot be read: it is not UTF-8")
    except OSError as error:
        return _say(f"{options.supergraph} cannot be read: {error.strerror or error}")
    except InvalidSupergraph as error:
        return _say(f"{options.supergraph}: {error}")
    except ConfigError as error:
        return _say(str(error))
    with listening:
        Standalone(file, settings, listening, options.host).run(options.workers)
    return 0


def _settings(path: Path | None, environ: Mapping[str, str]) -> GatewaySettings:
    """The environment is asked last: it is what one deployment has of its own."""
    base = settings_for(environ.get("LETS_CONNECT_ENV", "").strip() or "development")
    return read_environment(environ, read_config(path, base) if path else base)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, and that forked processes share. Raises ConfigError."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise ConfigError(f"port {port} of {host} cannot be listened on: {error.strerror}") from error
    return listening


def _say(problem: str) -> int:
    """One line, whatever the problem has of them."""
    print(f"lets-connect gateway: {' '.join(problem.split())}", file=sys.stderr)
    return 1
