"""Real PostgreSQL and Valkey from wheels, started, locked down and stopped with their parent."""

from infra.local.servers import LocalServers

__all__ = ["LocalServers"]
