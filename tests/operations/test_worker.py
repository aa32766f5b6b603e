"""A worker outlives its database, and another takes over from one that was killed: bills come out once, and right."""

from __future__ import annotations

import signal

import psycopg

from tests.kills.books import books, differences
from tests.kills.site import until

WORKER = "tests.kills.slow_worker"
COMES_LATE = """
from lamplighter.cli.booting import boot, migrate_database
from lamplighter.config.state import state_root
from lamplighter.platform.localpg import Cluster

boot(migrate=False)
Cluster(state_root() / "pg").stop()  # as another does who ends, and sees nobody there
migrate_database()
"""


def asked(site, question):
    """None while the database does not answer."""
    try:
        with psycopg.connect(site.url) as session:
            return session.execute(question).fetchone()[0]
    except psycopg.OperationalError:
        return None


def billed(site, count):
    return lambda: (asked(site, "SELECT count(*) FROM billing_bill") or 0) >= count


def ended(site):
    return lambda: asked(site, "SELECT state FROM platform_run") == "done"


def test_who_comes_while_another_ends_the_database_has_it_started_again(durable):
    durable.begin_again()
    durable.folder.joinpath("late.py").write_text(COMES_LATE)
    late = durable.run("late")
    assert late.returncode == 0, late.stderr
    assert durable.cluster.status().pid, "it runs"


def test_killed_workers_and_a_killed_database_change_nothing(durable):
    durable.begin_again()
    assert durable.run("tests.kills.asking").returncode == 0
    one = durable.start("lamplighter", "worker")
    until(ended(durable), "an undisturbed worker has billed")
    one.send_signal(signal.SIGTERM)
    assert one.wait(30) == 0, "it ends when it is told to"
    expected = books(durable)

    durable.begin_again()
    assert durable.run("tests.kills.asking").returncode == 0
    killed = durable.start(WORKER, "0.2")
    until(billed(durable, 2), "some are billed")
    killed.kill()
    other = durable.start(WORKER, "0.2", quiet=True)
    until(billed(durable, 4), "another worker has taken over")
    durable.kill_database()
    until(ended(durable), "the worker has its database back, and has billed all")
    assert not differences(books(durable), expected)
    assert asked(durable, "SELECT attempts FROM procrastinate_jobs WHERE task_name = 'billing.bill-window'") >= 2
    assert other.poll() is None, "it is still at work"
