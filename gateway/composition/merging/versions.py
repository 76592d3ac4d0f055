"""Which federation version subgraphs need: that of their link, or a later one for something else that they link."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.composition.merging.report import Report
from gateway.composition.model.subgraph import Subgraph
from gateway.federation.vocabulary import FEDERATION

__all__ = ["hint_on_upgrades"]


def hint_on_upgrades(subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Tell of each subgraph that is taken for a later version than the one it links."""
    for subgraph in subgraphs:
        link = subgraph.link(FEDERATION)
        if link is not None and link.version < subgraph.version and not subgraph.upgraded:
            was, now = (f"v{major}.{minor}" for major, minor in (link.version, subgraph.version))
            message = f'"{subgraph.name}" links federation {was}, and something else that needs {now}.'
            report.hint("IMPLICITLY_UPGRADED_FEDERATION_VERSION", message)
