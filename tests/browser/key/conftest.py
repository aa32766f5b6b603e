"""The brewery and its manager behind a real browser, built once for all tests of a module."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings

from tests.browser.looking import sign_in
from tests.browser.views import NARROW
from tests.keyaccounts.world import NOW, Clock, furnish


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
def phone(page):
    """Joel's phone: 390 px wide, its clock set."""
    page.set_viewport_size(NARROW)
    page.clock.set_fixed_time(NOW)
    sign_in(page, username="joel")
    return page
