"""The desk's town behind a real browser, built once for all tests of a module; it is Friday morning there."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings

from tests.web.desk.conftest import Clock, furnish


@pytest.fixture(scope="module")
def people(clone, tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    patch = pytest.MonkeyPatch()
    patch.setattr("lamplighter.web.visits.timezone", Clock)
    with override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder):
        with transaction.atomic():
            built = furnish(folder)
        yield built
    patch.undo()


@pytest.fixture
def number(people):
    """`number("Rosa Maldonado")` is her account's."""
    return lambda name: people.homes[name].account.number
