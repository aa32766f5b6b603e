"""`lamplighter demo` says when it is open, refuses a port that is taken at once, and takes all with it when it ends."""

from __future__ import annotations

import signal
import socket
import urllib.request

import psycopg
import pytest

from tests.kills.site import Site, site, until

STANDS = """INSERT INTO platform_run (kind, subject, state, done, total, message, result, started_by, started_at)
    VALUES ('town.build', 'a city', 'done', 1, 1, '', '{"as_of": "2026-11-20", "homes": 0}', 'system:town', now())"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def bare():
    with site() as made:
        yield made


def test_a_port_that_is_taken_is_refused_before_a_city_is_built(bare: Site, port):
    with socket.create_server(("127.0.0.1", port)):
        refused = bare.command("demo", "--port", str(port))
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in refused.stderr
    assert f'make demo ARGS="--port {port + 1}"' in refused.stderr
    assert "open on" not in refused.stdout
    assert bare.cluster.status().major is None, "not even a database was made"


def test_when_it_ends_its_database_ends_with_it_and_the_next_start_is_on_the_same_city(bare: Site, port):
    assert bare.command("check").returncode == 0
    with psycopg.connect(bare.url, autocommit=True) as session:
        session.execute(STANDS)
    for number in (signal.SIGINT, signal.SIGTERM):
        demo = bare.start("lamplighter", "demo", "--port", str(port), quiet=True)
        said = [demo.stdout.readline() for _ in range(2)]
        assert f"open on http://127.0.0.1:{port}/demo/" in said[1]
        until(lambda: _answers(port), "it serves")
        demo.send_signal(number)
        assert demo.wait(60) == 0
        assert bare.cluster.status().pid is None


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
