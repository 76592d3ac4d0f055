"""A real S3 server in a folder of its own, on free ports, gone with its process."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_ports

ACCESS_KEY, SECRET_KEY = "test-access", "test secret/with+signs"


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """Yields ``host:port`` once the server answers."""
    first = free_ports(8)
    master, master_rpc, volume, volume_rpc, filer, filer_rpc, s3, s3_rpc = range(first, first + 8)
    identities = folder / "identities.json"
    folder.mkdir(parents=True, exist_ok=True)
    credentials = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    identities.write_text(
        json.dumps({"identities": [{"name": "test", "credentials": credentials, "actions": actions}]})
    )
    command = [
        str(Path(sys.executable).parent / "weed"),
        f"-logdir={folder}",
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        f"-master.port={master}",
        f"-master.port.grpc={master_rpc}",
        "-master.telemetry=false",
        "-master.electionTimeout=1s",
        "-master.volumeSizeLimitMB=64",
        f"-volume.port={volume}",
        f"-volume.port.grpc={volume_rpc}",
        "-volume.max=20",
        "-filer",
        f"-filer.port={filer}",
        f"-filer.port.grpc={filer_rpc}",
        f"-filer.localSocket={folder / 'filer.sock'}",
        "-s3",
        f"-s3.port={s3}",
        f"-s3.port.grpc={s3_rpc}",
        f"-s3.config={identities}",
        f"-s3.localSocket={folder / 's3.sock'}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_answer(process, f"127.0.0.1:{s3}")
        yield f"127.0.0.1:{s3}"
    finally:
        process.kill()
        process.wait()


def _await_answer(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end and process.poll() is None:
        try:
            connection = http.client.HTTPConnection(address, timeout=60)
            connection.request("GET", "/")
            connection.getresponse().close()
            connection.close()
            return  # that it refuses an unsigned request is an answer, too
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the S3 server did not start (exit {process.poll()})")
