"""An installation with ten homes and a month of readings, built once in a run of the tests and copied from then on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from lamplighter.platform.localpg.locks import held
from tests.kills.site import Site, site

HOMES = 10


@contextmanager
def standing(places: pytest.TempPathFactory, *, fast: bool = False) -> Iterator[Site]:
    """Not billed yet; `begin_again` comes back to it."""
    own = places.getbasetemp()
    kept = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / f"homes-{'fast' if fast else 'durable'}"
    with ExitStack() as stack:
        with held(kept.with_suffix(".lock")):
            made = stack.enter_context(site(fast=fast, like=kept))
            if not kept.exists():
                built = made.run("tests.kills.world", str(HOMES))
                assert built.returncode == 0, built.stderr
                made.keep_as_world()
                made.cluster.stop()
                subprocess.run(["cp", "-a", made.folder, kept], check=True)
        yield made
