"""`python -m tests.kills.warm`: the program, loaded once and forked for each command that a test runs to its end.

Loading takes two seconds of a processor, most of what a command of a small world takes. A command is a process of its
own as ever, and reads its settings itself: it may bring back others.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from pkgutil import walk_packages

import click

SETTINGS = "lamplighter.config.settings"


class Warm:
    """The loaded program, for the tests: it stands in `folder`."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *module: str, timeout: float) -> subprocess.CompletedProcess[str]:
        """What `python -m` would do with it."""
        assert self._process.stdin
        assert self._process.stdout
        with tempfile.NamedTemporaryFile() as output, tempfile.NamedTemporaryFile() as errors:
            print(json.dumps([module, output.name, errors.name]), file=self._process.stdin, flush=True)
            patience = threading.Timer(timeout, self._process.kill)
            patience.start()
            code = self._process.stdout.readline()
            patience.cancel()
            assert code, "the program does not load, or a command took too long: see what was said above"
            said, faults = (Path(one.name).read_text() for one in (output, errors))
        return subprocess.CompletedProcess(module, int(code), said, faults)

    def end(self) -> None:
        self._process.communicate()


def main() -> None:
    _load()
    for order in sys.stdin:
        module, *streams = json.loads(order)
        pid = os.fork()
        if not pid:
            _be(module, [os.devnull, *streams])
        click.echo(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _load() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django
    from django.db.migrations.loader import MigrationLoader

    from lamplighter.cli import backups

    django.setup()
    MigrationLoader(None)
    for one in walk_packages(backups.__path__, f"{backups.__name__}."):
        importlib.import_module(one.name)
    importlib.import_module("lamplighter.config.urls")
    gc.freeze()  # a collection in a fork would copy every page


def _be(module: list[str], streams: list[str]) -> None:
    """Go on as this command, and end as it does."""
    from django.conf import settings
    from django.db import connections
    from django.utils.functional import empty

    for to, (path, flags) in enumerate(zip(streams, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        os.dup2(os.open(path, flags), to)
    sys.stdin = open(0)  # noqa: SIM115 - what was read ahead of orders is not its input
    sys.modules.pop(SETTINGS)
    settings._wrapped = empty
    vars(connections).clear()
    connections.__init__()
    name, *sys.argv[1:] = module
    runpy.run_module(name, run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    main()
