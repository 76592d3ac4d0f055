"""Settings in a YAML or JSON file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml

from gateway.config.checking import ConfigError, checked
from gateway.config.settings import GatewaySettings, Guards

__all__ = ["read_config"]


def read_config(path: Path, base: GatewaySettings) -> GatewaySettings:
    """``base`` with what a YAML or JSON file says; raises ConfigError on names or kinds not known."""
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{path} is neither YAML nor JSON: {error}") from error
    if not isinstance(given, dict):
        raise ConfigError(f"{path} must be a mapping of settings, and is {type(given).__name__}")
    guards = replace(base.guards, **checked(Guards, given.pop("guards", {}) or {}, f"{path}: guards"))
    return replace(base, **checked(GatewaySettings, given, str(path)), guards=guards)
