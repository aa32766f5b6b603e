"""The last bill explained: beside the one before and beside a year before."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.kernel.money import total
from lamplighter.keyaccounts.queries.changes import explained
from tests.keyaccounts.conftest import TODAY
from tests.keyaccounts.world import Clock, answers, world


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("changes"), django_db_blocker) as made:
        yield made


@pytest.fixture
def service(built, db):
    return Agreement.objects.get(kind="energy")


def test_the_last_bill_stands_beside_the_one_before_and_beside_a_year_before(service):
    month, year = explained(service, on=TODAY, alone=True)
    assert [one.shown.then.name for one in (month, year)] == ["Aug 2026", "Sep 2025"]
    for one in (month, year):
        assert total(cause.amount for cause in one.causes) == one.shown.change


def test_the_page_tells_it(built, service, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    page = answers(built.be("joel").get(reverse("key:load", args=[built.kelp.slug]), {"panel": "changes"}))
    assert "Sep 2026 beside Aug 2026" in page
    assert "Sep 2026 beside Sep 2025" in page
