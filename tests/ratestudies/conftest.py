"""The harbor is built once; every test works in a transaction of its own on top of it."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings

from tests.ratestudies.town import build
from tests.web.conftest import make_person

PEOPLE = (("renee", "Renee Abernathy", "supervisor"), ("omar", "Omar Fitch", "finance"), ("dana", "Dana Reyes", "csr"),
          ("iris", "Iris Maddox", "billing-analyst"))  # fmt: skip


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("harbor")
    store = override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder)
    with store, django_db_blocker.unblock(), transaction.atomic():
        for username, name, role in PEOPLE:
            make_person(username, name, role)
        yield build(folder)
        transaction.set_rollback(True)


@pytest.fixture
def harbor(built, db):
    return built
