"""Fixtures for every test."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connection, connections
from django.template.base import Template
from playwright.sync_api import Browser, sync_playwright
from psycopg.conninfo import conninfo_to_dict

from lamplighter.config.state import state_root
from lamplighter.platform.localpg import Cluster
from tests.browser.chromium import ARGUMENTS, chromium

REPO = Path(__file__).parents[1]
OURS = str(REPO / "src" / "lamplighter")

# No test fails on a clock: on a machine that is busy with others an example may take any time.
hypothesis.settings.register_profile("lamplighter", deadline=None)
hypothesis.settings.load_profile("lamplighter")


LONG = {
    "marisol/test_city.py", "network/test_commands.py", "web/test_surfaces.py", "stories/test_empty.py",
    "browser/desk/test_desk.py", "operations/test_backup.py", "setup/test_localpg.py", "browser/field/test_field.py",
    "operations/test_serving.py", "rating/test_books.py", "kills/test_kills.py",
}  # fmt: skip
"""Files that take half a minute or more: begun first, so that no processor waits for another's at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that drives a browser and fails is played once more, and named at the end of the run with what failed:
    docs/adr/0028-browser-tests-have-a-second-try.md."""
    items.sort(key=lambda item: item.path.relative_to(REPO / "tests").as_posix() not in LONG)
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def templates_never_query(monkeypatch):
    """Everything is asked before a page renders: a query from a template is refused, and fails the test."""
    asked: list[str] = []
    theirs = threading.local()
    render = Template._render

    def refuse(execute, sql, params, many, context):
        asked.append(sql)
        raise AssertionError(f"a template asked the database: {sql}")

    def watched(template, context):
        if getattr(theirs, "inside", False):
            return render(template, context)
        if not str(template.origin.name).startswith(OURS):  # a library's page, with our parts inside
            theirs.inside = True
            try:
                return render(template, context)
            finally:
                theirs.inside = False
        with connection.execute_wrapper(refuse):
            return render(template, context)

    monkeypatch.setattr(Template, "_render", watched)
    yield
    assert not asked, f"a template asked the database: {asked[0]}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside corpora beside the checkout; a user's clone has none, and says so by skipping."""
    folder = Path(os.environ.get("LAMPLIGHTER_SHARED", REPO.parent / "shared"))
    if not (folder / "data").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"in CI the outside corpora must be there: {folder}")
        pytest.skip(f"no outside corpora at {folder}: set LAMPLIGHTER_SHARED to read them")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for each process of tests."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread that tests use the ORM in
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> Iterator[None]:
    """Without DATABASE_URL, an embedded PostgreSQL of the tests' own, which need not outlive a power cut. Processes
    that share the tests (`-n 2`) share it too, each with a database of its own."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    cluster = embedded().ensure()
    parts = conninfo_to_dict(cluster.url("postgres"))
    place = {"HOST": parts["host"], "PORT": str(parts["port"]), "USER": parts["user"]}
    connections.databases["default"].update(place)
    yield
    connections.close_all()


SPREAD = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT objid::regclass AS name, row_number() OVER (ORDER BY objid::regclass::text) * 1009 AS first
      FROM pg_depend JOIN pg_sequence ON objid = seqrelid
      WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
  LOOP EXECUTE format('ALTER SEQUENCE %s START %s RESTART', one.name, one.first); END LOOP;
END $$"""
"""Each table's ids begin elsewhere, and with four digits: who takes one table's id for another's, or an id for one
digit, is found whichever tests ran before."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """A thread of some test may have left a session behind, and PostgreSQL drops no database that is in use."""
    if connection.settings_dict["NAME"].startswith("test_"):  # none is made where no test asks for a database
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(SPREAD)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            name = connection.settings_dict["NAME"]
            cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])


def pytest_unconfigure(config: pytest.Config) -> None:
    """The embedded PostgreSQL ends with the process that was started by hand, not with the first out of tests."""
    if not hasattr(config, "workerinput") and not os.environ.get("DATABASE_URL"):
        embedded().stop_unless_used()


def embedded() -> Cluster:
    return Cluster(state_root() / "pg-tests", fast=True)
