"""Why a bill differs: causes priced by the calculator, which add up to the change to the cent."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.accounts import operations as accounts
from lamplighter.billing.queries.comparison import Cause, Charged, Side, Why, asks_of_then, causes
from lamplighter.billing.queries.comparison_words import Told, in_words, sentence
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.reading_view import Compared
from lamplighter.billing.rules import BackBilling
from lamplighter.journeys.rebilling import correct
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PastBill
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.files import parse
from lamplighter.rating.price import asks, price
from lamplighter.rating.tariff import BillKind
from tests.billing.conftest import NOV_25, OCT_25, RATES, factory, hourly
from tests.town import DANA

HOA = "Thi Hoa Nguyen"
RATCHET = "ratchet = [{ percent = 80, months_back = 11 }]"


@cache
def rate(file, end=None):
    tariff = parse((Path(RATES) / file).read_text(), file).tariff
    return replace(tariff, valid=Period(tariff.valid.start, end))


def charged(versions, first, days, use, *, month=None, facts=None, kind=BillKind.REGULAR, **known):
    """Charges on even use of so many Wh a day, and as many watts at the highest."""
    period = Period(first, first + timedelta(days=days))
    month = month or period.last_day.replace(day=1)
    bill = BillInput(period, facts or {}, month, kind, since=month, **known)
    wanted = (*asks(versions, bill), Ask(Determinant(What.KWH), period))
    measured = {ask: _of(ask, use) for ask in wanted}
    return Charged(versions, bill, measured, price(versions, bill, measured).total)


def _of(ask, use):
    if not ask.determinant.what.adds_up:
        return Decimal(use) / 1000
    season = ask.determinant.season
    days = sum(season is None or day in season for day in ask.period)
    return Decimal(use) * days / 1000 / (1 if ask.determinant.clock is None else 3)


def one(charges, beside=ZERO):
    return Side({1: (charges,)}, beside)


def why(then, now):
    return [(cause.why, cause.amount.cents) for cause in causes(one(then), one(now))]


OLD, NEW = rate("r-1_2025.toml", date(2026, 7, 1)), rate("r-1_2026.toml")


def test_the_worked_figures_of_the_paper():
    """docs/algorithms/bill-comparison.md: 10 kWh a day over 30 days in October 2025, 12 over 33 a year later."""
    then = charged((OLD,), date(2025, 10, 1), 30, 10_000)
    now = charged((NEW,), date(2026, 10, 1), 33, 12_000, month=date(2026, 10, 1))
    assert (then.total, now.total) == (Money(6076), Money(9196))
    assert why(then, now) == [((Why.RATE,), 617), ((Why.DAYS,), 782), ((Why.USE,), 1721)]


def test_a_discount_is_a_cause_of_its_own():
    then = charged((NEW,), date(2026, 9, 1), 30, 10_000, month=date(2026, 9, 1))
    now = charged((NEW,), date(2026, 10, 1), 30, 10_000, facts={"power_assist": "yes"}, month=date(2026, 10, 1))
    assert why(then, now) == [((Why.PROGRAMS,), now.total.cents - then.total.cents)]


def test_another_season_is_a_cause_of_its_own():
    then = charged((NEW,), date(2026, 10, 1), 30, 12_000, month=date(2026, 10, 1))
    now = charged((NEW,), date(2026, 11, 1), 30, 12_000, month=date(2026, 11, 1))
    assert why(then, now) == [((Why.SEASON,), now.total.cents - then.total.cents)]


def test_a_factor_of_the_day_counts_as_price():
    """The power cost adjustment rose in July 2026; nothing else differs between August and August."""
    then = charged((rate("r-1_2025.toml"),), date(2025, 8, 1), 31, 10_000)
    now = charged((rate("r-1_2025.toml"),), date(2026, 8, 1), 31, 10_000)
    assert (then.total, now.total) == (Money(6315), Money(6379))  # 310 kWh x $0.0019, and 7.5% of it, is $0.633
    assert why(then, now) == [((Why.RATE,), 64)]


def test_a_higher_peak_is_told_apart_from_use():
    gs2 = rate("gs-2_2025.toml")
    then = charged((gs2,), date(2026, 2, 1), 28, 400_000)
    now = charged((gs2,), date(2026, 3, 1), 28, 400_000)
    louder = {ask: value if ask.determinant.what.adds_up else value + 12 for ask, value in now.quantities.items()}
    now = Charged((gs2,), now.bill, louder, price((gs2,), now.bill, louder).total)
    assert [cause for cause, _ in why(then, now)] == [(Why.PEAK,)]


def test_a_ratchet_is_what_was_brought_forward():
    gs2 = rate("gs-2_2025.toml")
    quiet = charged((gs2,), date(2026, 3, 1), 28, 200_000)
    peaks = price(quiet.versions, quiet.bill, quiet.quantities).peaks
    known = {key: value * 2 for key, value in peaks.items()}
    loud = quiet.bill._replace(since=date(2026, 3, 1), past=(PastBill(date(2026, 2, 1), known),))
    now = Charged((gs2,), loud, quiet.quantities, price((gs2,), loud, quiet.quantities).total)
    assert now.total > quiet.total
    assert why(quiet, now) == [((Why.BROUGHT_FORWARD,), now.total.cents - quiet.total.cents)]


def test_a_step_that_cannot_be_priced_stands_with_the_next():
    """The new rate asks for hours that nobody measured for the earlier days."""
    gs2 = rate("gs-2_2025.toml")
    then = charged((OLD,), date(2025, 10, 1), 30, 10_000)
    now = charged((gs2,), date(2026, 10, 1), 30, 10_000)
    found = causes(one(then), one(now))
    assert total(cause.amount for cause in found) == now.total - then.total
    assert found[0].why == (Why.RATE, Why.SEASON, Why.DAYS, Why.USE, Why.PEAK)
    assert len(set(asks_of_then(then, now)) - set(then.quantities)) >= 4


def test_what_the_new_rate_asks_is_measured_for_the_earlier_days():
    gs2 = rate("gs-2_2025.toml")
    then = charged((OLD,), date(2025, 10, 1), 30, 10_000)
    now = charged((gs2,), date(2026, 10, 1), 30, 10_000)
    measured = {ask: _of(ask, 10_000) for ask in asks_of_then(then, now)}
    then = replace(then, quantities={**then.quantities, **measured})
    assert why(then, now)[0][0] == (Why.RATE,)
    assert len(why(then, now)) == 1


def test_service_that_is_only_on_one_bill():
    small, large = (charged((NEW,), date(2026, 8, 1), 28, use) for use in (5_000, 10_000))
    found = causes(Side({1: (small,), 2: (small,)}), Side({1: (small,), 3: (large,)}))
    assert found == (Cause((Why.SERVICE,), large.total - small.total),)


def test_late_charges_are_told_last():
    then = now = charged((NEW,), date(2026, 8, 1), 30, 10_000)
    assert causes(one(then), one(now, Money(150))) == (Cause((Why.ONE_OFF,), Money(150)),)


USE = st.integers(0, 2_000_000)
FACTS = st.fixed_dictionaries(
    {}, optional={"power_assist": st.sampled_from(["yes", "no"]), "power_factor": st.sampled_from(["0.8", "1"])}
)
VERSIONS = st.sampled_from(["r-1_2025.toml", "r-1_2026.toml", "gs-2_2025.toml"])


@st.composite
def bills(draw):
    versions = (rate(draw(VERSIONS)),)
    first = draw(st.dates(date(2026, 7, 1), date(2028, 12, 1)))
    days, use = draw(st.integers(1, 70)), draw(USE)
    return charged(versions, first, days, use, facts=draw(FACTS), kind=draw(st.sampled_from(BillKind)))


@settings(max_examples=150, deadline=None)
@given(bills(), bills(), st.integers(-500, 500).map(Money))
def test_causes_always_sum_to_the_change(then, now, beside):
    found = causes(one(then), one(now, beside))
    assert total(cause.amount for cause in found) == now.total + beside - then.total
    assert found == causes(one(then), one(now, beside))
    order = [list(Why).index(cause.why[0]) for cause in found]
    assert order == sorted(order)
    assert all(cause.amount for cause in found)


@settings(max_examples=40, deadline=None)
@given(bills())
def test_a_bill_does_not_differ_from_itself(bill):
    assert causes(one(bill), one(bill)) == ()


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2025, 1, 1), date(2026, 3, 1)), st.integers(27, 33), USE)
def test_equal_use_in_equal_days_is_only_a_matter_of_price(first, days, use):
    """On a rate without seasons by date, the same days a year later differ by prices alone."""
    later = first.replace(year=first.year + 1)
    then = charged((rate("r-1_2025.toml"),), first, days, use, month=first.replace(day=1))
    now = charged((rate("r-1_2025.toml"),), later, days, use, month=later.replace(day=1))
    measured = {ask: _of(ask, use) for ask in asks_of_then(then, now)}
    then = replace(then, quantities={**then.quantities, **measured})
    assert {cause.why for cause in causes(one(then), one(now))} <= {(Why.RATE,)}


def told(then, now, **kwargs):
    sides = [Compared("then", days, Decimal(kwh), Money(cents)) for days, kwh, cents in (then, now)]
    return Told(*sides, **{"last_year": True, "month": "October", **kwargs})


def test_the_sentence_says_how_much_and_the_main_cause():
    found = (Cause((Why.RATE,), Money(520)), Cause((Why.DAYS,), Money(290)), Cause((Why.USE,), Money(3670)))
    assert sentence(found, told((30, 360, 10000), (31, 434, 14480))) == (
        "Your bill is $44.80 more than last October. Most of it is more use: 14 kWh a day instead of 12."
    )


def test_no_single_cause_is_called_most_when_it_is_not():
    found = (Cause((Why.RATE,), Money(1500)), Cause((Why.DAYS,), Money(1480)), Cause((Why.USE,), Money(1500)))
    assert "The largest part is new prices." in sentence(found, told((30, 360, 10000), (31, 434, 14480)))


def test_a_small_change_is_about_the_same():
    found = (Cause((Why.DAYS,), Money(99)),)
    assert sentence(found, told((30, 360, 1000), (31, 372, 1099))) == "Your bill is about the same as last October."


def test_a_bill_that_carries_more_speaks_of_its_new_charges():
    found = (Cause((Why.USE,), Money(-2000)),)
    assert sentence(found, told((30, 360, 10000), (30, 300, 8000), last_year=False, carried=True)) == (
        "Your new charges are $20.00 less than the bill before. Most of it is less use: 10 kWh a day instead of 12."
    )


def test_causes_in_words():
    facts = told((30, 360, 100), (33, 360, 200), rates_then=("R-1",), rates_now=("R-TOU",), estimated=True,
                 peak_then=Decimal(330), peak_now=Decimal(412), programs=("Power Assist",))  # fmt: skip
    every = [Cause((each,), Money(1)) for each in Why] + [Cause((Why.DAYS, Why.USE, Why.PEAK), Money(1))]
    assert [cause.words for cause in in_words(every, facts)] == [
        "Rate R-TOU instead of R-1",
        "Power Assist",
        "Seasonal prices",
        "3 more days: 33 instead of 30",
        "Less use: 10.9 kWh a day instead of 12, part of it estimated",
        "A higher peak: 412 kW instead of 330",
        "Credits and peaks of earlier bills",
        "Service that was added or ended",
        "Late charges, fees and other one-time items",
        "The number of days, use and peak demand",
    ]


def test_a_year_later_is_compared_with_the_same_month(home):
    found = view(home.account.bills.order_by("id").last()).comparison
    assert found.last_year
    assert (found.then.name, found.now.name) == ("Nov 2025", "Nov 2026")
    assert total(cause.amount for cause in found.causes) == found.change == found.now.charges - found.then.charges
    assert [cause.why for cause in found.causes] == [(Why.RATE,), (Why.DAYS,), (Why.USE,)]
    assert found.sentence.startswith("Your new charges are $38.54 more than last November. Most of it is more use")


def test_without_last_year_it_is_the_bill_before(readers, home):
    second = home.account.bills.order_by("id")[1]
    found = view(second).comparison
    assert not found.last_year
    assert (found.then.name, found.now.name) == ("Oct 2025", "Nov 2025")


def test_a_first_bill_has_nothing_to_be_compared_with(home):
    bill = view(home.account.bills.order_by("id").first())
    assert bill.comparison is None
    assert "This is your first bill" in [message.title for message in bill.messages]


def test_what_is_issued_later_does_not_change_a_comparison(readers, home):
    bill = home.account.bills.order_by("id").last()
    before = view(bill).comparison
    readers.lives(HOA, OCT_25, NOV_25, scale=0.5)
    _, corrected = correct(
        agreement=home.agreement, period=Period(OCT_25, NOV_25), reason="reread", policy=BackBilling(),
        on=readers.today, by=DANA, at=readers.at,
    )  # fmt: skip
    assert corrected is not None
    assert view(bill).comparison == before


def test_a_change_of_rate_measures_the_earlier_days_again(readers):
    """From R-1 to GS-2: the bill before is measured for hours and demand that R-1 never asked for."""
    no_ratchet = (RATES / "gs-2_2025.toml").read_text().replace(RATCHET, "")
    r1, gs2 = readers.adopts_own("r-1_2025.toml"), readers.adopts(no_ratchet)
    home = readers.settles("Golden Sampan", r1, hourly(interval=900))
    readers.lives("Golden Sampan", date(2025, 9, 3), NOV_25, shape=factory)
    readers.on("2025-10-04").bills("2025-10-01", "2025-10-03")
    accounts.change_rate(agreement=home.agreement, schedule=gs2, on=OCT_25, by=DANA, at=readers.at)
    readers.on("2025-11-04").bills("2025-11-01", "2025-11-03")
    found = view(home.account.bills.order_by("id").last()).comparison
    assert found.causes[0].words == "Rate GS-2 instead of R-1"
    assert [cause.why for cause in found.causes][1:] == [(Why.DAYS,), (Why.USE,), (Why.PEAK,)]
    assert total(cause.amount for cause in found.causes) == found.change
