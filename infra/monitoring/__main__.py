"""``python -m infra.monitoring``: write the dashboards anew."""

from __future__ import annotations

import json
from pathlib import Path

from infra.monitoring.boards import BOARDS
from infra.monitoring.panels import dashboard

__all__ = ["FOLDER", "text"]

FOLDER = Path(__file__).parent / "grafana" / "dashboards"


def text(uid: str) -> str:
    """A dashboard as its file has it."""
    board = next(board for board in BOARDS if board.uid == uid)
    return json.dumps(dashboard(board), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for board in BOARDS:
        (FOLDER / f"{board.uid}.json").write_text(text(board.uid), encoding="utf-8")
