"""Work out bills. Writes nothing, so that a preview, a trial, a run and a rebill are the same computation."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from lamplighter.accounts.models import Agreement
from lamplighter.billing.canonical import Statement, digest_of, read
from lamplighter.billing.distribution import code_for
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.answers import Question, answered
from lamplighter.billing.queries.gathering import Facts, Rate, banks, before, rates_of, since
from lamplighter.billing.queries.peaks import NO_HISTORY, History, LookingBack, histories
from lamplighter.billing.queries.second import First, disagreements
from lamplighter.billing.queries.trueups import projected
from lamplighter.billing.queries.wording import Alike, Worded, wording
from lamplighter.billing.queries.years import NO_YEAR_NEEDED, YearSoFar, is_annual, year_so_far
from lamplighter.billing.rules import CannotBill
from lamplighter.billing.statement import written
from lamplighter.billing.years import FACT
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PricedBill
from lamplighter.rating.charges import Carry, Draw, Settle
from lamplighter.rating.determinants import Determinant, What
from lamplighter.rating.needs import to_record
from lamplighter.rating.price import price
from lamplighter.rating.reach import banks_in
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import BillKind, Tariff
from lamplighter.tariffs.queries import InForce, as_written, in_force
from lamplighter.usage.measuring import Measured, PointUse, Wanted
from lamplighter.usage.queries.points import points_of

KINDS = {"regular": BillKind.REGULAR, "opening": BillKind.OPENING, "closing": BillKind.CLOSING}
CLOSING = "closing"
ENERGY = Determinant(What.KWH)
NOTHING: Mapping[int, Statement] = MappingProxyType({})


class Occasion(NamedTuple):
    """Service days of an agreement that are to be billed, in the month of a billing cycle."""

    agreement: Agreement
    period: Period
    kind: str
    month: date


class SegmentDraft(NamedTuple):
    """Charges worked out but not owed. `canonical` is the statement as it is kept, `sha256` that of its bytes."""

    occasion: Occasion
    schedule: str
    priced: PricedBill
    canonical: str
    sha256: str
    estimated: bool
    revision: int
    kwh: Decimal | None

    @property
    def total(self) -> Money:
        return self.priced.total

    @property
    def statement(self) -> Statement:
        """As a bill has it that is read; few drafts are."""
        return read(self.canonical)


class Refused(NamedTuple):
    """An occasion that cannot be billed, and why."""

    occasion: Occasion
    why: CannotBill


class _Prepared(NamedTuple):
    """An occasion with its tariffs, facts and asks, before anything is measured."""

    occasion: Occasion
    schedule: str
    worded: Worded
    alike: Alike
    bill: BillInput
    wanted: Wanted
    earlier: Sequence[Segment]
    year: YearSoFar = NO_YEAR_NEEDED
    history: History = NO_HISTORY


def drafts(
    occasions: Sequence[Occasion], *, as_of: int | None = None, instead: Mapping[int, Statement] = NOTHING
) -> list[SegmentDraft | Refused]:
    """A draft or a refusal for each occasion; where the rate changes inside it, one for each rate, in order of days.

    Queries do not grow with the number of occasions. A draft over which the two calculators differ is refused. What
    stands on earlier segments (peaks, banks) stands on the statements given `instead` of theirs, by segment.
    """
    if not occasions:
        return []
    known = _known(occasions, instead)
    parts = [part for occasion in occasions for part in _parts(occasion, known)]
    made: dict[int, SegmentDraft | Refused] = {}
    while len(made) < len(parts):
        turn = _turn(parts, made, known)
        made |= zip(turn, _together([parts[i] for i in turn], known, as_of=as_of), strict=True)
        known.follow(made[i] for i in turn)
    return [made[i] for i in range(len(parts))]


def _together(parts: Sequence[_Part | Refused], known: _Known, *, as_of: int | None) -> list[SegmentDraft | Refused]:
    prepared = [part if isinstance(part, Refused) else _prepare(part, known) for part in parts]
    ready = _looking_back([one for one in prepared if isinstance(one, _Prepared)], as_of=as_of)
    answers = answered([Question(o.wanted, o.worded.versions, o.bill, o.alike.layout) for o in ready], as_of=as_of)
    priced = [_priced(one, answer) for one, answer in zip(ready, answers, strict=True)]
    drafted = iter(_agreed(ready, answers, priced))
    return [one if isinstance(one, Refused) else next(drafted) for one in prepared]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all agreements that are drafted together, read once."""

    rates: dict[int, list[Rate]]
    book: dict[str, list[InForce]]
    uses: dict[int, tuple[PointUse, ...]]
    facts: Facts
    before: dict[int, list[Segment]]
    carrying: set[int]
    worded: dict[Hashable, Worded] = field(default_factory=dict)

    def follow(self, made: Iterable[SegmentDraft | Refused]) -> None:
        """What is drafted next for these agreements stands on these drafts too."""
        for one in made if self.carrying else ():
            agreement = one.occasion.agreement.id
            if isinstance(one, SegmentDraft) and agreement in self.carrying:
                before = self.before.setdefault(agreement, [])
                before.insert(0, Segment(
                    pk=-len(before) - 1, agreement_id=agreement, period=one.occasion.period, month=one.occasion.month,
                    statement=one.statement,
                ))  # fmt: skip

    def words(self, schedules: tuple[str, ...], period: Period) -> Worded:
        """What is in force of a rate and the riders beside it, and the rate's versions as the riders cut them."""
        key = schedules, period.start, period.end
        if key not in self.worded:
            base, *beside = (
                [one for one in self.book[schedule] if one.tariff.valid.overlaps(period)] for schedule in schedules
            )
            self.worded[key] = wording(tuple(base), tuple(one for several in beside for one in several), period)
        return self.worded[key]


class _Part(NamedTuple):
    """The days of an occasion on one rate; it `leaves` where no bill of the agreement follows."""

    occasion: Occasion
    rate: Rate
    riders: Sequence[Rate]
    leaves: bool


def _parts(occasion: Occasion, known: _Known) -> Iterator[_Part | Refused]:
    for part in _by_rate(occasion, known.rates.get(occasion.agreement.id, [])):
        if isinstance(part, Refused):
            yield part
        else:
            period, rate, riders = part
            leaves = occasion.kind == CLOSING and period.closed_end == occasion.agreement.period.end
            mine = occasion if period is occasion.period else occasion._replace(period=period)
            yield _Part(mine, rate, riders, leaves)


def _turn(parts: Sequence[_Part | Refused], made: Mapping[int, object], known: _Known) -> list[int]:
    """What can be drafted next: of an agreement whose bills stand on earlier ones, one part at a time."""
    busy: set[int] = set()
    turn = []
    for i, part in enumerate(parts):
        agreement = part.occasion.agreement.id
        if i in made or agreement in busy:
            continue
        turn.append(i)
        if agreement in known.carrying:
            busy.add(agreement)
    return turn


def _known(occasions: Sequence[Occasion], instead: Mapping[int, Statement]) -> _Known:
    agreements = {occasion.agreement.id for occasion in occasions}
    days = Period(min(o.period.start for o in occasions), max(o.period.closed_end for o in occasions))
    by_rate, by_use = rates_of(agreements, period=days), points_of(agreements, period=days)
    book = in_force({rate.schedule_id for several in by_rate.values() for rate in several}, period=days)
    looking = {schedule for schedule, several in book.items() if any(_looks_back(one.sha256) for one in several)}
    carrying = {pk for pk, several in by_rate.items() if any(rate.schedule_id in looking for rate in several)}
    return _Known(
        rates=by_rate,
        book=book,
        uses=by_use,
        facts=Facts(agreements, {point for several in by_use.values() for point in _own(several)}, occasions),
        before=before(carrying, occasions, instead) if carrying else {},
        carrying=carrying,
    )


def _own(uses: Iterable[PointUse]) -> list[int]:
    """The points that serve the agreement, whose facts are its own; not those of which it has a share."""
    return [use.point for use in uses if not use.only_sent]


@lru_cache(maxsize=512)
def _looks_back(sha256: str) -> bool:
    """Whether bills on a tariff stand on earlier ones: their peaks, credits that they carried forward, or what a year
    of them came to."""
    tariff = as_written(sha256)
    return bool(to_record(tariff)) or any(
        isinstance(line.charge, Carry | Draw | Settle) or is_annual(line) or banks_in(line) for line in tariff.lines
    )


def _by_rate(occasion: Occasion, rates: Sequence[Rate]) -> Sequence[tuple[Period, Rate, Sequence[Rate]] | Refused]:
    """The days of an occasion by the schedule in force on them, cut where a rider comes or goes."""
    if len(rates) == 1 and not rates[0].rider and rates[0].period & occasion.period == occasion.period:
        return ((occasion.period, rates[0], ()),)  # as nearly always
    own = [rate for rate in rates if not rate.rider]
    parts = [(shared, rate) for rate in own if (shared := rate.period & occasion.period) is not None]
    if sum(shared.days for shared, _ in parts) != occasion.period.days:
        return [Refused(occasion, CannotBill("billing.no-rate", "The agreement has no rate on some of these days."))]
    riders = [rate for rate in rates if rate.rider]
    cuts = {day for rider in riders for day in (rider.period.start, rider.period.end) if day is not None}
    return [
        (piece, rate, [rider for rider in riders if rider.period.overlaps(piece)])
        for shared, rate in parts
        for piece in shared.split(*cuts)
    ]


def _prepare(part: _Part, known: _Known) -> _Prepared | Refused:
    occasion, rate, riders = part.occasion, part.rate, part.riders
    agreement, period = occasion.agreement, occasion.period
    worded = known.words((rate.schedule_id, *[rider.schedule_id for rider in riders]), period)
    points = known.uses[agreement.id]
    earlier = known.before.get(agreement.id, [])
    facts = known.facts.of(agreement.id, _own(points), period.last_day)
    try:
        year = _year(part, worded.versions, facts, earlier) if worded.by_year else NO_YEAR_NEEDED
    except CannotBill as refused:
        return Refused(occasion, refused)
    bill = BillInput(
        period=period,
        attributes=facts,
        cycle=occasion.month,
        kind=KINDS[occasion.kind],
        since=since(earlier, occasion),
        banks=banks(earlier, period),
        settles=year.settles,
        billed_this_year=year.billed,
        closes_year=year.closes,
    )
    try:
        if not worded.versions:
            raise CannotPrice("tariff.versions", f"No version of {rate.schedule_id} is in force on {period.start}.")
        alike = worded.asked(bill)
    except CannotPrice as refused:
        return Refused(occasion, CannotBill(f"rating.{refused.code}", str(refused)))
    wanted = Wanted(agreement.id, points, period, alike.asks)
    return _Prepared(occasion, rate.schedule_id, worded, alike, bill, wanted, earlier, year)


def _year(
    part: _Part, versions: Sequence[Tariff], facts: Mapping[str, object], earlier: Sequence[Segment]
) -> YearSoFar:
    """The year is that of the rider, where one brings it, and else that of the rate."""
    return year_so_far(
        versions, told=facts.get(FACT), since=(part.rate, *part.riders)[-1].period.start, period=part.occasion.period,
        month=part.occasion.month, leaves=part.leaves, earlier=earlier,
    )  # fmt: skip


def _looking_back(ready: Sequence[_Prepared], *, as_of: int | None) -> Sequence[_Prepared]:
    """With the peaks of earlier bills, for tariffs that look back; those are no part of what is laid out and asked."""
    looking = [one for one in ready if one.earlier]
    if not looking:
        return ready
    asked = [LookingBack(one.occasion.agreement.id, one.worded.versions, one.bill, one.earlier) for one in looking]
    found = dict(zip(map(id, looking), histories(asked, as_of=as_of), strict=True))
    return [
        one._replace(bill=one.bill._replace(past=history.past), history=history)
        if (history := found.get(id(one)))
        else one
        for one in ready
    ]


def _priced(one: _Prepared, answer: Measured) -> SegmentDraft | Refused:
    if answer.findings:
        first = answer.findings[0]
        evidence = [{"code": f.code, "message": f.message, "remedy": f.remedy} for f in answer.findings]
        return Refused(one.occasion, CannotBill(first.code, first.message, findings=evidence))
    worded, (layout, _, energy) = one.worded, one.alike
    customer_class = one.occasion.agreement.account.customer_class
    try:
        priced = price(worded.versions, one.bill, answer.values, layout=layout)
        for line in priced.lines:
            code_for(line, customer_class=customer_class)
    except CannotPrice as refused:
        return Refused(one.occasion, _cannot(refused, one.history))
    except CannotBill as refused:
        return Refused(one.occasion, refused)
    text = written(
        tariffs=worded.tariffs, bill=one.bill, measured=answer, priced=priced, again=one.history.again,
        true_up=projected(worded.versions, one.bill, answer.values, priced, layout=layout, ends=one.year.ends,
            earlier=one.earlier,
        ) if worded.by_year else None,
    )  # fmt: skip
    kwh = answer.values.get(energy)
    return SegmentDraft(
        one.occasion, one.schedule, priced, text, digest_of(text), answer.estimated, answer.revision, kwh
    )


def _cannot(refused: CannotPrice, history: History) -> CannotBill:
    """Why a bill cannot be priced; of peaks that no bill kept, also why they cannot be measured."""
    if refused.code != "demand.history" or not history.unmeasured:
        return CannotBill(f"rating.{refused.code}", str(refused))
    lacking = [{"code": f.code, "message": f.message, "remedy": f.remedy} for f in history.unmeasured]
    words = " ".join(finding.message for finding in history.unmeasured)
    return CannotBill(f"rating.{refused.code}", f"{refused} {words}", findings=lacking)


def _agreed(
    ready: Sequence[_Prepared], answers: Sequence[Measured], priced: Sequence[SegmentDraft | Refused]
) -> list[SegmentDraft | Refused]:
    """The drafts that the second calculator confirms; the others refused, with both figures as evidence."""
    both = [
        (one, answer, made)
        for one, answer, made in zip(ready, answers, priced, strict=True)
        if isinstance(made, SegmentDraft)
    ]
    firsts = [
        First(one.worded.texts, one.worded.versions, one.bill, answer.values, made.priced) for one, answer, made in both
    ]
    verdicts = iter(disagreements(firsts))
    return [made if isinstance(made, Refused) else _confirmed(made, next(verdicts)) for made in priced]


def _confirmed(made: SegmentDraft, difference: str) -> SegmentDraft | Refused:
    if not difference:
        return made
    why = CannotBill(
        "billing.calculators-differ", f"The two calculators differ: {difference}.", first=made.total.cents,
        statement=made.statement,
    )  # fmt: skip
    return Refused(made.occasion, why)
