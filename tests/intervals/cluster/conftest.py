"""A Sail cluster of two workers, which speaks Spark Connect, for the tests of this folder."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

TWO_WORKERS = {
    "SAIL_MODE": "local-cluster",
    "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
    "SAIL_CLUSTER__WORKER_MAX_COUNT": "2",
    "RUST_LOG": "info",
}
READY_WITHIN = 60  # seconds; it takes one


@pytest.fixture(scope="session")
def sail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session with the cluster. The server is a process of its own, as it would be on other machines."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = tmp_path_factory.mktemp("sail") / "server.log"
    with told.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "pysail", "spark", "server", "--port", str(port)],
            stdout=log, stderr=log, env=os.environ | TWO_WORKERS,
        )  # fmt: skip
    try:
        _wait_for(port, server, told)
        sys.modules["__main__"].__dict__.setdefault("__file__", __file__)  # else the client takes xdist for a doctest
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")  # of which we use nothing
            session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
        yield session
        session.stop()
        begun = set(re.findall(r"worker (\d+) is available", told.read_text()))
        assert begun >= {"1", "2"}, f"two workers, and not {begun}"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes], told: Path) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up:
        assert server.poll() is None, told.read_text()
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"no server within {READY_WITHIN} s:\n{told.read_text()}")
