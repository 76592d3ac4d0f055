"""Links between the repository's Markdown files lead somewhere, and so do the scripts and tests they name."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
_SCRIPT = re.compile(r"(?<![\w/.])((?:scripts|\.ci)/[\w.-]*\w)")
_TEST = re.compile(r"`([\w/]+\.\w+)::([^`]+)`")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def problems(document: Path) -> Iterator[str]:
    """What is wrong in one document, a line each."""
    text = document.read_text()
    for script in sorted(set(_SCRIPT.findall(text))):
        if not (ROOT / script).exists():
            yield f"{document.relative_to(ROOT)}: {script} does not exist"
    for file, name in sorted(set(_TEST.findall(text))):
        if not _has_test(ROOT / "tests" / file, name):
            yield f"{document.relative_to(ROOT)}: tests/{file}::{name} does not exist"
    for target, anchor in _LINK.findall(_FENCE.sub("", text)):
        path = (document.parent / target).resolve() if target else document
        if not path.exists():
            yield f"{document.relative_to(ROOT)}: {target} does not exist"
        elif anchor and path.suffix == ".md" and anchor not in _anchors(path):
            yield f"{document.relative_to(ROOT)}: {target}#{anchor} is no heading"


def _has_test(path: Path, name: str) -> bool:
    """Whether the file has a function, or a case, of that name."""
    named = re.compile(rf"^(?:async )?def {re.escape(name)}\(|(?:case:|==) {re.escape(name)}$", re.MULTILINE)
    return path.exists() and named.search(path.read_text()) is not None


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def main() -> int:
    """Check every Markdown file that git knows or would add."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split("\0")
    found = [line for name in sorted(filter(None, names)) for line in problems(ROOT / name)]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
