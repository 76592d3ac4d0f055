"""``python -m infra`` is ``lets-connect``: how child processes are started."""

import sys

from infra.cli import main

sys.exit(main())
