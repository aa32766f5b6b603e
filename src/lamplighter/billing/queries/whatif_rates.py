"""Rates to be tried on a past year: as though they had been in force all of it, compiled once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from lamplighter.billing.queries.whatif_years import Billed
from lamplighter.billing.rules import months_before
from lamplighter.kernel.periods import Period
from lamplighter.rating.asif import as_if
from lamplighter.rating.bill import BillInput
from lamplighter.rating.charges import Carry, Draw, Settle
from lamplighter.rating.columnar import CannotCompile, Program, compile
from lamplighter.rating.counting import asks_by_demand
from lamplighter.rating.determinants import Ask, Determinant
from lamplighter.rating.needs import to_keep, to_record
from lamplighter.rating.price import asks
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff, with_riders
from lamplighter.tariffs.queries import as_written, newest

YEAR = 12
Asked: TypeAlias = tuple[tuple[Ask, ...], tuple[tuple[str, Determinant], ...]]


@dataclass(frozen=True, slots=True)
class Rate:
    """A schedule by its key and the version of it that is tried; `mark` (a SHA-256) tells texts apart."""

    schedule: str
    tariff: Tariff
    mark: str


class Trial:
    """The year that ends before `until` (the first of a month), and the rates tried on it."""

    def __init__(self, *, until: date, months: int = YEAR) -> None:
        self.until, self.months = until, months
        self.first = months_before(until, months)
        # bills of a cycle's month begin before it; and peaks of a year before are looked back at
        self.days = Period(months_before(self.first, YEAR + 2), until + timedelta(days=62))
        self._tariffs: dict[tuple[str, tuple[str, ...]], Tariff] = {}
        self._programs: dict[tuple[str, tuple[str, ...]], Program] = {}
        self._asked: dict[Hashable, Asked] = {}

    def counts(self, billed: Billed) -> bool:
        """Whether a bill is of the year; earlier ones only tell peaks."""
        return self.first <= billed.month < self.until

    def present(self, schedules: Mapping[str, object] | set[str], *, on: date) -> dict[str, Rate]:
        """The version of each schedule that is in force on a day, or was last before it."""
        return {
            schedule: Rate(schedule, found.tariff, found.sha256)
            for schedule, found in newest(set(schedules), on=on).items()
        }

    def tariff(self, rate: Rate, riders: tuple[str, ...] = ()) -> Tariff:
        """As though in force on all days, with the riders beside it."""
        key = rate.mark, riders
        if key not in self._tariffs:
            beside = [as_if(as_written(sha256), self.days) for sha256 in riders]
            own = as_if(rate.tariff, self.days)
            self._tariffs[key] = with_riders(own, *_once(beside)) if beside else own
        return self._tariffs[key]

    def program(self, rate: Rate, riders: tuple[str, ...] = ()) -> Program:
        """Compiled for columns. Raises CannotCompile."""
        key = rate.mark, riders
        if key not in self._programs:
            self._programs[key] = compile(self.tariff(rate, riders))
        return self._programs[key]

    def asks(self, rate: Rate, riders: tuple[str, ...], bill: BillInput) -> Asked:
        """What a bill must be measured for, and the peaks that later bills look back at; found once for bills that
        are alike. Raises CannotPrice."""
        alike = (
            rate.mark, riders, bill.period.start, bill.period.end, bill.kind, bill.month, bill.settles,
            tuple(sorted((name, str(value)) for name, value in bill.attributes.items())),
        )  # fmt: skip
        if alike not in self._asked:
            self._asked[alike] = self._asks(rate, riders, bill)
        return self._asked[alike]

    def _asks(self, rate: Rate, riders: tuple[str, ...], bill: BillInput) -> Asked:
        tariff = self.tariff(rate, riders)
        try:
            self.program(rate, riders)
        except CannotCompile as beyond:
            raise CannotPrice("tariff.beyond_columns", str(beyond)) from beyond
        kept = tuple(to_keep(tariff, bill)) if to_record(tariff) else ()
        return asks(tariff, bill), kept

    def carries(self, rate: Rate, riders: tuple[str, ...] = ()) -> bool:
        """Whether credits go from one bill to the next."""
        return any(isinstance(line.charge, Carry | Draw | Settle) for line in self.tariff(rate, riders).lines)

    def by_demand(self, rate: Rate, riders: tuple[str, ...] = ()) -> bool:
        """Whether some of it is asked for only once the demand is measured."""
        return any(asks_by_demand(line.charge) for line in self.tariff(rate, riders).lines)

    def looks_back(self, rate: Rate) -> bool:
        return bool(to_record(rate.tariff))


def _once(riders: list[Tariff]) -> list[Tariff]:
    """The last wording of each rider: a bill may have two of one where it changed inside it."""
    return list({rider.code: rider for rider in riders}.values())
