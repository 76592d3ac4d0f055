"""Subgraphs in a few lines, composed."""

from __future__ import annotations

from gateway.composition import CompositionFailed, compose_from_sdls

__all__ = ["LINK", "codes", "supergraph"]

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", '
    '"@external", "@requires", "@provides", "@override", "@inaccessible", "@tag", "@interfaceObject"])\n'
)


def supergraph(**subgraphs: str) -> str:
    """The supergraph of federation 2 subgraphs, by name."""
    return compose_from_sdls(_given(subgraphs)).supergraph_sdl


def codes(**subgraphs: str) -> list[str]:
    """The codes of the errors they fail with."""
    try:
        compose_from_sdls(_given(subgraphs))
    except CompositionFailed as failed:
        return sorted({error.code for error in failed.errors})
    return []


def _given(subgraphs: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(name, f"http://{name}", LINK + sdl) for name, sdl in subgraphs.items()]
