"""Another process that takes a meter file in: `python -m tests.usage.importer FILE [die]`.

With `die` it kills itself, as by kill -9, when the interval store has committed and PostgreSQL has not yet published.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import django


def main(path: str, die: str) -> None:
    django.setup()
    from lamplighter.journeys.reading import import_file
    from lamplighter.kernel.actors import system
    from lamplighter.usage.intake.options import ImportOptions
    from lamplighter.usage.models import Publication
    from tests.usage.feeds import HOURLY

    if die:
        Publication.objects.create = _killed  # type: ignore[method-assign]
    options = ImportOptions(mapping=HOURLY)
    import_file(path=Path(path), options=options, by=system("child"), at=datetime(2026, 5, 20, tzinfo=UTC))


def _killed(**_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], "".join(sys.argv[2:3]))
