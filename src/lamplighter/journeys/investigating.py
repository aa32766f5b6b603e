"""From a report of unauthorized use to a bill or a closed case: evidence, safety, a crew, who used it, the bill."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account, Agreement, AgreementPoint
from lamplighter.billing.distribution import revenue_of
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import months_before
from lamplighter.credit.models import Investigation
from lamplighter.credit.operations import investigating
from lamplighter.credit.queries.standing import law
from lamplighter.credit.queries.unauthorized import estimate_loss, evidence_at
from lamplighter.credit.rules.unauthorized import Act, CannotInvestigate, Estimate, check_billable
from lamplighter.fieldwork.models import Order, Report
from lamplighter.fieldwork.operations.ordering import OrderIn, raise_order
from lamplighter.fieldwork.types import FOUND, OrderKind, Priority
from lamplighter.journeys.billing import bill_now
from lamplighter.journeys.charging import invoice
from lamplighter.journeys.moving import start_service
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule

FEES = "revenue-fees"
LOOK = "Use without an account or by-passing the meter is reported. Look for by-passes, open seals and live parts."


@in_transaction
def report_use(
    *, point: ServicePoint, source: str, words: str, on: date, by: Actor, at: datetime
) -> Investigation:  # fmt: skip
    """A case with what meter data say now. Raises CannotInvestigate."""
    sitting = _sitting(point, on)
    return investigating.open_case(
        point=point, account=sitting.account if sitting else None, source=source, signs=evidence_at(point, on=on),
        words=words, on=on, by=by, at=at,
    )  # fmt: skip


@in_transaction
def look_at_safety(
    *, case: Investigation, danger: bool, words: str, on: date, by: Actor, at: datetime
) -> Order:  # fmt: skip
    """Whether anybody is in danger: written down first, then a crew is sent, at once where there is danger. Raises
    CannotInvestigate, CannotRaise."""
    live = investigating.live_case(case)
    if live.steps.filter(act=Act.SAFE).exists():
        raise CannotInvestigate("A crew was sent already.")
    detail = "Danger: a crew goes at once" if danger else "No danger is known"
    investigating.note(case=live, act=Act.SAFE, words=words, detail=detail, on=on, by=by, at=at)
    wanted = OrderIn(
        OrderKind.INVESTIGATE, live.point, on, account=live.account,
        priority=Priority.URGENT if danger else Priority.NORMAL, origin="credit", origin_key=live.subject,
        instructions=LOOK,
    )  # fmt: skip
    order = raise_order(order=wanted, by=by, at=at)
    investigating.note(case=live, act=Act.ORDERED, detail=f"SO-{order}", on=on, by=by, at=at)
    return order


def visit_of(case: Investigation) -> Report | None:
    """What the crew of the case's order found, as soon as it says so."""
    rows = Report.objects.filter(order__origin_key=case.subject, outcome=Report.Outcome.DONE)
    return rows.select_related("order").order_by("-pk").first()


def reaches(case: Investigation, *, on: date) -> tuple[date, str]:
    """The first day that may be billed, and where that stands: by the law on theft where a crew found tampering, else
    by the billing policy of the day."""
    found = visit_of(case)
    if found is not None and found.data.get("found") == "tamper":
        rule = law(on=on).theft_months
        return months_before(on, rule.value), rule.cites
    return months_before(on, policy_on(on).back.undercharge_months), "billing policy"


@in_transaction
def take_finding(*, case: Investigation, on: date, by: Actor, at: datetime) -> None:
    """The crew's report becomes a step of the case, once. Raises CannotInvestigate while there is none."""
    live = investigating.live_case(case)
    found = visit_of(live)
    if found is None:
        raise CannotInvestigate("The crew has not reported yet.")
    if not live.steps.filter(act=Act.VISITED).exists():
        detail = f"SO-{found.order}: {FOUND.get(str(found.data.get('found', '')), 'see its report')}"
        investigating.note(case=live, act=Act.VISITED, detail=detail, on=on, by=by, at=at)


@in_transaction
def bill_user(
    *, case: Investigation, account: Account, schedule: Schedule, since: date, on: date, by: Actor, at: datetime
) -> Bill:  # fmt: skip
    """Whoever used it has an account: service from the day on which the use began, billed by the meter's own readings
    up to today. Raises CannotInvestigate, CannotServe, CannotBill."""
    live = _billable(case)
    if _sitting(live.point, since) is not None or _sitting(live.point, on) is not None:
        raise CannotInvestigate("Somebody has service there. What was not measured is billed by an estimate.")
    reach, cites = reaches(live, on=on)
    if not reach <= since < on:
        raise CannotInvestigate(
            f"Back-billing reaches to {reach:%b %-d, %Y} ({cites}); choose a day from then to yesterday."
        )
    named = investigating.name_user(case=live, account=account)
    started = start_service(account=account, points=(live.point,), schedule=schedule, on=since, by=by, at=at).started
    made = bill_now(agreement=started, until=on, on=on, by=by, at=at)
    detail = f"Bill {made.number}, {since:%b %-d} to {on - timedelta(days=1):%b %-d}, by readings"
    investigating.note(case=named, act=Act.BILLED, amount=made.charges, detail=detail, on=on, by=by, at=at)
    return made


def draft_loss(case: Investigation, *, first: date, last: date, on: date) -> Estimate:
    """What would be billed for days on which the meter did not measure all. Raises CannotInvestigate."""
    sitting = _sitting(case.point, last)
    if sitting is None:
        raise CannotInvestigate("Nobody has service there: whoever used it is billed by an account of their own.")
    reach, cites = reaches(case, on=on)
    if not reach <= first <= last < on:
        raise CannotInvestigate(f"Choose days from {reach:%b %-d, %Y} ({cites}) to yesterday, in order.")
    made = estimate_loss(sitting, case.point, first=first, last=last)
    if made.lost <= 0:
        raise CannotInvestigate("Nothing is missing on these days, by the year before.")
    return made


@in_transaction
def bill_loss(
    *, case: Investigation, estimate: Estimate, on: date, by: Actor, at: datetime
) -> Bill:  # fmt: skip
    """Exactly this estimate, on an invoice that shows its figures: a debt for which power never goes off. Raises
    CannotInvestigate where it has changed since."""
    live = _billable(case)
    if draft_loss(live, first=estimate.first, last=estimate.last, on=on) != estimate:
        raise CannotInvestigate("The estimate has changed since it was shown. Look at it again.")
    sitting = _sitting(live.point, estimate.last)
    assert sitting is not None, "an estimate is of somebody's service"
    named = investigating.name_user(case=live, account=sitting.account)
    revenue = revenue_of(sitting.account.customer_class)
    made = invoice(
        account=sitting.account, label=estimate.words, amount=estimate.amount, gl_code=revenue, on=on, by=by, at=at
    )
    investigating.note(
        case=named, act=Act.BILLED, amount=estimate.amount, detail=f"Bill {made.number}. {estimate.words}", on=on,
        by=by, at=at,
    )  # fmt: skip
    return made


@in_transaction
def charge_restitution(
    *, case: Investigation, amount: Money, what: str, on: date, by: Actor, at: datetime
) -> Bill:  # fmt: skip
    """What was broken, on an invoice to whoever used it. Raises CannotInvestigate, CannotBill."""
    live = _billable(case)
    if live.account is None:
        raise CannotInvestigate("Nobody is named who could be billed.")
    made = invoice(account=live.account, label=what, amount=amount, gl_code=FEES, on=on, by=by, at=at)
    investigating.note(
        case=live, act=Act.RESTITUTION, amount=amount, detail=f"Bill {made.number}. {what}", on=on, by=by, at=at
    )
    return made


def _billable(case: Investigation) -> Investigation:
    live = investigating.live_case(case)
    check_billable(list(live.steps.values_list("act", flat=True)))
    return live


def _sitting(point: ServicePoint, on: date) -> Agreement | None:
    """Who has service at the point on a day."""
    rows = AgreementPoint.objects.filter(
        point=point, use=AgreementPoint.Use.ADD, period__contains=on, agreement__cancelled_at__isnull=True
    )
    found = rows.select_related("agreement__account").first()
    return found.agreement if found else None
