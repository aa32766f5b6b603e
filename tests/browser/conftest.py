"""A real Chromium against a real server on a copy of the test database.

Append-only tables refuse the TRUNCATE with which pytest-django's own live server cleans up, so each module gets a
clone of the migrated database and drops it afterwards.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.test.testcases import LiveServerThread
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, Page, expect

from tests.browser.doorway import APART
from tests.browser.slowly import PATIENCE, delay
from tests.browser.tab import NOBODY, forget, new_tab, watched
from tests.web.conftest import make_person

numbers = count(1)
expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def urlconf() -> str:
    """The URLs that the server serves; a module may override it."""
    return str(settings.ROOT_URLCONF)


@pytest.fixture(scope="module")
def people() -> None:
    """Called on the fresh clone; a module may override it with a whole town."""
    for username, name, role in [
        ("dana", "Dana Reyes", "csr"), ("renee", "Renee Abernathy", "supervisor"),
        ("joel", "Joel Castellanos", "account-manager"), ("admin", "Ada Quist", "administrator"),
        ("thihoa", "Thi Hoa Nguyen", ""), ("kelp", "Kelp & Kettle Brewing", ""),
    ]:  # fmt: skip
        make_person(username, name, role)


@pytest.fixture(scope="session")
def migrated(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """The name of the test database. pytest-django makes none where only browser tests were asked for."""
    name = connection.settings_dict["NAME"]
    made = []
    if not name.startswith("test_"):
        with django_db_blocker.unblock():
            made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def clone(migrated: str, django_db_blocker) -> Iterator[str]:
    """A copy of the test database that this module may fill for good."""
    with django_db_blocker.unblock():
        original = migrated
        copy = f"{original}_{os.getpid()}_{next(numbers)}"
        connection.close()
        _leave(original)
        _at_server(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        _point_at(copy)
        try:
            yield copy
        finally:
            _point_at(original)
            _at_server(f'DROP DATABASE "{copy}" WITH (FORCE)')


class Handler(StaticFilesHandler):
    """Late, if the tests run slowly on purpose; with an empty page beside the program's own."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == NOBODY:
            return HttpResponse(headers=APART)
        answer = super().get_response(request)
        time.sleep(delay())
        return answer


@pytest.fixture(scope="module")
def server(clone: str, people: None, urlconf: str) -> Iterator[str]:
    """The address of the program, as a demo, on that copy."""
    with override_settings(DEMO=True, ROOT_URLCONF=urlconf):
        thread = LiveServerThread("127.0.0.1", Handler)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        yield f"http://127.0.0.1:{thread.port}"
        thread.terminate()
        connection.close()


@pytest.fixture(scope="module")
def tab(browser: Browser, server: str) -> Iterator[Page]:
    """At which nobody sits."""
    opened = new_tab(browser, server)
    yield opened
    opened.context.close()


@pytest.fixture
def page(tab: Page, server: str) -> Iterator[Page]:
    """A page as somebody finds it who was never here."""
    try:
        with watched(tab, server):
            yield tab
    finally:
        forget(tab, server)


@pytest.fixture
def own_page(browser: Browser, server: str) -> Iterator[Page]:
    """A page in a profile that nobody had and nobody will have: for what lasts (a clock, a worker in the background),
    and for what is only so the first time."""
    opened = new_tab(browser, server)
    with watched(opened, server):
        yield opened
        opened.context.close()


def _leave(database: str) -> None:
    """A thread of an earlier test may have left a session behind; PostgreSQL copies no database that is in use."""
    others = f"FROM pg_stat_activity WHERE datname = '{database}' AND backend_type = 'client backend'"
    with connection._nodb_cursor() as cursor:
        for _ in range(100):
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")
            if not cursor.fetchall():
                return
            time.sleep(0.05)


def _at_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _point_at(database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = database
