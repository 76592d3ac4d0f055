"""``python -m tests.infra.kubernetes``: every kustomization builds, and what it builds is valid."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.infra.kubernetes.manifests import FOLDER, build, kustomizations, problems


def main() -> int:
    """Print what is wrong, a line each; 1 where anything is."""
    with ThreadPoolExecutor(4) as pool:
        found = sorted({line for lines in pool.map(_of, kustomizations()) for line in lines})
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


def _of(folder: Path) -> list[str]:
    try:
        return [f"{folder.relative_to(FOLDER)}: {problem}" for problem in problems(build(folder))]
    except subprocess.CalledProcessError as error:
        return [f"{folder.relative_to(FOLDER)}: {error.stderr.strip()}"]


if __name__ == "__main__":
    sys.exit(main())
