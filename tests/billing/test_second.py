"""Every bill is priced twice; where the calculators differ it is parked, not sent."""

from datetime import date

import pytest

from lamplighter.billing.models import Bill, Parked
from lamplighter.billing.queries import second
from lamplighter.kernel.periods import Period

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


@pytest.fixture
def ada(town):
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    town.on("2026-08-01").moves_in("Ada", rate)
    town.uses("Ada", AUGUST, 1000)
    return town


def test_both_calculators_see_every_bill(ada, monkeypatch):
    seen = []
    honest = second.difference
    monkeypatch.setattr(second, "difference", lambda *given: seen.append(given[0].total) or honest(*given))
    ada.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    assert seen == [Bill.objects.get().charges]


def test_a_difference_of_a_cent_parks_the_bill(ada, monkeypatch):
    """A fault seeded into the second calculator: its total comes out a cent higher."""
    honest = second.Program.price

    def faulty(self, bills, quantities):
        priced = honest(self, bills, quantities)
        priced.totals[:] += 1
        return priced

    monkeypatch.setattr(second.Program, "price", faulty)
    outcome = ada.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    assert (outcome.billed, outcome.parked) == (0, 1)
    parked = Parked.objects.get()
    assert parked.code == "billing.calculators-differ"
    assert "the total differs by 1 cents" in parked.message
    assert parked.evidence["statement"]["cents"] == parked.evidence["first"]
    assert ada.books() == ""
