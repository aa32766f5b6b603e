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
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.test.testcases import LiveServerThread
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, Page, expect

from tests.browser.slowly import PATIENCE, delay, slow
from tests.browser.views import WIDE
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
    """Late, if the tests run slowly on purpose."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
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


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page in a fresh profile. What the browser complains of (scripts, policy, missing files) fails the test, and so
    does whatever is asked of another host than the program's own (ALL-E10)."""
    context = browser.new_context(base_url=server, viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE * 1000)
    opened = context.new_page()
    slow(opened)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: _complain(complaints, line.type, line.text))
    opened.on("request", lambda asked: _stay_here(complaints, server, asked.url))
    yield opened
    context.close()
    assert not complaints, complaints


def _complain(complaints: list[str], kind: str, text: str) -> None:
    """But for answers that a test asks for, and for what finds no signal: without one or with a service worker."""
    refused = "the server responded with a status of 4", "the server responded with a status of 500"
    expected = *refused, "ERR_INTERNET", "ERR_FAILED"
    if kind == "error" and not any(words in text for words in expected):
        complaints.append(text)


def _stay_here(complaints: list[str], server: str, url: str) -> None:
    if not url.startswith((server, "data:", "blob:")):
        complaints.append(f"{url} is asked of somebody else")


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
