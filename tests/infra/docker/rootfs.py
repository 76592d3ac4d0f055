"""A Dockerfile's steps carried out without Docker: in a root of their own that has the machine's /usr and nothing else.

``RUN`` happens under ``unshare`` and ``chroot``, with the machine's programs mounted read-only in place of the base image's
layers; ``COPY``, ``ENV`` and ``WORKDIR`` are what they say. So a step that names a file the image would not have fails
here, too, and what the image adds to its base can be weighed.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Root", "build_image", "can_build"]

_BOUND = ("usr", "bin", "sbin", "lib", "lib64", "etc", "opt", "dev", "proc")
_PATH = f"{sys.base_prefix}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_BUILT = {"web": ["dist"], "gateway": ["graphiql"]}
"""What lies in a clone that was set up, and which .dockerignore leaves out."""


def can_build() -> bool:
    """Whether this account may make a root of its own."""
    program = shutil.which("unshare")
    return program is not None and subprocess.run([program, "-m", "true"], check=False).returncode == 0


@dataclass
class Root:
    """One stage: what it added, and what its processes are told."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0:0"
    entrypoint: tuple[str, ...] = ()

    def run(self, command: Sequence[str], *, writable: bool = True, user: str = "0:0") -> str:
        """What it prints on standard output. A root that is not writable has /tmp alone."""
        inside = self.inside(command, writable=writable, user=user)
        done = subprocess.run(inside, env=self.told, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{shlex.join(command)}: {done.stdout[-1500:]} {done.stderr[-3000:]}"
        return done.stdout

    def inside(self, command: Sequence[str], *, writable: bool = False, user: str = "0:0") -> list[str]:
        """The command that runs it there, with the environment ``told``."""
        script = _enter(self.path, self.workdir, user, writable)
        return ["unshare", "-m", "sh", "-euc", script, "sh", *command]

    @property
    def told(self) -> dict[str, str]:
        """The environment of its processes."""
        return {"PATH": _PATH, "HOME": "/tmp", **self.environment}  # noqa: S108

    def megabytes(self) -> float:
        """Of what was added to the base, uncompressed."""
        files = [p for p in self.path.rglob("*") if p.is_file() and not p.is_symlink()]
        return sum(p.stat().st_size for p in files) / 1e6


def _enter(root: Path, workdir: str, user: str, writable: bool) -> str:
    """The shell's words that mount the machine under the root and go there."""
    place = shlex.quote(str(root))
    lines = [f"mkdir -p {place}/tmp {place}/run {place}/var/lib"]  # noqa: S108 - the root's own
    if not writable:
        lines.append(f"mount --bind {place} {place}")
    for name in _BOUND:
        source = Path("/") / name
        if source.is_symlink():
            lines.append(
                f"[ -e {place}/{name} ] || ln -s {shlex.quote(str(source.readlink()))} {place}/{name}"
            )
        elif source.is_dir():
            lines.append(f"mkdir -p {place}/{name}; mount --rbind /{name} {place}/{name}")
            if name not in ("dev", "proc"):
                lines.append(f"mount -o remount,bind,ro {place}/{name}")
    lines += _python(place)
    if not writable:
        lines.append(f"mount -o remount,bind,ro {place}; mount -t tmpfs tmp {place}/tmp")  # noqa: S108
    uid, _, gid = user.partition(":")
    lines.append(f'exec chroot --userspec={uid}:{gid} {place} sh -euc \'cd "$0"; exec "$@"\' {workdir} "$@"')
    return "\n".join(lines)


def _python(place: str) -> list[str]:
    """The interpreter that runs this, in place of the base image's."""
    prefix = Path(sys.base_prefix)
    if prefix.parts[1] in _BOUND:
        return []
    target = f"{place}{shlex.quote(str(prefix))}"
    return [
        f"mkdir -p {target}; mount --bind {shlex.quote(str(prefix))} {target}; mount -o remount,bind,ro {target}"
    ]


def build_image(
    dockerfile: Path,
    context: Path,
    folder: Path,
    extra: dict[str, str] | None = None,
    arguments: dict[str, Root] | None = None,
) -> Root:
    """Carry out every stage under ``folder``; the last one. ``extra`` is added to the environment of RUN alone;
    ``arguments`` are images that were built so before, by the names of the ARGs that stand for them."""
    stages: dict[str, Root] = {}
    defaults: dict[str, str] = {}
    root = Root(folder)
    for word, rest in _instructions(dockerfile.read_text()):
        if word == "FROM":
            base, *named = rest.split(" AS ")
            name = named[0] if named else str(len(stages))
            root = stages[name] = _begun(folder / name, (arguments or {}).get(base.strip("${}")))
        elif word == "ARG" and "=" in rest:
            name, _, value = rest.partition("=")
            defaults[name] = value
        elif word == "RUN":
            told = root.environment
            root.environment = {**told, **defaults, **(extra or {})}
            root.run(["sh", "-c", rest])
            root.environment = told
        elif word == "COPY":
            _copy(root, rest.split(), context, stages)
        elif word == "ENV":
            for name, value in (part.split("=", 1) for part in shlex.split(rest)):
                root.environment[name] = value.replace("$PATH", _PATH)
        elif word == "WORKDIR":
            root.workdir = rest
            _inside(root, rest).mkdir(parents=True, exist_ok=True)
        elif word == "USER":
            root.user = rest
        elif word == "ENTRYPOINT":
            root.entrypoint = tuple(re.findall(r'"([^"]+)"', rest))
    return root


def _begun(place: Path, base: Root | None) -> Root:
    """A stage from a base of ours, whose files it shares until it writes its own; else from an empty root."""
    if base is None:
        place.mkdir()
        return Root(place)
    subprocess.run(["cp", "-al", str(base.path), str(place)], check=True)
    return Root(place, dict(base.environment), base.workdir, base.user, base.entrypoint)


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        yield word, rest.strip()


def _copy(root: Root, words: list[str], context: Path, stages: dict[str, Root]) -> None:
    source = stages[words.pop(0).removeprefix("--from=")].path if words[0].startswith("--from") else context
    *names, target = words
    for name in names:
        found = source / name.lstrip("/")
        place = _inside(root, target)
        if found.is_dir():
            built = _BUILT.get(name, ())
            ignored = shutil.ignore_patterns("__pycache__", "node_modules", *built)
            shutil.copytree(found, place, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        else:
            place = place / found.name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(found, place)


def _inside(root: Root, path: str) -> Path:
    return root.path / (path if path.startswith("/") else f"{root.workdir}/{path}").lstrip("/")
