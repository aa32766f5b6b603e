"""Which of the rates that customers may be on would have been the cheapest over a year of their own use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from lamplighter.billing.queries.comparing_rates import closed_to
from lamplighter.billing.queries.history import too_little
from lamplighter.billing.queries.whatif import TriedYear, tried
from lamplighter.billing.queries.whatif_rates import YEAR, Rate, Trial
from lamplighter.billing.queries.whatif_years import Billed, billed
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.money import Money
from lamplighter.ratestudies.models import Advice
from lamplighter.ratestudies.queries.rules import may_choose, rules_on
from lamplighter.ratestudies.queries.studying import AT_ONCE, Customer, Progress, customers
from lamplighter.ratestudies.rules import Limits
from lamplighter.rating.availability import by_demand
from lamplighter.tariffs.models import Schedule

PEAKS = "kW/delivered/15 min"
METHODS = {"columns": "interval readings", "intervals": "interval readings", "registers": "register reads"}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One rate over the year: its total, or why it cannot be told; `requires` is what the customer must show."""

    schedule: str
    total: Money | None
    present: bool
    requires: str = ""
    why: str = ""
    months: tuple[tuple[date, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """On what the ranking stands: bills, days, kWh, how much of it is estimated, and how it was measured."""

    bills: int
    days: int
    kwh: Decimal
    estimated_percent: Decimal
    methods: tuple[str, ...]

    @property
    def words(self) -> str:
        by = " and ".join(self.methods) or "nothing measured"
        estimated = f"{self.estimated_percent}% of it estimated" if self.estimated_percent else "none of it estimated"
        return f"{self.bills} bills over {self.days} days, {self.kwh:,.0f} kWh by {by}, {estimated}."


@dataclass(frozen=True, slots=True)
class Ranking:
    """The rates of one agreement, cheapest first, then those that cannot be told; or a refusal."""

    rates: tuple[Ranked, ...]
    quality: Quality
    refused: Finding | None = None

    @property
    def present(self) -> Ranked | None:
        return next((one for one in self.rates if one.present), None)

    @property
    def best(self) -> Ranked | None:
        """The cheapest among those that ask for nothing besides, or the one that they are on."""
        free = [one for one in self.rates if one.total is not None and (one.present or not one.requires)]
        return free[0] if free and self.refused is None else None


def ranking(agreement: int, *, schedule: str, customer_class: str, until: date, on: date) -> Ranking:
    """Every rate that one agreement may be on, over the year before `until` (the first of a month)."""
    one = Customer(agreement, schedule, customer_class)
    return _Advisor(until, on).rank([one])[agreement]


def choosable(agreement: int, *, schedule: str, customer_class: str, until: date, on: date) -> list[str]:
    """The schedules besides its own that one agreement may change to: the rules let it, and the book is open to it."""
    one = Customer(agreement, schedule, customer_class)
    return [key for key, why in _Advisor(until, on).offered(one).items() if key != schedule and not why]


def advised(*, until: date, on: date, at: datetime, progress: Progress) -> list[Advice]:
    """For every customer who has a choice and a whole year: the cheapest rate. Rows that nobody has kept yet."""
    advisor = _Advisor(until, on)
    who = [
        one
        for one in customers(until=until, first=advisor.trial.first)
        if len(may_choose(one.schedule, one.customer_class, advisor.rules)) > 1
    ]
    found: list[Advice] = []
    for done in range(0, len(who), AT_ONCE):
        progress(done, len(who))
        some = who[done : done + AT_ONCE]
        found += [row for pk, one in advisor.rank(some).items() if (row := _advice(pk, one, until, at)) is not None]
    progress(len(who), len(who))
    return found


def _advice(agreement: int, found: Ranking, until: date, at: datetime) -> Advice | None:
    best, present = found.best, found.present
    if best is None or present is None or present.total is None or best.total is None:
        return None
    return Advice(
        agreement_id=agreement, until=until, present_schedule_id=present.schedule, present=present.total,
        best_schedule_id=best.schedule, best=best.total, saving=present.total - best.total,
        estimated_percent=found.quality.estimated_percent, found_at=at,
    )  # fmt: skip


class _Advisor:
    """Rules and rates of one day, tried on one year."""

    def __init__(self, until: date, on: date) -> None:
        self.trial, self.until, self.on = Trial(until=until), until, on
        self.rules: dict[str, Limits] = rules_on(on)
        self.rates: dict[str, Rate] = {}
        self.classes: dict[str, str] = {}

    def rank(self, who: Sequence[Customer]) -> dict[int, Ranking]:
        """Every rate that each of them may be on, in one pass; those that the book closes to them say why."""
        self._know({key for one in who for key in may_choose(one.schedule, one.customer_class, self.rules)})
        years = self._years([one.agreement for one in who])
        offers = {one.agreement: self._offers(one, years[one.agreement]) for one in who}
        pairs = [(one, key) for one in who for key, why in offers[one.agreement].items() if not why]
        found = tried(self.trial, years, [(one.agreement, self.rates[key]) for one, key in pairs])
        told = {one.agreement: self._closed(one, offers[one.agreement]) for one in who}
        for (one, key), year in zip(pairs, found, strict=True):
            told[one.agreement].append(self._ranked(one, key, year))
        return {one.agreement: self._ranking(told[one.agreement], years[one.agreement]) for one in who}

    def offered(self, one: Customer) -> dict[str, str]:
        """The rates that the rules let somebody choose, each with why the book closes it to them, or ""."""
        self._know(set(may_choose(one.schedule, one.customer_class, self.rules)))
        return self._offers(one, self._years([one.agreement])[one.agreement])

    def _offers(self, one: Customer, year: Sequence[Billed]) -> dict[str, str]:
        keys = [key for key in may_choose(one.schedule, one.customer_class, self.rules) if key in self.rates]
        tariffs = {key: self.rates[key].tariff for key in keys}
        peak = _peak(year) if any(by_demand(tariff.available) for tariff in tariffs.values()) else None
        return {
            key: "" if key == one.schedule
            else closed_to(one.customer_class, tariff, of=self.classes[key], kw_peak=peak, on=self.on)
            for key, tariff in tariffs.items()
        }  # fmt: skip

    def _closed(self, one: Customer, offers: Mapping[str, str]) -> list[Ranked]:
        return [replace(self._row(one, key), why=why) for key, why in offers.items() if why]

    def _know(self, schedules: set[str]) -> None:
        unknown = schedules - self.rates.keys()
        if unknown:
            self.rates |= self.trial.present(unknown, on=self.on)
            self.classes |= dict(Schedule.objects.filter(pk__in=unknown).values_list("pk", "customer_class"))

    def _years(self, agreements: list[int]) -> dict[int, list[Billed]]:
        looks_back = any(self.trial.looks_back(rate) for rate in self.rates.values())
        return billed(agreements, until=self.until, months=YEAR * (2 if looks_back else 1))

    def _ranked(self, one: Customer, schedule: str, year: TriedYear) -> Ranked:
        row = self._row(one, schedule)
        if year.refused is not None:
            return replace(row, why=year.refused.message)
        return replace(row, total=year.total, months=tuple((month.month, month.amount) for month in year.months))

    def _row(self, one: Customer, schedule: str) -> Ranked:
        own, rule = one.schedule == schedule, self.rules.get(schedule)
        return Ranked(schedule, None, own, "" if own or rule is None else rule.requires)

    def _ranking(self, rates: list[Ranked], year: Sequence[Billed]) -> Ranking:
        quality = _quality([bill for bill in year if self.trial.counts(bill)])
        ordered = sorted(
            rates, key=lambda one: (one.total is None, one.total.cents if one.total else 0, not one.present)
        )
        return Ranking(
            tuple(ordered),
            quality,
            too_little(bills=quality.bills, days=quality.days, estimated=quality.estimated_percent / 100),
        )


def _peak(year: Sequence[Billed]) -> Decimal | None:
    """The highest quarter hour that the bills of a year kept."""
    kept = (value for bill in year for (key, _, _), value in bill.told().items() if key.startswith(PEAKS))
    return max(kept, default=None)


def _quality(year: Sequence[Billed]) -> Quality:
    kwh = sum((bill.kwh for bill in year), Decimal(0))
    estimated = sum((bill.estimated_kwh for bill in year), Decimal(0))
    methods = tuple(dict.fromkeys(METHODS.get(bill.method, bill.method) for bill in year if bill.method))
    share = round(100 * estimated / kwh, 1) if kwh else Decimal(0)
    return Quality(len(year), sum(bill.period.days for bill in year), kwh, share, methods)
