"""The brewery and its manager behind a real browser, and the demo city with its fourteen key accounts, each built once
for all tests of a module."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import override_settings

from lamplighter.platform.models import User
from tests.browser.key.walk import Doors, Walk, demo_city
from tests.browser.looking import sign_in
from tests.browser.views import NARROW
from tests.duties.conftest import idle, windows
from tests.keyaccounts.world import NOW, Clock, furnish

__all__ = ["idle", "windows"]


@pytest.fixture(scope="module")
def people(clone, tmp_path_factory):
    folder = tmp_path_factory.mktemp("key")
    patch = pytest.MonkeyPatch()
    patch.setattr("lamplighter.web.visits.timezone", Clock)
    with override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder):
        with transaction.atomic():
            built = furnish(folder)
        yield built
    patch.undo()


@pytest.fixture
def joel(page):
    sign_in(page, username="joel")
    return page


@pytest.fixture
def phone(own_page):
    """Joel's phone: 390 px wide, its clock set."""
    own_page.set_viewport_size(NARROW)
    own_page.clock.set_fixed_time(NOW)
    sign_in(own_page, username="joel")
    return own_page


@pytest.fixture(scope="module")
def plan(browser, clone, tmp_path_factory):
    """The browser stands first: once Playwright's loop runs, Django gives this thread another connection."""
    with demo_city(tmp_path_factory.mktemp("stories")) as built:
        yield built


@pytest.fixture
def undone(plan):
    """What is done in a test is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def doors() -> list[Doors]:
    """Seen once."""
    return []


@pytest.fixture
def be(plan, undone, windows, doors) -> Callable[[str], Walk]:
    """`be("priya")` is Priya, who walks through the demo city."""

    def walks(username: str) -> Walk:
        window = windows(User.objects.get(username=username))
        if not doors:
            doors.append(Doors.seen(window))
        return Walk(window, doors[0], plan)

    return walks
