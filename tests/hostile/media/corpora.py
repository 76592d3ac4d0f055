"""Files that broke decoders, from the registries, in the user's cache folder: what Pillow, libpng, gdk-pixbuf, libheif
and libexif test themselves with. ``python -m tests.hostile.media.corpora`` puts every one through and counts.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import media_core
from media_core import ImageRejected, RejectCode, Spec

__all__ = ["CORPORA", "NotFetched", "Outcome", "files", "put_through"]

_PILLOW = "pillow==13.0.0"
CORPORA = {
    # name: where in the source its files are
    "pillow": ("Tests/images",),
    "libpng1.6": ("contrib/pngsuite", "contrib/testpngs"),
    "gdk-pixbuf": ("tests/test-images",),
    "libheif": ("fuzzing/corpus", "fuzzing/data/corpus", "examples", "tests/data"),
    "libexif": ("test/testdata",),
}
_WHOLE = Spec(full_size=True)
_SECONDS = 10.0


class NotFetched(Exception):
    """The corpus cannot be had here; the message says why."""


@dataclass(slots=True)
class Outcome:
    """How many were taken, and refused with which code; and whatever should not have been."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        taken = self.counts["taken"]
        codes = ", ".join(f"{code} {count}" for code, count in sorted(self.counts.items()) if code != "taken")
        return f"{self.counts.total()} files: {taken} taken, {self.counts.total() - taken} refused ({codes})"


def files(corpus: str) -> list[Path]:
    """Every file of the corpus, fetched where it is not here yet. Raises NotFetched."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "lets-connect" / f"hostile-{corpus}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _fetch(corpus, folder)
        (folder / "ready").touch()
    return sorted(
        path for part in CORPORA[corpus] for path in folder.glob(f"*/{part}/**/*") if path.is_file()
    )


def put_through(paths: Iterable[Path]) -> Outcome:
    """Each is a picture or a refusal with a code, in time; two at a time, as the machine would."""
    outcome = Outcome()
    with ThreadPoolExecutor(2) as threads:
        for path, code, seconds in threads.map(_one, paths):
            outcome.counts[code] += 1
            if code.startswith("!") or seconds > _SECONDS:
                outcome.faults.append(f"{path.name}: {code} after {seconds:.1f} s")
    return outcome


def _one(path: Path) -> tuple[Path, str, float]:
    begin = time.monotonic()
    try:
        media_core.process(path.read_bytes(), _WHOLE)
        code = "taken"
    except ImageRejected as refusal:
        code = RejectCode(refusal.code).value
    except Exception as error:
        code = f"! {type(error).__name__}: {error}"
    return path, code, time.monotonic() - begin


def _fetch(corpus: str, folder: Path) -> None:
    if corpus == "pillow":
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
        _run([*pip, "--no-binary", "pillow", _PILLOW], folder)
    else:
        _source_of(corpus, folder)
    archives = [*folder.glob("*.orig.tar.*"), *folder.glob("*.tar.gz")]
    if not archives:
        raise NotFetched(f"no archive came of {corpus}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    archives[0].unlink()


def _source_of(package: str, folder: Path) -> None:
    """A Debian source, by lists of our own: the machine's need not name sources."""
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    if shutil.which("apt-get") is None or not sources.exists():
        raise NotFetched("it is in Debian's sources, and this is no Debian")
    lists = folder.parent / "hostile-lists"
    for part in ("parts", "lists/partial", "cache/archives/partial"):
        (lists / part).mkdir(parents=True, exist_ok=True)
    (lists / "parts/sources.sources").write_text(
        sources.read_text().replace("Types: deb\n", "Types: deb-src\n")
    )
    options = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": lists / "parts",
        "Dir::State::Lists": lists / "lists",
        "Dir::Cache": lists / "cache",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    if not any((lists / "lists").glob("*Sources*")):
        _run([*apt, "update"], folder)
    # Debian's own patches may be gone from the mirror; what is wanted is in the original archive.
    _run([*apt, "source", "--download-only", package], folder, check=False)


def _run(command: list[str], folder: Path, *, check: bool = True) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotFetched(f"{command[0]}: {error}") from error
    if check and done.returncode:
        raise NotFetched(f"{command[0]}: {done.stderr.strip()[-300:]}")


def main() -> int:
    """Print the counts; the exit code tells of faults."""
    faults = 0
    for corpus in CORPORA:
        try:
            outcome = put_through(files(corpus))
        except NotFetched as reason:
            print(f"{corpus}: not fetched: {reason}")
            continue
        print(f"{corpus}: {outcome}", *outcome.faults, sep="\n  ")
        faults += len(outcome.faults)
    media_core.close()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"highest memory of any worker: {peak} MB")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
