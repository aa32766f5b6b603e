"""The pipeline: where every development stands, what it waits on, what it would take, and what feeders would carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from lamplighter.billing.rules import shifted_months
from lamplighter.keyaccounts.models import Development, DevelopmentNeed, DevelopmentStage, LoadLetter
from lamplighter.keyaccounts.planning import Estimate, Feeder, Planning, Use, estimate, sales_by_month
from lamplighter.keyaccounts.queries.planning import adopted_planning
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.rating.availability import why_not
from lamplighter.tariffs.models import Schedule
from lamplighter.tariffs.queries import newest

Stage = DevelopmentStage.Stage
Row = TypeVar("Row", DevelopmentStage, LoadLetter)
COMMITTED = frozenset({Stage.AGREED, Stage.BUILDING, Stage.ENERGISED})


@dataclass(frozen=True, slots=True)
class Standing:
    """A development as its list shows it. `estimate` is None before its load letter, or where the planning figures
    do not know its uses any more; `waits` are its open needs, the oldest first."""

    development: Development
    stage: Stage
    since: date
    letter: LoadLetter | None
    estimate: Estimate | None
    waits: tuple[DevelopmentNeed, ...]

    @property
    def committed(self) -> bool:
        return self.stage in COMMITTED


@dataclass(frozen=True, slots=True)
class Loaded:
    """A feeder with what the pipeline adds to it, in kVA: agreed on, and all together."""

    feeder: Feeder
    committed: Decimal
    whole: Decimal

    @property
    def after(self) -> Decimal:
        return self.feeder.peak_kva + self.whole

    @property
    def share(self) -> Decimal:
        """Of its rating, with everything."""
        return self.after / self.feeder.rated_kva


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A schedule that a load of that size may be on, or why not."""

    code: str
    name: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Sales:
    """kWh by month: of what is agreed on, and of the whole pipeline."""

    months: tuple[date, ...]
    committed: tuple[Decimal, ...]
    whole: tuple[Decimal, ...]


def pipeline(*, on: date, only: Development | None = None) -> list[Standing]:
    """Every development by the day on which power is wanted; five queries."""
    rows = Development.objects.select_related("developer__person", "owner").order_by("wanted_on", "pk")
    rows = rows.filter(pk=only.pk) if only is not None else rows
    found, planning = list(rows), adopted_planning(on=on)
    stages = _newest(DevelopmentStage.objects.filter(development__in=found).order_by("pk"))
    letters = _newest(LoadLetter.objects.filter(development__in=found).order_by("pk"))
    waits: dict[int, list[DevelopmentNeed]] = defaultdict(list)
    for need in DevelopmentNeed.objects.filter(development__in=found, met_on__isnull=True).order_by("since", "pk"):
        waits[need.development_id].append(need)
    made = []
    for one in found:
        stage, letter = stages[one.pk], letters.get(one.pk)
        made.append(
            Standing(one, Stage(stage.stage), stage.on, letter, _estimated(letter, planning), tuple(waits[one.pk]))
        )
    return made


def feeders_loaded(standings: Sequence[Standing], planning: Planning) -> list[Loaded]:
    """Every feeder of the planning figures, the fullest first. What is energised stands in its peak already."""
    adds: dict[str, list[Standing]] = defaultdict(list)
    for one in standings:
        if one.stage not in {Stage.ENERGISED, Stage.WITHDRAWN}:
            adds[one.development.feeder].append(one)
    loaded = [
        Loaded(feeder, _kva(one for one in adds[name] if one.committed), _kva(adds[name]))
        for name, feeder in planning.feeders.items()
    ]
    return sorted(loaded, key=lambda one: -one.share)


def suggestions(standing: Standing, *, on: date) -> list[Suggestion]:
    """Schedules for its class by the estimated kW, those that are open to it first."""
    if standing.estimate is None:
        return []
    schedules = Schedule.objects.order_by("code")
    book = newest([one.key for one in schedules], on=on)
    found = []
    for one in schedules:
        if one.key not in book or book[one.key].tariff.rider:
            continue
        tariff = book[one.key].tariff
        mine = standing.development.customer_class
        if mine not in (tariff.available.to or (one.customer_class,)):
            continue
        why = why_not(tariff.available, customer_class=mine, kw_peak=standing.estimate.kw)
        found.append(Suggestion(tariff.code, tariff.name, why.replace("the highest of twelve months was", "it takes")))
    return sorted(found, key=lambda one: (bool(one.why_not), one.code))


def expected_sales(standings: Sequence[Standing], *, first: date, count: int) -> Sales:
    """By the days on which power is wanted; of what is withdrawn nothing, of what is energised its ramp."""
    from_months = tuple(_months(first, count))
    whole, committed = [Decimal(0)] * count, [Decimal(0)] * count
    for one in standings:
        if one.estimate is None or one.stage == Stage.WITHDRAWN:
            continue
        begins = one.since if one.stage == Stage.ENERGISED else one.development.wanted_on
        kwh = sales_by_month(one.estimate.kwh_day, begins=begins, ramp_months=one.development.ramp_months, first=first,
                             count=count)  # fmt: skip
        whole = [a + b for a, b in zip(whole, kwh, strict=True)]
        committed = [a + b for a, b in zip(committed, kwh, strict=True)] if one.committed else committed
    return Sales(from_months, tuple(committed), tuple(whole))


def sales_by_class(*, first: date, count: int, on: date) -> dict[str, Sales]:
    """The same for the developments of each class of customer, as they stand on a day."""
    by_class: dict[str, list[Standing]] = defaultdict(list)
    for one in pipeline(on=on):
        by_class[one.development.customer_class].append(one)
    return {name: expected_sales(several, first=first, count=count) for name, several in by_class.items()}


def uses_of(letter: LoadLetter) -> list[Use]:
    return [Use(one["building"], Decimal(one["size"])) for one in letter.uses]


def _estimated(letter: LoadLetter | None, planning: Planning | None) -> Estimate | None:
    if letter is None or planning is None:
        return None
    try:
        return estimate(uses_of(letter), planning)
    except CannotKeep:
        return None


def _newest(rows: Iterable[Row]) -> dict[int, Row]:
    """The last of each development; `rows` in the order in which they were kept."""
    return {one.development_id: one for one in rows}


def _kva(standings: Iterable[Standing]) -> Decimal:
    return sum((one.estimate.demand_kva for one in standings if one.estimate is not None), Decimal(0))


def _months(first: date, count: int) -> Iterator[date]:
    return (shifted_months(first, at) for at in range(count))
