"""Supervises the one command it is given, until a signal."""

from __future__ import annotations

import asyncio
import sys

from infra.supervisor import Service, Supervisor

if __name__ == "__main__":
    *command, port = sys.argv[1:]
    asyncio.run(Supervisor([Service("one", tuple(command), int(port))]).run_until_signal())
