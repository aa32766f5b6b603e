"""`python -m lamplighter.benchmarks measure SIZE`: everything is loaded once; then for each line of JSON on standard
input, a figure's place with a folder and a database, a process of its own measures, and a line of JSON says what.

`seed` builds the utility, and `bill` bills it while pages are measured. Where the database is, the environment says.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from lamplighter.benchmarks.figures import measure
from lamplighter.benchmarks.sizes import SIZES, Size
from lamplighter.benchmarks.stopwatch import NotHere, Timing
from lamplighter.platform.collector import collect_seldom

LOADED = (
    "lamplighter.benchmarks.ingest", "lamplighter.benchmarks.pages", "lamplighter.benchmarks.paying",
    "lamplighter.benchmarks.printing", "lamplighter.benchmarks.billrun", "lamplighter.config.urls",
)  # fmt: skip
"""With these nearly everything is loaded that a figure needs."""


def main(act: str, size: str) -> None:
    _django()
    match act:
        case "seed":
            from django.core.management import call_command

            utility = import_module("lamplighter.benchmarks.utility")
            if sys.stdin.readline():  # as soon as there is a database
                call_command("migrate", verbosity=0, interactive=False)
                utility.seed(SIZES[size])
                utility.put_in_order()
        case "bill":
            click.echo("begun")
            import_module("lamplighter.benchmarks.utility").bill(SIZES[size])
        case "measure":
            for module in LOADED:
                import_module(module)
            collect_seldom()  # what is loaded is looked at by no figure, which would copy it
            for line in sys.stdin:
                _by_itself(json.loads(line), SIZES[size])


def _by_itself(asked: dict[str, str], size: Size) -> None:
    """In a process that has everything loaded, so that its memory is its own and it begins at once. Nothing has used
    the database or begun a thread yet, so that it may be forked."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if status:
            click.echo(json.dumps({"fault": f"its process was ended from outside: {status}"}))
        return
    try:
        click.echo(json.dumps(_measured(asked, size)))
    except BaseException:  # noqa: BLE001 - whatever it was, the suite says it
        click.echo(json.dumps({"fault": traceback.format_exc()}))
    finally:
        sys.stdout.flush()
        os._exit(0)


def _measured(asked: dict[str, str], size: Size) -> dict[str, Any]:
    if asked["url"]:
        from django.db import connection
        from psycopg.conninfo import conninfo_to_dict

        os.environ["DATABASE_URL"] = asked["url"]  # for processes that this one begins
        parts = conninfo_to_dict(asked["url"])
        connection.settings_dict.update({name.upper(): str(parts[name]) for name in ("host", "port", "user")})
        connection.settings_dict["NAME"] = str(parts["dbname"])
    try:
        found = measure(asked["place"], size, Path(asked["folder"]))
    except NotHere as why:
        return {"missing": str(why)}
    several = {"": found} if isinstance(found, Timing) else found
    peak = _peak_mb()
    return {
        "figures": {
            name: {
                "value": one.value, "reference": one.reference, "work": one.work, "peak_mb": peak,
                "peers": dict(one.peers),
            }
            for name, one in several.items()
        }
    }  # fmt: skip


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")
    django.setup()


def _peak_mb() -> float:
    """Of this process, in millions of bytes; Linux counts kilobytes, macOS bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6, 1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
