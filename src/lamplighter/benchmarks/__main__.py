"""`python -m lamplighter.benchmarks NAME SIZE FOLDER`: one figure in a process of its own, as JSON on standard output.

`seed` instead of a figure's name builds the utility, and `bill` bills it while another figure is measured. Where the
database is, the environment says.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import click

from lamplighter.benchmarks.figures import FIGURES
from lamplighter.benchmarks.sizes import SIZES
from lamplighter.benchmarks.stopwatch import NotHere


def main(name: str, size: str, folder: Path) -> None:
    if name == "seed":
        _django(migrate=True)
        from lamplighter.benchmarks.utility import seed

        seed(SIZES[size])
        return
    if name == "bill":
        _django()
        from lamplighter.benchmarks.utility import bill

        click.echo("begun")
        bill(SIZES[size])
        return
    if FIGURES[name].utility:
        _django()
    try:
        timing = FIGURES[name].measure(SIZES[size], folder)
        said = {"value": timing.value, "reference": timing.reference, "work": timing.work, "peak_mb": _peak_mb()}
    except NotHere as why:
        said = {"value": None, "reference": None, "work": str(why), "peak_mb": None}
    click.echo(json.dumps(said))


def _django(*, migrate: bool = False) -> None:
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")
    django.setup()
    if migrate:
        call_command("migrate", verbosity=0, interactive=False)


def _peak_mb() -> float:
    """Of this process, in millions of bytes; Linux counts kilobytes, macOS bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6, 1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
