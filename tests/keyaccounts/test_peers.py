"""A brewery beside others of its business: as near as enough of them are, and never fewer than five."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median

import numpy as np
import pytest

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Segment
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.queries.loads import peers
from lamplighter.outreach.operations.traits import note_trait
from lamplighter.outreach.queries.businesses import same_business
from lamplighter.platform.transactions import unit_of_work
from lamplighter.tariffs.models import Schedule
from lamplighter.web.key.others import others_shown
from tests.keyaccounts.conftest import BEGAN, JOEL, READS, TODAY, billed, brew, known_as

CODES = ("312120", "312120", "312130", "312230", "311811", "312140")
"""Two breweries, a winery, a maker of tobacco, a bakery, a distillery."""


READ_AT = datetime(2026, 9, 1, 17, tzinfo=UTC)


@pytest.fixture
def kelp(town):
    home = brew(town)
    homes = []
    for nth, code in enumerate(CODES):
        town.on(BEGAN.isoformat())
        other = town.moves_in(f"Other {nth}", Schedule.objects.get(code="GS-1"), interval=900)
        days = Period(BEGAN, READS[0])
        town.uses(f"Other {nth}", days, np.full(days.days * 96, 1000 * (nth + 1), dtype=np.int64))
        homes.append((other, code))
    billed(town, READS[:1])
    with unit_of_work(JOEL):
        for other, code in homes:
            note_trait(account=other.account, kind="business", value=code, source="City licences", on=BEGAN, by=JOEL,
                       at=town.at)  # fmt: skip
        return known_as(home, "Kelp & Kettle Brewing", at=town.at), home


def test_as_near_as_five_others_are(kelp):
    _, home = kelp
    found = same_business(home.account, on=TODAY)
    assert (found.code, found.digits) == ("312120", "312"), "by 3121 there are but four"


def test_only_the_same_business_is_compared(kelp):
    organisation, home = kelp
    service = Agreement.objects.get(account=home.account, kind="energy")
    alike = same_business(home.account, on=READS[0])
    found = peers(service, on=READS[0], among=alike.accounts)
    assert found.count == 5, "not the bakery"
    shown = " ".join(str(one.value) for one in others_shown(organisation, service, READS[0])["facts"])
    assert "middle of 5 other customers of business code 312" in shown


def test_the_use_of_a_floor_is_told_beside_the_same_business_where_five_floors_are_known(kelp):
    organisation, home = kelp
    service = Agreement.objects.get(account=home.account, kind="energy")
    alike = same_business(home.account, on=READS[0]).accounts
    used = {pk: Segment.objects.get(agreement__account=pk, agreement__kind="energy").kwh for pk in alike}

    def know(floors):
        with unit_of_work(JOEL):
            for pk, area in floors.items():
                note_trait(account=Account.objects.get(pk=pk), kind="area", value=str(area), source="Assessor",
                           on=BEGAN, by=JOEL, at=READ_AT)  # fmt: skip
        return " ".join(str(one.value) for one in others_shown(organisation, service, READS[0])["facts"])

    first, *others = sorted(alike)
    assert "kWh/sq ft" not in know({home.account.pk: 1000} | dict.fromkeys(others, 500)), "four floors"
    own = Segment.objects.get(agreement=service).kwh / 1000
    middle = median(used[pk] / (250 if pk == first else 500) for pk in alike)
    assert f"{own:.1f} kWh/sq ft; middle of 5 others whose floor area is known {middle:.1f} kWh/sq ft" in know(
        {first: 250})  # fmt: skip
