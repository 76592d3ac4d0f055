"""Every setting is documented, and no other is."""

from __future__ import annotations

import re

from infra.domains import DOMAINS
from tests.end_to_end.product import ROOT


def test_the_page_names_the_settings_that_the_code_reads() -> None:
    code = (ROOT / "infra" / "settings.py").read_text()
    read = set(re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', code))
    page = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"`LETS_CONNECT_([A-Z_]+)`", page))
    documented -= {f"SUBGRAPH_URL_{name.upper()}" for name in DOMAINS}
    assert documented == read
