"""An Ingress and its controller's settings as a plain nginx has them, and that nginx as a process.

What ingress-nginx makes of the annotations that we use (https://kubernetes.github.io/ingress-nginx/user-guide/),
said in nginx's own words; an annotation that is not known here is an error, so that none goes untested.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.proxy.place import Place

__all__ = ["Nginx", "render", "running"]

_PREFIX = "nginx.ingress.kubernetes.io/"
_PLAIN = {
    "proxy-body-size": "client_max_body_size",
    "proxy-request-buffering": "proxy_request_buffering",
    "proxy-buffering": "proxy_buffering",
    "proxy-read-timeout": "proxy_read_timeout",
    "proxy-send-timeout": "proxy_send_timeout",
    "proxy-connect-timeout": "proxy_connect_timeout",
    "proxy-next-upstream": "proxy_next_upstream",
}
_ELSEWHERE = {"ssl-redirect", "force-ssl-redirect", "limit-rps", "limit-burst-multiplier", "enable-cors"}


def render(
    ingress: Mapping[str, Any], controller: Mapping[str, str], headers: Mapping[str, str], place: Place
) -> str:
    """The whole nginx.conf."""
    annotations = _annotations(ingress)
    (rule,) = ingress["spec"]["rules"]
    rate = int(annotations["limit-rps"])
    burst = rate * int(annotations["limit-burst-multiplier"])
    plain = "\n".join(f"  {_PLAIN[name]} {value};" for name, value in annotations.items() if name in _PLAIN)
    added = "\n".join(f"  add_header {name} {value} always;" for name, value in headers.items())
    hsts = f"max-age={controller['hsts-max-age']}; includeSubDomains"
    name = rule["host"]
    return f"""
pid {place.folder}/nginx.pid;
error_log {place.folder}/error.log;
worker_processes 2;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {place.folder}/bodies;
  proxy_temp_path {place.folder}/proxied;
  fastcgi_temp_path {place.folder}/f; uwsgi_temp_path {place.folder}/u; scgi_temp_path {place.folder}/s;
  server_tokens off;
  real_ip_header {controller["forwarded-for-header"]};
  real_ip_recursive on;
  set_real_ip_from {place.believed};
  limit_req_zone $binary_remote_addr zone=clients:5m rate={rate}r/s;
  limit_req_status {controller["limit-req-status-code"]};
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  map $http_x_forwarded_for $full_x_forwarded_for {{
    default "$http_x_forwarded_for, $realip_remote_addr"; '' $realip_remote_addr;
  }}
{_cors_map(annotations)}
{controller["http-snippet"]}
  upstream gateway {{ server {place.gateway}; keepalive 64; }}
  server {{
    listen {place.http};
    server_name {name};
    location / {{ return 308 https://$host:{place.https}$request_uri; }}
  }}
  server {{
    listen {place.https} ssl http2;
    server_name {name};
    ssl_certificate {place.certificate};
    ssl_certificate_key {place.key};
    ssl_protocols {controller["ssl-protocols"]};
{plain}
  client_header_timeout {controller["client-header-timeout"]};
  client_body_timeout {controller["client-body-timeout"]};
  limit_req zone=clients burst={burst} nodelay;
  add_header Strict-Transport-Security "{hsts}" always;
{added}
{_cors_headers(annotations)}
  proxy_http_version 1.1;
  proxy_set_header Host $host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_set_header X-Forwarded-For $full_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto https;
  proxy_hide_header {controller["hide-headers"]};
  proxy_hide_header Retry-After;
{_locations(rule["http"]["paths"])}
  }}
}}
"""


def _annotations(ingress: Mapping[str, Any]) -> dict[str, str]:
    given = ingress["metadata"]["annotations"]
    found = {k.removeprefix(_PREFIX): v for k, v in given.items() if k.startswith(_PREFIX)}
    unknown = {name for name in found if name not in {*_PLAIN, *_ELSEWHERE} and not name.startswith("cors-")}
    assert unknown == set(), "say here what nginx makes of it"
    return found


def _cors_map(annotations: Mapping[str, str]) -> str:
    origins = [origin.strip() for origin in annotations["cors-allow-origin"].split(",")]
    lines = "".join(f"    {origin} $http_origin;\n" for origin in origins)
    credentials = "    '' ''; default true;"
    preflight = "    OPTIONS 1; default 0;"
    return (
        f"  map $http_origin $cors_origin {{\n    default '';\n{lines}  }}\n"
        f"  map $cors_origin $cors_credentials {{\n{credentials}\n  }}\n"
        f"  map $request_method $preflight {{\n{preflight}\n  }}"
    )


def _cors_headers(annotations: Mapping[str, str]) -> str:
    assert annotations["enable-cors"] == annotations["cors-allow-credentials"] == "true"
    values = {
        "Access-Control-Allow-Origin": "$cors_origin",
        "Access-Control-Allow-Credentials": "$cors_credentials",
        "Access-Control-Allow-Methods": f'"{annotations["cors-allow-methods"]}"',
        "Access-Control-Allow-Headers": f'"{annotations["cors-allow-headers"]}"',
        "Access-Control-Expose-Headers": f'"{annotations["cors-expose-headers"]}"',
        "Access-Control-Max-Age": annotations["cors-max-age"],
    }
    return "\n".join(f"  add_header {name} {value} always;" for name, value in values.items())


def _locations(paths: list[Mapping[str, Any]]) -> str:
    lines = []
    for path in paths:
        assert path["backend"]["service"]["name"] == "gateway"
        pass_on = "{ if ($preflight) { return 204; } proxy_pass http://gateway; }"
        where = path["path"]
        if path["pathType"] == "Exact":
            lines.append(f"  location = {where} {pass_on}")
        elif where == "/":
            lines.append(f"  location / {pass_on}")
        else:
            lines += [f"  location = {where} {pass_on}", f"  location {where}/ {pass_on}"]
    return "\n".join(lines)


@dataclass(frozen=True)
class Nginx:
    """A running nginx; its configuration may be changed under it."""

    folder: Path

    @property
    def configuration(self) -> Path:
        return self.folder / "nginx.conf"

    def reload(self, text: str) -> None:
        """Serve by another configuration; what is under way ends by the old one, and is over when this returns."""
        before = self._workers()
        self.configuration.write_text(text)
        subprocess.run(self.command("-s", "reload"), check=True, capture_output=True)
        while before & self._workers():
            time.sleep(0.02)

    def _workers(self) -> set[str]:
        process = (self.folder / "nginx.pid").read_text().strip()
        return set(Path(f"/proc/{process}/task/{process}/children").read_text().split())

    def command(self, *arguments: str) -> list[str]:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        return [str(program), "-p", str(self.folder), "-c", str(self.configuration), *arguments]


@contextlib.contextmanager
def running(folder: Path, configuration: str) -> Iterator[Nginx]:
    """Start one, and stop it again."""
    nginx = Nginx(folder)
    nginx.configuration.write_text(configuration)
    process = subprocess.Popen(nginx.command("-g", "daemon off;"), stderr=subprocess.PIPE, text=True)
    try:
        while not (folder / "nginx.pid").exists():
            assert process.poll() is None, process.stderr and process.stderr.read()
        yield nginx
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        if process.stderr is not None:
            process.stderr.close()


def directives(text: str, name: str) -> list[str]:
    """The values of a directive in a configuration."""
    return re.findall(rf"^\s*{name} (.*);$", text, re.MULTILINE)
