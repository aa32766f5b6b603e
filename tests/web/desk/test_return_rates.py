"""The page of AutoPay shows the three rates of returns that the network watches, of sixty days, prenotes left out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.models import Autopay, Draft, DraftStep, PaymentEvent

from .conftest import account_of, words
from .town import DANA, NOW, TODAY


@pytest.fixture
def autopay(number):
    return Autopay.objects.create(
        account=account_of(number("Gwen Pruitt")), sealed="x", digest="x", last_four="4411", savings=False,
        business=False, holder="Gwen Pruitt", consent="signed", words="…", begins=date(2026, 1, 1), begun_at=NOW,
        begun_by=DANA,
    )  # fmt: skip


def drawn(autopay, place, *, days_ago=5, code="", prenote=False):
    """A debit that went out so many days ago, and came back since where there is a code."""
    on = TODAY - timedelta(days=days_ago)
    draft = Draft.objects.create(
        autopay=autopay, bill="" if prenote else f"B-{place}", amount=ZERO if prenote else Money(5000), draw_on=on,
        recorded_at=NOW, recorded_by=DANA,
    )  # fmt: skip
    told = {"draft": draft, "recorded_at": NOW, "recorded_by": DANA}
    event = None if prenote else PaymentEvent.objects.create(
        receipt=f"T{place}", received_on=on, recorded_at=NOW, recorded_by=DANA
    )  # fmt: skip
    DraftStep.objects.create(act="sent", on=on, trace=f"{place:015}", event=event, **told)
    if code:
        DraftStep.objects.create(act="returned", on=on + timedelta(days=2), code=code, why="back", **told)


def test_each_rate_stands_with_its_count_and_limit(at_desk, autopay):
    omar = at_desk("omar")
    for place in range(1, 41):
        drawn(autopay, place, code={1: "R10", 2: "R03", 3: "R01"}.get(place, ""))
    page = words(omar.get("/desk/autopay/"))
    assert "Unauthorized 2.50% 1 of 40, limit 0.5%" in page
    assert "Administrative 2.50% 1 of 40, limit 3.0%" in page
    assert "All returns 7.50% 3 of 40, limit 15.0%" in page


def test_prenotes_and_what_is_older_than_sixty_days_count_neither_way(at_desk, autopay):
    drawn(autopay, 1)
    drawn(autopay, 2, days_ago=61, code="R10")
    drawn(autopay, 3, code="R03", prenote=True)
    page = words(at_desk("omar").get("/desk/autopay/"))
    assert "Unauthorized 0.00% 0 of 1" in page
    assert "Administrative 0.00% 0 of 1" in page
