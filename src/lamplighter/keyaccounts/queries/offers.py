"""Alternatives beside each other: the customer's bills, the utility's revenue and margin, on the service's own year.

Each is priced by the engine that bills it: twelve bills on the service's own intervals at one day's prices, once as it
is, once under every other rate that is open to it, once under each alternative's clause (docs/algorithms/contracts.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lamplighter.accounts.models import Agreement
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.costs import LoadCost, MarginalCosts, cost_of, costs_of
from lamplighter.billing.queries.comparing_rates import at_prices_of, checked_year, highest_kw
from lamplighter.billing.queries.history import BILLS
from lamplighter.billing.queries.rate_options import candidates
from lamplighter.billing.queries.service_years import CannotCompare, ServiceYear
from lamplighter.intervals.curves.pricing import PricedYear, YearPricer
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.clauses import clause
from lamplighter.keyaccounts.models import AdoptedCosts, Negotiation, TermsDraft
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.keyaccounts.terms import Terms, terms_of
from lamplighter.rating.files import parse
from lamplighter.rating.refusals import CannotMeasure, CannotPrice
from lamplighter.rating.tariff import Kind, Tariff
from lamplighter.tariffs.models import Schedule
from lamplighter.tariffs.operations import schedule_key
from lamplighter.tariffs.queries import InForce


@dataclass(frozen=True, slots=True)
class Offer:
    """Twelve bills under one alternative. `revenue` is what the utility keeps of them: all but taxes. `margin` is None
    where no costs are adopted; `short` in how many bills the minimum take was not reached."""

    label: str
    what: str
    year: PricedYear
    margin: Money | None
    short: int = 0
    draft: TermsDraft | None = None

    @property
    def bills(self) -> Money:
        return self.year.total

    @property
    def revenue(self) -> Money:
        return revenue_of(self.year)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`offers` with the present first. `refused` are those that can't be priced, with why."""

    service: ServiceYear
    prices_of: date
    offers: tuple[Offer, ...]
    refused: tuple[tuple[str, str], ...]
    costs: MarginalCosts | None
    cost: LoadCost | None

    @property
    def present(self) -> Offer:
        return self.offers[0]

    def of(self, draft: TermsDraft) -> Offer | None:
        """The offer of a draft; None where it can't be priced."""
        return next((one for one in self.offers if one.draft == draft), None)


def adopted_costs(*, on: date) -> MarginalCosts | None:
    """Those adopted last among the ones that hold; None before any were adopted."""
    newest = AdoptedCosts.objects.filter(since__lte=on).order_by("-since", "-id").first()
    return None if newest is None else costs_of(newest.text)


def compared(negotiation: Negotiation, drafts: Sequence[TermsDraft], *, on: date) -> Comparison:
    """As it is, without the contract where one runs, other rates that are open to it, and each of `drafts`, at the
    prices of a day. Raises CannotCompare or CannotMeasure where a comparison would mislead."""
    service = checked_year(negotiation.agreement, on=on)
    desk = _Desk(service, negotiation, on, adopted_costs(on=on))
    offers, refused = [desk.offer("As it is", _present_words(service), desk.pricer(service.riders))], []
    if desk.plain != service.riders:
        offers.append(desk.offer("Without a contract", "Its schedule alone", desk.pricer(desk.plain)))
    offers += desk.other_rates()
    for one in drafts:
        try:
            offers.append(desk.under(one))
        except (CannotPrice, CannotMeasure, CannotKeep) as fault:
            refused.append((str(one), str(fault)))
    return Comparison(service, on, tuple(offers), tuple(refused), desk.costs, desk.cost)


def figures(draft: TermsDraft, *, on: date) -> list[tuple[str, str]]:
    """What an approver reads beside the terms: the year as it is and under this draft, or why it can't be told."""
    try:
        found = compared(draft.negotiation, [draft], on=on)
    except (CannotCompare, CannotMeasure, CannotPrice) as fault:
        return [("Twelve bills", f"No comparison is made: {fault}")]
    now, then = found.present, found.of(draft)
    if then is None:
        return [("Twelve bills", f"They can't be priced: {dict(found.refused)[str(draft)]}")]
    said = [
        ("Twelve bills as they are", str(now.bills)),
        ("Twelve bills under it", str(then.bills)),
        ("Revenue before taxes", f"{then.revenue}, {_beside(then.revenue, now.revenue)}"),
    ]
    if then.margin is not None and now.margin is not None:
        said.append(("Margin a year", f"{then.margin}, {_beside(then.margin, now.margin)}"))
    return said


def clause_of(draft: TermsDraft, *, adopted_by: str) -> str:
    """The tariff file that its bills would be priced with."""
    negotiation, terms = draft.negotiation, terms_of(draft.terms)
    return clause(
        terms, utility=_schedule(negotiation.agreement, on=terms.start).utility,
        code=negotiation.code, name=negotiation.name, version=draft.version, adopted_by=adopted_by,
    )  # fmt: skip


def revenue_of(year: PricedYear) -> Money:
    return total(line.amount for bill in year.bills for line in bill.lines if line.kind is not Kind.TAX)


class _Desk:
    """The service's year, laid out once for every alternative."""

    def __init__(self, service: ServiceYear, negotiation: Negotiation, on: date, costs: MarginalCosts | None) -> None:
        self.service, self.costs = service, costs
        self.cost = _cost(service, costs)
        self.book = at_prices_of(service, on)
        if not self.book.get(service.schedule):
            raise CannotCompare("compare.current", f"No version of its schedule is in force on {on}.")
        own = schedule_key(replace(self.book[service.schedule][-1].tariff, code=negotiation.code))
        self.plain = tuple(one for one in service.riders if one != own)
        self.peak = highest_kw(service)

    def pricer(self, riders: Sequence[str], clause: Tariff | None = None) -> YearPricer:
        book, beside = dict(self.book), tuple(one for one in riders if self.book.get(one))
        if clause is not None:
            whole = Period(self.service.bills[0].period.start, self.service.period.closed_end)
            book[clause.code] = [InForce(0, "", replace(clause, valid=whole))]
            beside = (*beside, clause.code)
        return replace(self.service, riders=beside).pricer(self.service.schedule, book, {})

    def offer(
        self, label: str, what: str, pricer: YearPricer, *, draft: TermsDraft | None = None, short: int = 0
    ) -> Offer:
        year = pricer.price(self.service.curve, meter=self.service.meter).last(BILLS)
        margin = None if self.cost is None else revenue_of(year) - self.cost.total
        return Offer(label, what, year, margin, short, draft)

    def other_rates(self) -> list[Offer]:
        found = []
        for one in candidates(replace(self.service, riders=self.plain)):
            if one.current or one.closed(self.peak):
                continue
            try:
                found.append(self.offer(f"On {one.code}", one.name, one.pricer))
            except (CannotPrice, CannotMeasure):
                continue  # what can't be priced is no alternative: the Rates tab says why
        return found

    def under(self, draft: TermsDraft) -> Offer:
        terms = terms_of(draft.terms)
        tariff = parse(clause_of(draft, adopted_by="a draft"), "").tariff if terms.priced else None
        if terms.priced and tariff is None:
            raise CannotKeep("Its clause can't be read as a tariff.")
        pricer = self.pricer(self.plain, tariff)
        side = draft.get_side_display()
        return self.offer(draft.alternative, f"Version {draft.version}: {side.lower()}", pricer, draft=draft,
                          short=_short(self.service, terms))  # fmt: skip


def _cost(service: ServiceYear, costs: MarginalCosts | None) -> LoadCost | None:
    try:
        return None if costs is None else cost_of(service.year, costs)
    except CannotAdvise as fault:
        raise CannotCompare(fault.code, str(fault)) from fault


def _short(service: ServiceYear, terms: Terms) -> int:
    """In how many of the twelve bills less than the minimum take was used."""
    if not terms.least_kwh:
        return 0
    used = (
        int(service.curve.within(bill.period).delivered.sum()) * service.curve.unit for bill in service.bills[-BILLS:]
    )
    return sum(Decimal(kwh) < terms.least_kwh for kwh in used)


def _present_words(service: ServiceYear) -> str:
    keys = [service.schedule, *service.riders]
    codes = dict(Schedule.objects.filter(key__in=keys).values_list("key", "code"))
    return " with ".join(codes[key] for key in keys)


def _schedule(agreement: Agreement, *, on: date) -> Schedule:
    """The schedule that the agreement is on that day, or on its newest day."""
    rates = agreement.rates.filter(rider=False).select_related("schedule").order_by("period")
    found = rates.filter(period__contains=on).first() or rates.last()
    if found is None:
        raise CannotKeep("The service has no rate.")
    return found.schedule


def _beside(then: Money, now: Money) -> str:
    if then == now:
        return "as it is now"
    return f"{abs(then - now)} {'more' if then > now else 'less'} than now"
