"""What is on each dashboard."""

from typing import Final

from infra.monitoring.boards.domains import DOMAINS
from infra.monitoring.boards.gateway import GATEWAY
from infra.monitoring.boards.media import MEDIA
from infra.monitoring.boards.overview import OVERVIEW
from infra.monitoring.boards.resolvers import RESOLVERS
from infra.monitoring.boards.slo import SLO

__all__ = ["BOARDS"]

BOARDS: Final = (OVERVIEW, GATEWAY, RESOLVERS, MEDIA, DOMAINS, SLO)
