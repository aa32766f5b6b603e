"""The statement of a bill is canonical: the same facts are the same text, whichever version wrote them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from lamplighter.billing.canonical import CANONICAL
from lamplighter.billing.statement import written
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PricedBill, PricedLine, Said, Step
from lamplighter.rating.charges import Per
from lamplighter.rating.determinants import Ask, DemandWindow, Determinant, What
from lamplighter.rating.tariff import Citation, Kind, RoundingRule
from lamplighter.usage.measuring import Measured

MONTH = Period(date(2026, 10, 1), date(2026, 11, 1))
WINDOW = DemandWindow(15)
ODD = 'Café "Zoë" \\ é\n'


def statement(*asks: Ask) -> str:
    one = Decimal(1)
    said = Said(
        code="energy", label=ODD, kind=Kind.ENERGY, unit="kWh", price=one, times=one, period=MONTH, days=31,
        tariff="R-1", citation=Citation(ODD, "4"), per=Per.UNIT,
    )  # fmt: skip
    line = PricedLine(one, one, Money(100), (Step(ODD, one),), said, ((ODD, one),))
    priced = PricedBill("R-1", MONTH, (line,), one, Money(100), RoundingRule.EACH_LINE, {ODD: one, "a": one}, {})
    bill = BillInput(MONTH, attributes={"well": ODD, "all": "x"}, closes_year=True)
    measured = Measured(dict.fromkeys(asks, one), band_kwh=one)
    return written(tariffs=(), bill=bill, measured=measured, priced=priced, true_up={"b": 1, "a": ODD})


def test_it_is_what_an_encoder_with_sorted_keys_writes():
    text = statement()
    assert CANONICAL.encode(json.loads(text)) == text
    assert json.loads(text)["facts"] == {"well": ODD, "all": "x"}


def test_what_was_measured_stands_in_the_order_of_its_names():
    """One name may begin as another does."""
    peak, daily = (Ask(Determinant(What.KW, window=WINDOW, daily=daily), MONTH) for daily in (False, True))
    names = [row["determinant"] for row in json.loads(statement(daily, peak))["determinants"]]
    assert names == sorted(names)
    assert names[1].startswith(names[0])
