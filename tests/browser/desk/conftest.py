"""The desk's town behind a real browser, built once for all tests of a module; it is Friday morning there."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client, override_settings
from playwright.sync_api import Page

from lamplighter.kernel.actors import staff
from lamplighter.payments import operations as payments
from lamplighter.payments.models import TenderControl, TenderSource
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from tests.browser.looking import sign_in
from tests.web.desk.conftest import Clock, furnish
from tests.web.desk.town import DANA, NOW


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


@pytest.fixture(scope="module", autouse=True)
def warm(people, server):
    """The first page that a server gives compiles every template; no tester's patience is to be measured by that."""
    client = Client()
    client.force_login(User.objects.get(username="dana"))
    for page in (f"/desk/accounts/{people.homes['Thi Hoa Nguyen'].account.number}/", "/desk/counter/"):
        assert client.get(page).status_code == 200


@pytest.fixture
def number(people):
    """`number("Rosa Maldonado")` is her account's."""
    return lambda name: people.homes[name].account.number


@pytest.fixture
def dana(page):
    sign_in(page, username="dana")
    return page


@pytest.fixture
def drawer(people):
    """Dana's drawer, open since this morning."""
    return opened("drawer-1", DANA)


@pytest.fixture
def drawer_of_tuan(people):
    return opened("drawer-3", staff("tuan"))


@pytest.fixture
def account(dana, number):
    def opened(name: str) -> Page:
        dana.goto(f"/desk/accounts/{number(name)}/")
        return dana

    return opened


def opened(key: str, by) -> TenderControl:
    control = TenderControl.objects.filter(opened_by=str(by), state="open").first()
    if control is None:
        with unit_of_work(by):
            source = TenderSource.objects.get(key=key)
            control = payments.open_control(source=source, by=by, at=NOW)
    return control
