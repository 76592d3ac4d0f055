"""A backup of the running product, restored onto an empty home: every row, every object, every key."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from infra.domains import DOMAINS
from infra.local import LocalServers
from tests.end_to_end.product import ROOT, Product


def _run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = {k: v for k, v in os.environ.items() if not k.startswith("LETS_CONNECT_")}
    return subprocess.run(
        [sys.executable, "-m", "infra", *arguments],
        cwd=ROOT,
        env={**given, "LETS_CONNECT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


async def _rows(url: str) -> Mapping[str, list[str]]:
    """Every row of every table, as text; but when events were sent, which is said anew."""
    parts = make_url(url)
    connection = await asyncpg.connect(
        host=str(parts.query["host"]), user=parts.username, password=parts.password, database=parts.database
    )
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return {name: await _table(connection, name) for (name,) in names}
    finally:
        await connection.close()


async def _table(connection: asyncpg.Connection, name: str) -> list[str]:
    rows = await connection.fetch(f"SELECT to_jsonb(t) - 'sent_at' AS row FROM \"{name}\" t")  # noqa: S608
    return sorted(row["row"] for row in rows)


def _files(folder: Path) -> Mapping[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


async def _backed_up(home: Path, folder: Path) -> tuple[Path, Mapping[str, Mapping[str, list[str]]]]:
    """A backup while the product runs, and the rows it has: those that were there before it and after it."""
    servers = await LocalServers.attach(home, DOMAINS)
    for number in range(20):
        before = {domain: await _rows(servers.database_url(domain)) for domain in DOMAINS}
        made = _run(home, "backup", str(folder / f"backup-{number}"))
        assert made.returncode == 0, made.stderr
        if before == {domain: await _rows(servers.database_url(domain)) for domain in DOMAINS}:
            return folder / f"backup-{number}", before
    raise AssertionError("the product's jobs never came to rest")


@pytest.mark.slow
async def test_what_is_restored_is_what_was_backed_up(product: Product, tmp_path: Path) -> None:
    backup, before = await _backed_up(product.home, tmp_path)
    home = tmp_path / "home"
    restored = _run(home, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert (
        restored.stdout.startswith("7 databases, "),
        "keys: identity.pem, secret, token.pem" in restored.stdout,
    ) == (
        True,
        True,
    )
    async with await LocalServers.start(home, DOMAINS) as servers:
        after = {domain: await _rows(servers.database_url(domain)) for domain in DOMAINS}
    assert {domain: {t: len(r) for t, r in rows.items()} for domain, rows in after.items()} == {
        domain: {t: len(r) for t, r in rows.items()} for domain, rows in before.items()
    }
    assert after == before
    assert sum(len(rows) for tables in after.values() for rows in tables.values()) > 500
    assert _files(home / "objects") == _files(product.home / "objects")
    assert (home / "keys" / "secret").read_text() == (product.home / "keys" / "secret").read_text()

    again = _run(home, "restore", str(backup))
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    (tmp_path / "backup.json").write_text(json.dumps({}))
    failed = _run(tmp_path / "home", "restore", str(tmp_path))
    assert failed.returncode == 1
    assert failed.stderr.strip().endswith(
        f"{tmp_path} is no backup: its backup.json cannot be read; lets-connect backup makes one"
    )
