"""What a process is asked in tests of processes."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection


def where() -> dict[str, object]:
    """Whose child this process is, what its parent has loaded and runs, and which database and store are its own."""
    return {
        "parent": os.getppid(),
        "its_threads": len(list(Path(f"/proc/{os.getppid()}/task").iterdir())),
        "arrow": "pyarrow" in sys.modules,
        "billing": "lamplighter.journeys.billing" in sys.modules,
        "database": connection.settings_dict["NAME"],
        "store": settings.INTERVAL_STORE,
    }
