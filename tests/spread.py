"""Which worker runs what: a file's tests stay together, and so do files that use something slow to start."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

__all__ = ["Spread"]

_TOGETHER = (
    "tests/end_to_end/",  # the product and a browser
    "tests/infra/docker/",  # the images
    "tests/infra/kubernetes/",  # what each kustomization comes to
    *(
        f"tests/subgraphs/{domain}/"  # its schema, and its database with every migration
        for domain in ("ai", "collaboration", "content", "messaging", "shop", "user")
    ),
)
"""Folders whose fixtures for a session would otherwise be made by each worker."""


class Spread(LoadFileScheduling):  # type: ignore[misc]
    """``--dist loadfile``, with some folders in place of their files."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in _TOGETHER if file.startswith(folder)), file)
