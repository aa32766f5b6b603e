"""What must hold of any rate book: a bill cut in two comes to its parts where the rules say so, and more costs no less.

Both calculators price every bill (`both` insists that they agree).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, Tariff, asks
from tests.rating.columnar.both import both
from tests.rating.writing import tariff

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CENTS = st.integers(0, 99_999).map(lambda n: Decimal(n).scaleb(-5))
DOLLARS = st.integers(0, 9_999).map(lambda n: Decimal(n).scaleb(-2))
KWH = st.integers(0, 900_000).map(lambda n: Decimal(n).scaleb(-3))
MONTH_DAYS = st.sampled_from(["30", "30.4167", "31"])
PEAK_AND_OFF = st.fixed_dictionaries({"peak": KWH, "off": KWH})
DAYS = st.integers(1, 40)
FIRST = st.dates(date(2026, 1, 1), date(2026, 11, 1))
HOURS = """
[[calendar.clock]]
[[calendar.clock.period]]
name = "peak"
windows = [{ from = "12:00", to = "20:00", days = "Mon-Sat" }]
[[calendar.clock.period]]
name = "off"
"""


@st.composite
def by_days(draw: st.DrawFn) -> Tariff:
    """Charges that go by days and by kWh: a month is so many days, whatever their number; no steps, no peaks."""
    text = f"""{HOURS}
[attribute.lamps]
label = "Lamps"
type = "number"
unit = "lamp"
[proration]
month_days = {draw(MONTH_DAYS)}
[[line]]
code = "customer"
unit = "$/month"
price = {draw(DOLLARS)}
[[line]]
code = "base"
unit = "$/day"
price = {draw(CENTS)}
[[line]]
code = "lamps"
quantity = "lamps"
unit = "$/lamp/month"
price = {draw(DOLLARS)}
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
price = {{ by = "period", peak = {draw(CENTS)}, off = {draw(CENTS)} }}
[[line]]
code = "surcharge"
quantity = "kWh"
unit = "$/kWh"
price = {draw(CENTS)}
taxable = false
losses = 1.015
[[line]]
code = "discount"
of = ["energy", "customer"]
percent = {draw(st.sampled_from(["25", "60"]))}
credit = true
[[line]]
code = "tax"
kind = "tax"
of = "taxable above"
percent = {draw(st.sampled_from(["7.5", "0.03"]))}
[[line]]
code = "tax_on_tax"
kind = "tax"
of = ["tax"]
percent = 2
"""
    return tariff(text, rounding="once")


def priced(found: Tariff, period: Period, used: dict[str, Decimal], **facts: object) -> Decimal:
    """By the kWh of each TOU period, of which all hours are the sum; peaks are told as kW."""
    bill = BillInput(period, facts)
    answers = {}
    for ask in asks(found, bill):
        hours = ask.determinant.periods or [name for name in used if name != "kW"]
        answers[ask] = sum((used[name] for name in hours), Decimal(0)) if ask.determinant.what.adds_up else used["kW"]
    return both(found, bill, answers).exact


@SLOW
@given(found=by_days(), first=FIRST, days=st.tuples(DAYS, DAYS), used=st.lists(PEAK_AND_OFF, min_size=2, max_size=2),
       lamps=st.integers(0, 40))  # fmt: skip
def test_a_bill_cut_in_two_comes_to_its_parts(*, found, first, days, used, lamps):
    """But for the twentieth place: a third of a month has no finite decimal."""
    cut = first + timedelta(days=days[0])
    end = cut + timedelta(days=days[1])
    both_parts = {name: used[0][name] + used[1][name] for name in used[0]}
    whole = priced(found, Period(first, end), both_parts, lamps=lamps)
    parts = priced(found, Period(first, cut), used[0], lamps=lamps) + priced(
        found, Period(cut, end), used[1], lamps=lamps
    )
    assert abs(whole - parts) < Decimal("1E-15")


STEPPED = """
[proration]
month_days = 30
regular_days = [27, 33]
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
tiers_per = "{basis}"
[[line.tier]]
price = {a}
up_to = {limit}
[[line.tier]]
price = {b}
[[line]]
code = "demand"
quantity = "kW"
unit = "$/kW"
price = {demand}
least = 5
free = 2
[[line]]
code = "least"
of = ["energy"]
[[line.minimum]]
unit = "$/month"
price = {least}
[[line]]
code = "tax"
kind = "tax"
of = "all above"
percent = 7.5
"""


@st.composite
def stepped(draw: st.DrawFn) -> Tariff:
    """Steps that may fall or rise, a demand charge, a minimum and a tax: all prices at nothing or above."""
    basis = draw(st.sampled_from(["month", "day", "bill"]))
    text = STEPPED.format(
        basis=basis, a=draw(CENTS), b=draw(CENTS), limit=draw(st.sampled_from(["8", "211", "600.5"])),
        demand=draw(DOLLARS), least=draw(DOLLARS),
    )  # fmt: skip
    return tariff(text, rounding=draw(st.sampled_from(["once", "each line"])))


@SLOW
@given(found=stepped(), first=FIRST, days=DAYS, kwh=KWH, more=KWH, kw=DOLLARS, higher=DOLLARS)
def test_who_uses_more_pays_no_less(*, found, first, days, kwh, more, kw, higher):
    period = Period(first, first + timedelta(days=days))
    usual = priced(found, period, {"all": kwh, "kW": kw})
    assert priced(found, period, {"all": kwh + more, "kW": kw}) >= usual
    assert priced(found, period, {"all": kwh, "kW": kw + higher}) >= usual
