"""Bills priced again from their determinants: by columns, and beside it one by one by the exact calculator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

import lamplighter
from lamplighter.benchmarks import peers
from lamplighter.benchmarks.sizes import SEED, Size
from lamplighter.benchmarks.stopwatch import Timing, best, seconds
from lamplighter.billing.rules import months_before
from lamplighter.kernel.periods import Period
from lamplighter.rating import Ask, BillInput, PastBill, parse, price
from lamplighter.rating.columnar import Group, Program, Scaled, Slot, compile
from lamplighter.rating.tariff import Tariff

BOOK = Path(lamplighter.__file__).parent / "tariffs" / "books" / "marisol-bay-power"
RATES = ("r-1_2026-07-01.toml", "r-tou_2026-07-01.toml", "gs-2_2026-07-01.toml")
AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
FACTS = {"power_factor": Decimal("0.93")}
WH = 3  # decimal places of a kWh


@dataclass(frozen=True, slots=True)
class Many:
    """Bills of one rate over August: determinants as columns of Wh, and the peaks of the bills before."""

    tariff: Tariff
    program: Program
    group: Group

    def totals(self) -> list[int]:
        priced = self.program.price_arrays(self.group)
        assert not priced.refused.any(), priced.refusal(int(np.argmax(priced.refused)))
        totals: list[int] = priced.totals.tolist()
        return totals

    def totals_one_by_one(self, count: int) -> list[int]:
        return [price(self.tariff, self._bill(i), self._quantities(i)).total.cents for i in range(count)]

    def _bill(self, i: int) -> BillInput:
        past = tuple(
            PastBill(months_before(AUGUST.start, slot.back), {slot.key: _number(column, i)})
            for slot, column in self.group.past.items()
        )
        return BillInput(AUGUST, dict(FACTS), past=past)

    def _quantities(self, i: int) -> dict[Ask, Decimal]:
        return {Ask(slot.determinant, _days(slot)): _number(column, i) for slot, column in self.group.measured.items()}


def reprice(size: Size, folder: Path) -> Timing:  # noqa: ARG001 - nothing is written
    many = [_many(name, size.bills) for name in RATES]
    by_columns = best(lambda: [one.totals() for one in many], size.times)
    one_by_one = seconds(lambda: [one.totals_one_by_one(size.sample) for one in many])
    for one in many:
        assert one.totals()[: size.sample] == one.totals_one_by_one(size.sample), f"{one.tariff.code} differs"
    work = f"{len(many) * size.bills:,} bills on R-1 (tiers), R-TOU (hours) and GS-2 (demand)"
    value, beside = len(many) * size.bills / by_columns, len(many) * size.sample / one_by_one
    return Timing(value, beside, work, peers.rating(size.sample))


def _many(name: str, bills: int) -> Many:
    tariff = parse((BOOK / name).read_text(encoding="utf-8"), name).tariff
    assert tariff is not None
    program = compile(tariff)
    random = np.random.default_rng(SEED)
    slots, peaks = program.asks(AUGUST)
    measured = {slot: Scaled(random.integers(1, 900_000, bills), WH) for slot in slots}
    past = {slot: Scaled(random.integers(1, 900_000, bills), WH) for slot in peaks}
    facts = {attribute.name: FACTS[attribute.name] for attribute in tariff.attributes if attribute.name in FACTS}
    return Many(tariff, program, Group(period=AUGUST, size=bills, measured=measured, facts=facts, past=past))


def _number(column: Scaled, i: int) -> Decimal:
    return Decimal(int(column.values[i])).scaleb(-column.places)


def _days(slot: Slot) -> Period:
    start = AUGUST.start + timedelta(days=slot.first)
    return Period(start, start + timedelta(days=slot.days))
