"""The bills worked in every shipped tariff file, and those of the sources, come out of both calculators alike."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

import lamplighter
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating import Ask, BillInput, PastBill, PricedBill, Tariff, What, asks, parse, to_record, with_riders
from lamplighter.rating.attributes import Choice, Flag
from lamplighter.rating.columnar import compile
from lamplighter.rating.files import bills as worked
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.urdb import convert, read
from tests.rating.columnar.both import agreed, both, evenly
from tests.rating.writing import exact, tariff

BOOKS = Path(lamplighter.__file__).parent / "tariffs" / "books"
D = Decimal


def shipped() -> dict[tuple[str, str], list[Tariff]]:
    """Every shipped schedule: its versions, oldest first, without drafts."""
    found: dict[tuple[str, str], list[Tariff]] = defaultdict(list)
    for path in sorted(BOOKS.rglob("*.toml")):
        parsed = parse(path.read_text(encoding="utf-8"), path.name).tariff
        if parsed is not None and parsed.status != "draft":
            found[path.parent.name, parsed.code].append(parsed)
    return found


SHIPPED = shipped()
SCHEDULES = {key: versions for key, versions in SHIPPED.items() if not versions[0].rider}
RIDERS = {key: versions for key, versions in SHIPPED.items() if versions[0].rider}


def name(key: tuple[str, str]) -> str:
    return "/".join(key)


@pytest.mark.parametrize("key", SCHEDULES, ids=name)
def test_the_bills_inside_a_shipped_file_come_out_of_both(key, monkeypatch):
    priced: list[PricedBill] = []
    monkeypatch.setattr(worked, "price", lambda *given: priced.append(both(*given)) or priced[-1])
    for version in SCHEDULES[key]:
        assert worked.verify(version) == ()
    assert len(priced) >= sum(len(version.bills) for version in SCHEDULES[key]) > 0


@pytest.mark.parametrize("key", SCHEDULES, ids=name)
def test_shipped_schedules_price_any_bill_alike(key):
    """Also bills that meet a change of version, have odd days, or tell too little."""
    versions, random = SCHEDULES[key], Random(name(key))
    bills = [any_bill(versions, random) for _ in range(40)]
    priced = agreed(compile(versions), versions, [(bill, any_use(versions, bill, random)) for bill in bills])
    assert sum(isinstance(bill, PricedBill) for bill in priced) > 20


@pytest.mark.parametrize("key", RIDERS, ids=name)
def test_shipped_riders_price_alike_on_every_schedule_of_their_book(key):
    random = Random(name(key))
    for (book, _), bases in SCHEDULES.items():
        if book != key[0]:
            continue
        joined = with_riders(bases[-1], *[rider for rider in RIDERS[key] if rider.valid.overlaps(bases[-1].valid)])
        bills = [any_bill([joined], random) for _ in range(10)]
        agreed(compile(joined), joined, [(bill, any_use([joined], bill, random)) for bill in bills])


def any_bill(versions: list[Tariff], random: Random) -> BillInput:
    """A bill near a version's first day, on which the account tells what it likes."""
    at = random.choice(versions).valid.start + timedelta(days=random.randint(-20, 300))
    start = max(at, versions[0].valid.start)
    told: dict[str, object] = {}
    for attribute in versions[-1].attributes:
        match attribute:
            case Choice(values=words):
                told[attribute.name] = random.choice(words)
            case Flag():
                told[attribute.name] = random.random() < 0.3
            case _ if "factor" in attribute.name:
                told[attribute.name] = D(random.randint(70, 100)) / 100
            case _:
                told[attribute.name] = D(random.randint(0, 900)) / 10
    if told and random.random() < 0.2:
        del told[random.choice(sorted(told))]
    months = [date(start.year - 3 + i // 12, i % 12 + 1, 1) for i in range(60)]
    past = tuple(
        PastBill(m, {own.key: D(random.randint(0, 9000)) / 100 for own in to_record(versions[-1])}) for m in months
    )
    period = Period(start, start + timedelta(days=random.choice([28, 30, 31, 33, 34, 12, 61])))
    return BillInput(period, told, past=past, banks={}, settles=random.random() < 0.3)


def any_use(versions: list[Tariff], bill: BillInput, random: Random) -> dict[Ask, Decimal]:
    try:
        wanted = asks(versions, bill)
    except CannotPrice:
        return {}
    return {ask: measure(ask, random) for ask in wanted}


def measure(ask: Ask, random: Random) -> Decimal:
    what = ask.determinant.what
    if what is What.POWER_FACTOR:
        return D(random.randint(700, 1000)) / 1000
    return D(random.randint(0, 90000)) / (100 if what.is_demand else 50)


@pytest.mark.corpus
def test_real_urdb_rates_price_alike(shared):
    random, priced = Random(7), 0
    for path in sorted((shared / "data" / "urdb").glob("*.json")):
        if path.name in {"PROVENANCE.json", "expected_pysam.json"}:
            continue
        for record in read(path.read_text(encoding="utf-8")):
            found = convert(record, file=path.name).tariff
            if found is None:
                continue
            start = max(found.valid.start, date(2020, 1, 1))
            periods = [Period(start + timedelta(days=30 * i), start + timedelta(days=30 * i + 30)) for i in (0, 5)]
            past = tuple(
                PastBill(date(start.year - 1 + i // 12, i % 12 + 1, 1), {own.key: D(90) for own in to_record(found)})
                for i in range(24)
            )
            bills = [BillInput(period, past=past) for period in periods if found.valid & period == period]
            agreed(compile(found), found, [(bill, any_use([found], bill, random)) for bill in bills])
            priced += len(bills)
    assert priced > 40


@pytest.fixture(scope="session")
def cases(shared) -> dict:
    return {case["id"]: case for case in json.loads((shared / "data" / "worked_bills.json").read_text())["cases"]}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("case", "code"), {"AMP-D1-2026-08": "D-1", "AMP-A1-2026-08": "A-1", "AMP-A2-2026-08": "A-2"}.items()
)
def test_alamedas_hand_bills_are_exact_to_the_last_decimal(cases, case, code, monkeypatch):
    *_, version = SCHEDULES["alameda-municipal-power", code]
    monkeypatch.setattr(worked, "price", both)
    priced = worked.work(version, version.bills[0])
    expected = cases[case]["expected"]
    assert priced.exact == D(expected["total_unrounded"])
    assert priced.total == Money.exactly(expected["total_if_rounded_once"])


@pytest.mark.corpus
def test_otter_tails_customer_charge_is_29_days_of_a_month(cases):
    assert cases["OTP-proration"]["inputs"]["customer_charge_month"] == "9.75"
    customer = """
[proration]
month_days = 30.416667
[[line]]
code = "customer"
unit = "$/month"
price = 9.75
"""
    period = Period(date(2018, 12, 11), date(2019, 1, 9))
    priced = evenly(tariff(customer, start="2018-01-01"), BillInput(period), "0")
    assert priced.total == Money.exactly("9.30")


@pytest.mark.corpus
def test_oracles_steps_grow_with_a_long_period(cases):
    """100 and 300 kWh a month are 150 and 450 over 45 days."""
    assert cases["ORACLE-step-proration"]["expected"]["steps"] == [150, 450]
    steps = """
[proration]
month_days = 30
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
tiers_per = "month"
[[line.tier]]
price = 1
up_to = 100
[[line.tier]]
price = 10
up_to = 300
[[line.tier]]
price = 100
"""
    period = Period(date(2026, 4, 1), date(2026, 5, 16))
    assert exact(evenly(tariff(steps), BillInput(period), "1000"), "energy") == 150 + 10 * 300 + 100 * 550


@pytest.mark.corpus
def test_oracles_minimum_is_by_the_day_and_taxed(cases):
    assert "days x .15 - energy" in cases["ORACLE-minimum-and-taxes"]["expected"]["rule"]
    lines = """
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
tiers_per = "bill"
[[line.tier]]
price = 0.0382
up_to = 300
[[line.tier]]
price = 0.0673
[[line]]
code = "least"
of = ["energy"]
[[line.minimum]]
unit = "$/day"
price = 0.15
[[line]]
code = "state"
of = ["energy", "least"]
percent = 5
[[line]]
code = "county"
quantity = "kWh"
unit = "$/kWh"
price = 0.001
"""
    period = Period(date(2026, 4, 1), date(2026, 5, 1))
    priced = evenly(tariff(lines), BillInput(period), "50")
    assert exact(priced, "least") == 30 * D("0.15") - 50 * D("0.0382")
    assert exact(priced, "state") == 30 * D("0.15") * D("0.05")
    assert exact(priced, "county") == D("0.05")


@pytest.mark.corpus
def test_reopts_ratchet_of_flagged_months_bills_its_kilowatts(cases):
    case = cases["REOPT-ratchet-months"]
    peaks = [200, 100, 100, 400, 100, 500, 100, 100, 100, 100, 100, 300]
    line = """
[[line]]
code = "demand"
quantity = "kW"
unit = "$/kW"
price = 1
[[line.ratchet]]
percent = 75
months_back = 12
of_months = [1, 4, 12]
"""
    found = tariff(line, start="2017-01-01")
    [own] = to_record(found)
    past = tuple(PastBill(date(y, m, 1), {own.key: D(peaks[m - 1])}) for y in (2017, 2018) for m in range(1, 13))
    billed = []
    for month in range(1, 13):
        period = Period(date(2018, month, 1), date(2018 + month // 12, month % 12 + 1, 1))
        billed.append(exact(evenly(found, BillInput(period, past=past), str(peaks[month - 1])), "demand"))
    assert billed == case["expected"]["billing_kw"]
