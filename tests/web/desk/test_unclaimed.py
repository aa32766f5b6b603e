"""Finance holds a refund that nobody cashed, gives it to its owner, and in the end asks for it, by pages alone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from lamplighter.payments.models import Refund
from lamplighter.payments.refunds.queries import standing_of
from lamplighter.platform.models import Approval
from tests.web.filling import fills

from .conftest import Clock, words

REFUNDS = "/desk/refunds/"
ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def day(monkeypatch):
    """`day("2027-05-20")`: it is nine in the morning of that day."""

    def becomes(said: str) -> None:
        at = datetime.fromisoformat(f"{said}T09:00").replace(tzinfo=ZONE)
        there = type("There", (Clock,), {"now": staticmethod(lambda: at)})
        monkeypatch.setattr("lamplighter.web.visits.timezone", there)

    return becomes


def test_a_check_nobody_cashed_is_held_given_to_its_owner_and_at_last_taken_over(dana, at_desk, number, day):
    omar, jun = at_desk("omar"), number("Jun Park")
    assert (
        fills(dana, f"/desk/accounts/{jun}/do/refund/", amount="40", method="check", remark="Twice").status_code == 204
    )
    fills(omar, f"{REFUNDS}do/write/")
    found = Refund.objects.get()
    here = f"{REFUNDS}{found.number}/"
    day("2027-05-19")
    assert "Its six months are not over" in words(fills(omar, f"{here}do/unclaimed/"))
    day("2027-05-20")
    fills(omar, f"{here}do/unclaimed/")
    shown = words(omar.get(here))
    assert "Unclaimed" in shown
    assert "May become the city's Tue, Nov 20, 2029" in shown
    assert "$40.00 never cashed, held as unclaimed" in words(dana.get(f"/desk/accounts/{jun}/"))

    assert fills(omar, f"{here}do/claim/", remark="", then="again").status_code == 422
    fills(omar, f"{here}do/claim/", remark="Jun Park, by his license", then="again")
    assert "Check written" in words(omar.get(here))
    day("2027-12-01")
    fills(omar, f"{here}do/unclaimed/")
    early = fills(omar, f"{here}do/take-over/", newspaper="Marisol Bay Ledger", first_published="2027-11-01")
    assert "may first be published on May 20, 2030" in words(early)

    day("2030-07-15")
    over = f"{here}do/take-over/"
    fills(omar, over, newspaper="Marisol Bay Ledger", first_published="2030-05-20")
    approval = Approval.objects.get(kind="payments.unclaimed-taken")
    page = f"/lead/approvals/{approval.pk}/"
    asked = words(at_desk("renee").get(page))
    assert f"Take over $40.00 of RF-{found.number} that nobody claimed" in asked
    assert "Marisol Bay Ledger" in asked
    assert at_desk("renee").post(page, {"decision": "yes"}).status_code == 303
    assert standing_of(found) == "taken"
    assert "Taken over, unclaimed" in words(omar.get(here))


def test_a_representative_gives_nothing_out_and_takes_nothing_over(dana, at_desk, number):
    fills(dana, f"/desk/accounts/{number('Jun Park')}/do/refund/", amount="40", method="check", remark="Twice")
    for act in ("unclaimed", "claim", "take-over"):
        assert dana.get(f"{REFUNDS}{Refund.objects.get().number}/do/{act}/").status_code == 403
