"""A bill lists the open items of an account that is aged by them, as they stood when it was issued, for good."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from lamplighter.billing.documents.compiler import Order, compile_bill
from lamplighter.billing.documents.content import content
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.recompute import recompute_all
from lamplighter.billing.rules import BackBilling
from lamplighter.credit.models import Match
from lamplighter.credit.operations.matching import set_style, unmatch
from lamplighter.credit.rules.matching import Style
from lamplighter.journeys.paying import take_payment
from lamplighter.journeys.rebilling import correct
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.transactions import unit_of_work
from tests.billing.conftest import DEC_25, NOV_25, OCT_25
from tests.town import DANA

ADA, MOVED_IN, JAN_26 = "Ada Quill", date(2025, 9, 3), date(2026, 1, 3)


class Works:
    """A large account: aged by open items since it was billed for September 2025."""

    def __init__(self, readers):
        self.town = readers
        self.home = readers.settles(ADA, readers.adopts_own("r-1_2025.toml"))
        readers.lives(ADA, MOVED_IN, JAN_26)
        self.first = readers.bills_now(ADA, OCT_25)
        self.on(OCT_25 + timedelta(days=3))
        with unit_of_work(DANA):
            set_style(account=self.home.account, style=Style.OPEN, reason="Pays bill by bill", **self.now)

    @property
    def now(self):
        return {"on": self.town.today, "by": DANA, "at": self.town.at}

    def on(self, day: date) -> Works:
        self.town.today = day
        return self

    def billed(self, until: date):
        with unit_of_work(DANA):
            return self.town.bills_now(ADA, until)

    def pays(self, amount: Money, *, of: str):
        with unit_of_work(DANA):
            take_payment(key=None, control=self.town.drawer, tenders=[TenderIn("check", amount, amount, of)],
                         payments_to={self.home.account: amount}, **self.now)  # fmt: skip


@pytest.fixture
def works(readers):
    return Works(readers)


def listed(bill):
    items = view(bill).open_items
    assert total(one.open for one in items.items) + items.rest == bill.due
    return [(one.bill, one.due_on, one.late, one.open) for one in items.items], items.rest


def paper(bill) -> str:
    pdf = compile_bill(Order(content(view(bill)), bill.issued_on)).pdf
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_each_open_bill_with_its_due_day_its_open_amount_and_the_days_past_due(works):
    second = works.billed(NOV_25)
    works.on(NOV_25 + timedelta(days=9)).pays(second.charges, of=f"inv {second.number}")
    third = works.billed(DEC_25)
    assert (works.first.due_on, third.issued_on) == (date(2025, 10, 25), date(2025, 12, 4)), "40 days"
    rows, rest = listed(third)
    assert rows == [
        (works.first.number, works.first.due_on, 40, works.first.due),
        (third.number, third.due_on, 0, third.charges),
    ], "the second is paid by its number, the older one is not"
    assert rest == ZERO
    told = paper(third)
    for word in ("Your open bills", works.first.number, f"{works.first.due_on:%b %-d, %Y}", "40", str(third.due)):
        assert word in told


def test_what_is_listed_is_not_told_a_second_time(works):
    before = view(works.first)
    listed = view(works.billed(NOV_25))
    assert listed.amounts.previous + listed.amounts.received > ZERO
    assert listed.open_items
    assert "Part of this is from an earlier bill" not in [one.title for one in listed.messages]
    assert before.open_items is None


def test_what_comes_later_does_not_change_a_bill_that_was_issued(works):
    second = works.billed(NOV_25)
    before, told = listed(second), paper(second)
    works.on(NOV_25 + timedelta(days=9)).pays(works.first.due, of=works.first.number)
    works.billed(DEC_25)
    with unit_of_work(DANA):
        works.town.lives(ADA, MOVED_IN, OCT_25, scale=2)
        _, again = correct(agreement=works.home.agreement, period=Period(MOVED_IN, OCT_25), reason="reads",
                           policy=BackBilling(), **works.now)  # fmt: skip
    assert again.number in [row[0] for row in listed(again)[0]]
    assert (listed(second), paper(second)) == (before, told)
    assert [one.difference for one in recompute_all()] == [""] * 4


def test_credit_that_pays_no_bill_yet_stands_beside_them(works):
    works.on(OCT_25 + timedelta(days=6)).pays(Money(1000), of="")
    with unit_of_work(DANA):
        unmatch(match=Match.objects.get(), reason="Not for this one", **works.now)
    second = works.billed(NOV_25)
    rows, rest = listed(second)
    assert ([row[3] for row in rows], rest) == ([works.first.due, second.charges], Money(-1000))
    assert "Paid or credited, for no bill yet" in paper(second)


def test_bills_of_before_and_of_accounts_aged_balance_forward_list_nothing(works):
    assert view(works.first).open_items is None
    works.on(NOV_25 - timedelta(days=9))
    with unit_of_work(DANA):
        set_style(account=works.home.account, style=Style.FORWARD, reason="As before", **works.now)
    second = works.billed(NOV_25)
    assert view(second).open_items is None
    assert "Your open bills" not in paper(second)
