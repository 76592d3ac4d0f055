"""Every setting is documented, and no other is."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import yaml

from gateway.config import GatewaySettings, Guards
from infra.domains import DOMAINS
from tests.end_to_end.product import ROOT

_PAGE = (ROOT / "docs" / "settings.md").read_text()


def test_the_page_names_the_settings_that_the_code_reads() -> None:
    code = (ROOT / "infra" / "settings.py").read_text()
    read = set(re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', code)) | {"SECRETS"}
    shared = (
        ROOT / "gateway" / "config" / "environment.py"
    ).read_text()  # which the gateway reads by itself, too
    read |= set(re.findall(r'f"\{_PREFIX\}([A-Z_]+)": \(', shared))
    documented = set(re.findall(r"`LETS_CONNECT_([A-Z_]+)`", _PAGE))
    documented -= {f"SUBGRAPH_URL_{name.upper()}" for name in DOMAINS}
    # The gateway's own are held to the page below; what is read here of them is on it, too.
    assert {name for name in documented if not name.startswith("GATEWAY_") or name in read} == read


def test_the_page_has_every_setting_of_the_gateway_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `LETS_CONNECT_GATEWAY_(\w+)` \| `(.*?)` \| \S", _PAGE, re.MULTILINE)
    documented = {(name, variable, json.dumps(yaml.safe_load(default))) for name, variable, default in rows}
    assert documented == {
        (one.name, one.name.upper(), json.dumps(getattr(given, one.name)))
        for given in (GatewaySettings(), Guards())
        for one in fields(given)
        if one.name != "guards"
    }
