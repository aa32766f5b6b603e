"""Thousands of bills at once come out as one by one; bills as arrays come out as single bills."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating import Ask, BillInput, BillKind, CannotPrice, PastBill, asks, to_record
from lamplighter.rating.columnar import Group, Scaled, Words, compile
from tests.rating.writing import tariff

D = Decimal
HEAD = """
[attribute.heating]
label = "Heating"
values = ["gas", "electric"]
default = "gas"

[attribute.lamps]
label = "Lamps"
type = "number"
unit = "lamps"

[[factor]]
name = "adjustment"
values = [{ from = 2020-01-01, value = 0.011 }, { from = 2026-08-11, value = 0.0125 }]
"""
LINES = """
[proration]
month_days = 30
regular_days = [27, 33]
opening_and_closing = true

[[line]]
code = "customer"
unit = "$/month"
price = { by = "heating", gas = 12.5, electric = 14 }

[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
tiers_per = "month"
[[line.tier]]
price = 0.12345
up_to = { by = "heating", gas = 300, electric = 700 }
[[line.tier]]
price = 0.2

[[line]]
code = "demand"
quantity = "kW"
unit = "$/kW"
price = 4.5
[[line.ratchet]]
percent = 80
months_back = 3

[[line]]
code = "lamps"
quantity = "lamps"
unit = "$/lamps"
price = 1.05
when = { lamps = { at_least = 1 } }

[[line]]
code = "adjustment"
quantity = "kWh"
unit = "$/kWh"
price = { factor = "adjustment" }

[[line]]
code = "export"
quantity = "kWh"
flow = "received"
unit = "$/kWh"
price = 0.06
credit = true

[[line]]
code = "carried"
of = ["energy", "export"]
carry_in = "credit"

[[line]]
code = "tax"
of = "all above"
percent = 7.25
"""
AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


def version(rounding: str):
    return tariff(LINES, head=HEAD, rounding=rounding)


def any_bill(random: Random, found) -> tuple[BillInput, dict[Ask, Decimal]]:
    """Of one of four cycles, mostly regular; now and then something is not told or not measured."""
    start = date(2026, 7, 20) + timedelta(days=random.choice([0, 3, 12, 12, 20]))
    period = Period(start, start + timedelta(days=random.choice([30, 30, 30, 31, 15])))
    told: dict[str, object] = {"heating": random.choice(["gas", "electric"]), "lamps": random.randint(0, 3)}
    if random.random() < 0.02:
        told["heating"] = "wood"
    if random.random() < 0.02:
        del told["lamps"]
    [own] = to_record(found)
    months = [date(2026, month, 1) for month in range(3, 9) if random.random() < 0.97]
    past = tuple(PastBill(month, {own.key: D(random.randint(0, 900)) / 10}) for month in months)
    kind = random.choice([BillKind.REGULAR, BillKind.REGULAR, BillKind.CLOSING])
    bill = BillInput(period, told, None, kind, past, banks={"credit": D(random.randint(0, 99)) / 10})
    try:
        wanted = asks(found, bill)
    except CannotPrice:
        return bill, {}
    places = random.choice([0, 2, 2, 12])
    used = {ask: D(random.randint(0, 900 * 10**places)).scaleb(-places) for ask in wanted}
    if random.random() < 0.02:
        used.popitem()
    return bill, used


@pytest.mark.parametrize("rounding", ["once", "each line"])
def test_two_thousand_bills_at_once_are_those_one_by_one(rounding):
    found = version(rounding)
    program, random = compile(found), Random(rounding)
    bills = [any_bill(random, found) for _ in range(2000)]
    together = program.price(*zip(*bills, strict=True))
    assert 20 < len(together.refused) < 600
    for i in range(2000):
        assert sum(line.cents for line in together.lines(i)) == together.totals[i]
    for i in random.sample(range(2000), 400):
        bill, quantities = bills[i]
        alone = program.price([bill], [quantities])
        assert alone.totals[0] == together.totals[i]
        assert alone.lines(0) == together.lines(i)
        assert alone.refused.get(0) == together.refused.get(i)
        assert alone.balances(0) == together.balances(i)


def test_a_refused_bill_has_no_total_and_stops_no_other():
    found = version("once")
    program, random = compile(found), Random(1)
    sound = any_bill(random, found)
    wrong = BillInput(sound[0].period, {"heating": "wood"}), sound[1]
    unknown_day = BillInput(Period(date(2019, 1, 1), date(2019, 2, 1))), {}
    priced = program.price(*zip(sound, wrong, unknown_day, sound, strict=True))
    assert sorted(priced.refused) == [1, 2]
    assert priced.refused[1].code == "attribute.wrong"
    assert priced.refused[2].code == "tariff.versions"
    assert priced.totals[0] == priced.totals[3] > 0 == priced.totals[1]
    assert priced.lines(1) == () == priced.lines(2)


def test_a_price_that_no_source_tells_refuses_only_who_needs_it():
    unknown = """
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
tiers_per = "month"
[[line.tier]]
price = 0.1
up_to = 300
[[line.tier]]
price = { by = "heating", gas = "not found", electric = 0.2 }
"""
    found = tariff(unknown, head=HEAD)
    told = [{"heating": "gas"}, {"heating": "gas"}, {"heating": "electric"}]
    bills = [BillInput(AUGUST, each) for each in told]
    used = [dict.fromkeys(asks(found, bills[2]), D(kwh)) for kwh in (301, 300, 301)]
    priced = compile(found).price(bills, used)
    assert priced.totals.tolist() == [0, 3000, 3020]
    assert priced.refused[0].message == "The rate book gives no figure for heating gas."


def test_arrays_are_priced_as_the_bills_that_they_hold():
    found = version("once")
    program, random, size = compile(found), Random(3), 400
    slots, peaks = program.asks(AUGUST)
    measured = {slot: [D(random.randint(0, 90000)) / 100 for _ in range(size)] for slot in slots}
    past = {slot: [D(random.randint(0, 900)) / 10 for _ in range(size)] for slot in peaks}
    heating = [random.choice(["gas", "electric"]) for _ in range(size)]
    lamps = [random.randint(0, 3) for _ in range(size)]
    credit = [D(random.randint(0, 99)) / 10 for _ in range(size)]
    group = Group(
        period=AUGUST,
        size=size,
        measured={slot: Scaled.of(values) for slot, values in measured.items()},
        facts={
            "heating": Words(("electric", "gas"), np.array([("electric", "gas").index(word) for word in heating])),
            "lamps": Scaled(np.array(lamps)),
        },
        past={slot: Scaled.of(values) for slot, values in past.items()},
        banks={"credit": Scaled.of(credit)},
    )
    bills, used = [], []
    for i in range(size):
        earlier = tuple(PastBill(date(2026, 8 - slot.back, 1), {slot.key: past[slot][i]}) for slot in peaks)
        told = {"heating": heating[i], "lamps": lamps[i]}
        bills.append(BillInput(AUGUST, told, past=earlier, banks={"credit": credit[i]}))
        starts = {slot: AUGUST.start + timedelta(days=slot.first) for slot in slots}
        used.append(
            {
                Ask(slot.determinant, Period(starts[slot], starts[slot] + timedelta(days=slot.days))): measured[slot][i]
                for slot in slots
            }
        )
    as_arrays, as_bills = program.price_arrays(group), program.price(bills, used)
    assert not as_arrays.refused.any()
    assert not as_bills.refused
    assert as_arrays.totals.tolist() == as_bills.totals.tolist()
    for i in range(0, size, 10):
        assert as_arrays.lines(i) == as_bills.lines(i)
        assert as_arrays.balances(i) == as_bills.balances(i)


def test_what_a_group_lacks_refuses_its_bills_by_name():
    found = version("each line")
    program = compile(found)
    slots, peaks = program.asks(AUGUST)
    measured = {slot: Scaled(np.array([100, 200, 300]), known=np.array([True, True, False])) for slot in slots}
    group = Group(
        period=AUGUST,
        size=3,
        measured=measured,
        facts={"heating": Words(("gas", "wood"), np.array([0, 1, 0])), "lamps": D(2)},
        past={slot: Scaled(np.array(50)) for slot in peaks[:2]},
        months_served=np.array([2, 2, 2]),
    )
    priced = program.price_arrays(group)
    assert priced.refused.tolist() == [False, True, True]
    assert [reason.code for i in (1, 2) if (reason := priced.refusal(i))] == ["attribute.wrong", "quantity.missing"]
    longer = Group(period=AUGUST, size=1, measured=dict.fromkeys(slots, Scaled(np.array([9]))), facts={"lamps": D(2)})
    reason = program.price_arrays(longer).refusal(0)
    assert reason is not None
    assert reason.code == "demand.history"


def test_facts_for_a_group_may_be_missing_in_part_or_wrong_for_all():
    head = '[attribute.lamps]\nlabel = "Lamps"\ntype = "number"\nunit = "lamp"\ndefault = 5\nleast = 1\n'
    program = compile(tariff('[[line]]\ncode = "l"\nquantity = "lamps"\nunit = "$/lamp"\nprice = 2\n', head=head))
    lamps = Scaled(np.array([3, 0, 0]), known=np.array([True, False, True]))
    priced = program.price_arrays(Group(period=AUGUST, size=3, measured={}, facts={"lamps": lamps}))
    assert priced.totals.tolist() == [600, 1000, 0]
    assert priced.refused.tolist() == [False, False, True]
    told = [program.price_arrays(Group(period=AUGUST, size=1, measured={}, facts={"lamps": n})) for n in (D(2), "few")]
    assert [group.totals.tolist() for group in told] == [[400], [0]]
    assert told[1].refused.all()


def test_a_group_on_days_without_a_version_is_refused():
    program = compile(tariff('[[line]]\ncode = "c"\nunit = "$/month"\nprice = 2\n', start="2026-08-15"))
    with pytest.raises(CannotPrice, match="No version"):
        program.price_arrays(Group(period=AUGUST, size=1, measured={}))
    with pytest.raises(CannotPrice, match="No version"):
        program.asks(AUGUST)


def test_an_annual_minimum_is_tested_on_the_bill_that_closes_the_year():
    least = """
[[line]]
code = "least"
of = ["customer"]
annual = true
[[line.minimum]]
unit = "$/bill"
price = 120
"""
    text = '[[line]]\ncode = "customer"\nunit = "$/month"\nprice = 2\n' + least
    program = compile(tariff(text))
    group = Group(
        period=AUGUST,
        size=3,
        measured={},
        closes_year=np.array([True, False, True]),
        billed_this_year=Scaled.of([D("22.5"), D("22.5"), D(400)]),
    )
    assert program.price_arrays(group).totals.tolist() == [200 + 9550, 200, 200]


def test_the_figure_of_an_annual_minimum_is_needed_only_when_the_year_closes():
    lines = """
[[line]]
code = "customer"
unit = "$/month"
price = 2
[[line]]
code = "least"
of = ["customer"]
annual = true
[[line.minimum]]
unit = "$/bill"
price = { by = "heating", gas = "not found", electric = 120 }
"""
    program = compile(tariff(lines, head=HEAD))
    group = Group(period=AUGUST, size=2, measured={}, closes_year=np.array([True, False]))
    assert program.price_arrays(group).refused.tolist() == [True, False]


def test_asks_name_every_determinant_and_look_back():
    slots, peaks = compile(version("once")).asks(AUGUST)
    assert [(str(slot.determinant), slot.first, slot.days) for slot in slots] == [
        ("kWh/delivered", 0, 31),
        ("kW/delivered/15 min", 0, 31),
        ("kWh/delivered", 0, 10),
        ("kWh/delivered", 10, 21),
        ("kWh/received", 0, 31),
    ]
    assert {slot.determinant.flow for slot in slots} == {Flow.DELIVERED, Flow.RECEIVED}
    assert [(slot.back, slot.key) for slot in peaks] == [(ago, "kW/delivered/15 min") for ago in (1, 2, 3)]
