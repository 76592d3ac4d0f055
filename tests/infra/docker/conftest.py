"""The images, their Dockerfiles carried out step by step in empty roots."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.infra.docker.rootfs import Root, build_image
from tests.infra.kubernetes.manifests import FOLDER

_DOCKER = FOLDER.parent / "docker"
_ROOT = FOLDER.parents[1]
_PASSED = ("PIP_", "UV_", "SSL_", "NPM_CONFIG_", "npm_config_", "NODE_EXTRA_CA_CERTS")
"""What this machine tells its package managers."""


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Root]:
    """Of gateway and subgraphs."""
    folder = tmp_path_factory.mktemp("image")
    yield build_image(_DOCKER / "Dockerfile", _ROOT, folder, _told())
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture(scope="session")
def web_image(image: Root, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Root]:
    """Of the gateway with the web app."""
    folder = tmp_path_factory.mktemp("web")
    registry = subprocess.run(
        ["npm", "config", "get", "registry"], capture_output=True, text=True, check=True
    ).stdout.strip()
    told = {"NPM_CONFIG_REGISTRY": registry, **_told()}
    yield build_image(_DOCKER / "web.Dockerfile", _ROOT, folder, told, {"LETS_CONNECT": image})
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def _told() -> dict[str, str]:
    return {name: os.environ[name] for name in os.environ if name.startswith(_PASSED)}
