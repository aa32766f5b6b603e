"""The desk's town, built once; every test works in a transaction of its own on top of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.customers.operations import give_login
from lamplighter.payments.models import TenderControl
from lamplighter.platform.models import User
from tests.cases.outside import TOKEN
from tests.web.conftest import make_person
from tests.web.desk.town import DANA, NOW, DeskTown, open_town

PEOPLE = (
    ("dana", "Dana Reyes", "senior-csr"), ("tuan", "Tuan Pham", "csr"), ("hannah", "Hannah Brandt", "csr"),
    ("renee", "Renee Abernathy", "supervisor"), ("iris", "Iris Kim", "billing-analyst"),
    ("omar", "Omar Haddad", "finance"), ("audrey", "Audrey Lo", "auditor"), ("admin", "Ada Quist", "administrator"),
)  # fmt: skip


class Clock:
    """Stands where the web reads the time: it is Friday, November 20, 2026, 9:02 am."""

    localdate = staticmethod(timezone.localdate)

    @staticmethod
    def now() -> datetime:
        return NOW


def furnish(folder) -> DeskTown:
    """The town with its staff; Hannah works at the desk and is a customer too."""
    for username, name, role in PEOPLE:
        make_person(username, name, role)
    town = open_town(folder)
    hannah = AccountRole.objects.get(person__name="Hannah Brandt", role="main").person
    give_login(person=hannah, user=User.objects.get(username="hannah"), by=DANA, at=NOW)
    return town


@contextmanager
def standing(folder, blocker) -> Iterator[DeskTown]:
    """The town, in a transaction that is taken back in the end."""
    store = override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder)
    with store, blocker.unblock(), transaction.atomic():
        yield furnish(folder)
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with standing(tmp_path_factory.mktemp("desk"), django_db_blocker) as made:
        yield made


@pytest.fixture(autouse=True)
def morning(monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)


@pytest.fixture
def town(built, db) -> DeskTown:
    """A copy for each test: what a test writes into a home is taken back from the database, but not from memory."""
    own = copy(built)
    own.homes = deepcopy(built.homes)
    return own


@pytest.fixture
def at_desk(town):
    """`at_desk("iris")` is a browser without a window in which Iris is signed in."""

    def sign_in(username: str = "dana") -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in


@pytest.fixture
def dana(at_desk) -> Client:
    return at_desk("dana")


@pytest.fixture
def number(town):
    """`number("Rosa Maldonado")` is her account's."""

    def of(name: str) -> str:
        return town.homes[name].account.number

    return of


@pytest.fixture
def drawer(dana):
    """Dana opens Drawer 1."""
    form = dana.get("/desk/counter/do/open/").context["form"]
    sent = {"drawer": "drawer-1", "request_key": form["request_key"].value()}
    assert dana.post("/desk/counter/do/open/", sent).status_code == 303
    return TenderControl.objects.get(opened_by=str(DANA), state="open")


def words(response) -> str:
    """What a person reads: the page's text without tags and extra space."""
    text = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(text)).replace("\u00a0", " ")


def account_of(number: str) -> Account:
    return Account.objects.get(number=number)


class Later(Clock):
    """The clock of the jobs, five minutes on."""

    localdate = staticmethod(lambda at: at.date())

    @staticmethod
    def now() -> datetime:
        return NOW + timedelta(minutes=5)


@pytest.fixture
def outside(settings, monkeypatch):
    """A telephone system and a gateway of texts that sign, and jobs that run a little later."""
    settings.GATEWAY_TOKEN = TOKEN
    monkeypatch.setattr("lamplighter.jobs.messages.timezone", Later)


@pytest.fixture
def hoa(number):
    return f"/desk/accounts/{number('Thi Hoa Nguyen')}/"
