"""Commands run in this process, on the test's own database and store."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from lamplighter.cli import main
from tests.town import Town
from tests.web.conftest import make_person


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def said(*arguments: object) -> tuple[int, dict]:
    """The exit code and what stands on standard output, which must be JSON alone."""
    result = run(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def database(db, monkeypatch, settings, tmp_path):
    """Commands find the test's database as they find any other: by its URL."""
    parts = connection.settings_dict
    query = urlencode({"host": parts["HOST"], "port": parts["PORT"], "user": parts["USER"]})
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///{parts['NAME']}?{query}")
    settings.INTERVAL_STORE = str(tmp_path / "intervals")


@pytest.fixture
def staff(database):
    """Iris drafts, Omar adopts, Dana does neither."""
    make_person("iris", "Iris Maddox", "billing-analyst")
    make_person("omar", "Omar Fitch", "finance")
    make_person("dana", "Dana Reyes", "csr")


@pytest.fixture
def town(staff):
    return Town(date(2026, 8, 1))
