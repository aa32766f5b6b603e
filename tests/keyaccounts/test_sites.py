"""An organisation's sites beside each other: whichever way they are read."""

from __future__ import annotations

from django.urls import reverse

from lamplighter.accounts.models import AccountRole
from lamplighter.tariffs.models import Schedule
from tests.keyaccounts.world import Clock, World, answers


def test_a_site_that_is_read_by_its_dials_stands_below_by_its_bills(kelp, town, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    cellar = town.moves_in("Cellar", Schedule.objects.get(code="GS-1"))
    AccountRole.objects.filter(account=cellar.account).update(person=kelp.person)
    page = answers(World(town, kelp).be("joel").get(reverse("key:load", args=[kelp.slug]), {"panel": "sites"}))
    assert page.index("Load factor (%)") < page.index("412") < page.index("No intervals here")
    assert str(cellar.agreement.premise) in page
