"""Work a study out: a tariff over a past year for many customers, beside the rates that they are on. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.whatif import Scale, TriedYear, exactly, tried
from lamplighter.billing.queries.whatif_rates import YEAR, Rate, Trial
from lamplighter.billing.queries.whatif_years import Billed, billed
from lamplighter.ratestudies.models import Study, StudyYear
from lamplighter.ratestudies.queries.scaling import scale_of
from lamplighter.ratestudies.rules import BANDS, band, band_words
from lamplighter.rating.bill import PricedBill
from lamplighter.rating.reach import attributes_in
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff

AT_ONCE = 400
SAMPLE = 40
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Customer:
    """An agreement that was billed in the year: the schedule that it was last on, its class."""

    agreement: int
    schedule: str
    customer_class: str


@dataclass(slots=True)
class Worked:
    """Rows for each customer, and what they come to together (Study.result)."""

    rows: list[StudyYear] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)


def customers(*, until: date, first: date, schedule: str = "", customer_class: str = "") -> list[Customer]:
    """Who was billed by a rate in the year, by the rate of their last bill in it; one query. Those of a cycle stand
    together: they are billed for the same days, so that one look at the readings serves all of them."""
    live = Segment.objects.filter(cancelled_at__isnull=True, month__gte=first, month__lt=until)
    last = live.order_by("agreement", "-period").distinct("agreement")
    fields = "agreement__account__cycle", "agreement", "schedule", "agreement__account__customer_class"
    found = [Customer(*row) for _, *row in sorted(last.values_list(*fields))]
    return [
        one
        for one in found
        if (not schedule or one.schedule == schedule) and (not customer_class or one.customer_class == customer_class)
    ]


def worked(study: Study, tariff: Tariff, *, on: date, progress: Progress) -> Worked:
    """The study's rows and result. `on` is the day whose adopted versions are the present rates."""
    work = _Work(study, tariff, on)
    who = customers(until=study.until, first=work.trial.first, **_scope(study))
    work.present = work.trial.present({one.schedule for one in who}, on=on)
    for done in range(0, len(who), AT_ONCE):
        progress(done, len(who))
        work.take(who[done : done + AT_ONCE])
    progress(len(who), len(who))
    return work.finished(len(who))


def _scope(study: Study) -> dict[str, str]:
    if study.scope == Study.Scope.RATE:
        return {"schedule": study.schedule_id}
    return {"customer_class": study.schedule.customer_class}


class _Work:
    """What gathers while customers are taken share by share, so that memory holds one share of bills."""

    def __init__(self, study: Study, tariff: Tariff, on: date) -> None:
        self.study, self.on = study, on
        self.trial = Trial(until=study.until)
        self.rate = Rate(study.schedule_id, tariff, study.source_id)
        self.present: dict[str, Rate] = {}
        self.assisting = {name for line in tariff.lines if line.fund for name in attributes_in(line)}
        self.rows: list[StudyYear] = []
        self.months: dict[str, dict[str, list[int]]] = {}
        self.left_out: Counter[tuple[str, str]] = Counter()
        self.checked, self.differing = 0, 0
        self.classes: dict[int, str] = {}
        self.scale: Scale | None = None
        if study.forecast is not None:
            factors = scale_of(study.forecast)
            self.scale = lambda bill: factors(self.classes[bill.agreement], bill.month)

    def take(self, who: Sequence[Customer]) -> None:
        looks_back = any(self.trial.looks_back(rate) for rate in (self.rate, *self.present.values()))
        years = billed([one.agreement for one in who], until=self.study.until, months=YEAR * (2 if looks_back else 1))
        here = [one for one in who if one.schedule in self.present]
        for one in who:
            if one.schedule not in self.present:
                self.left_out["whatif.no-rate", "No version of their present rate is adopted."] += 1
        wanted = [(one.agreement, rate) for one in here for rate in (self.present[one.schedule], self.rate)]
        self.classes |= {one.agreement: one.customer_class for one in who}
        found = tried(self.trial, years, wanted, scale=self.scale)
        for one, now, then in zip(here, found[::2], found[1::2], strict=True):
            self._add(one, years[one.agreement], now, then)

    def finished(self, count: int) -> Worked:
        present, proposed = (sum(getattr(row, name).cents for row in self.rows) for name in ("present", "proposed"))
        result = {
            "customers": count, "priced": len(self.rows), "bills": sum(row.months for row in self.rows),
            "present": present, "proposed": proposed, "months": self.months, "classes": self._classes(),
            "bands": self._bands(), "assistance": self._assistance(), "typical": self._typical(),
            "left_out": [[code, message, n] for (code, message), n in self.left_out.most_common(12)],
            "checked": self.checked, "differing": self.differing,
        }  # fmt: skip
        return Worked(self.rows, result)

    def _add(self, one: Customer, year: Sequence[Billed], now: TriedYear, then: TriedYear) -> None:
        refused = then.refused or now.refused
        if refused is not None:
            self.left_out[refused.code, refused.message] += 1
            return
        self._check(year, then)
        facts = {name for bill in year for name, value in bill.statement["facts"].items() if value == "yes"}
        self.rows.append(
            StudyYear(
                study=self.study, agreement_id=one.agreement, customer_class=one.customer_class,
                assisted=bool(facts & self.assisting), months=len(now.months),
                kwh=sum((month.kwh for month in now.months), Decimal(0)), present=now.total, proposed=then.total,
            )
        )  # fmt: skip
        for before, after in zip(now.months, then.months, strict=True):
            own = self.months.setdefault(one.customer_class, {}).setdefault(f"{before.month:%Y-%m}", [0, 0])
            own[0] += before.amount.cents
            own[1] += after.amount.cents

    def _check(self, year: Sequence[Billed], then: TriedYear) -> None:
        """The other calculator prices some of the years too, spread over all of them."""
        if self.checked >= SAMPLE or len(self.rows) % 7:
            return
        try:
            exact = [bill.total for bill in exactly(self.trial, year, self.rate, scale=self.scale)]
        except CannotPrice:
            exact = []
        self.checked += 1
        self.differing += exact != [month.amount for month in then.months]

    def _classes(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row in self.rows:
            own = found.setdefault(row.customer_class, [0, 0, 0])
            own[0] += 1
            own[1] += row.present.cents
            own[2] += row.proposed.cents
        return found

    def _bands(self) -> list[list[Any]]:
        found: list[list[Any]] = [[band_words(number), 0, 0] for number in range(len(BANDS) + 1)]
        for row in self.rows:
            own = found[band(row.present.cents, row.proposed.cents)]
            own[1] += 1
            own[2] += row.proposed.cents - row.present.cents
        return found

    def _assistance(self) -> dict[str, list[int]]:
        """Count, present and proposed cents, and how many would pay 5% more or over, by whether they get assistance."""
        found = {"assisted": [0, 0, 0, 0], "others": [0, 0, 0, 0]}
        for row in self.rows:
            own = found["assisted" if row.assisted else "others"]
            own[0] += 1
            own[1] += row.present.cents
            own[2] += row.proposed.cents
            own[3] += row.present.cents > 0 and (row.proposed - row.present).cents * 20 >= row.present.cents
        return found if self.assisting else {}

    def _typical(self) -> dict[str, Any]:
        """The customer in the middle by kWh among those with a whole year, line by line by the other calculator."""
        whole = sorted((row for row in self.rows if row.months == YEAR), key=lambda row: (row.kwh, row.agreement_id))
        if not whole:
            return {}
        middle = whole[len(whole) // 2]
        year = billed([middle.agreement_id], until=self.study.until, months=2 * YEAR)[middle.agreement_id]
        own = [bill for bill in year if self.trial.counts(bill)]
        lines: dict[str, list[int]] = {}
        try:
            for at, rate in enumerate((self.present[own[-1].schedule], self.rate)):
                for label, cents in _by_label(exactly(self.trial, year, rate, scale=self.scale)):
                    lines.setdefault(label, [0, 0])[at] += cents
        except CannotPrice:
            return {}
        return {
            "agreement": middle.agreement_id, "kwh": str(round(middle.kwh)), "present": middle.present.cents,
            "proposed": middle.proposed.cents, "lines": [[label, *cents] for label, cents in lines.items()],
        }  # fmt: skip


def _by_label(bills: Sequence[PricedBill]) -> Iterator[tuple[str, int]]:
    for bill in bills:
        for line in bill.lines:
            yield line.label, line.amount.cents
