"""Say which codes belong to departments of the city, and settle with them by journal, by two people."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO
from lamplighter.ledger.models import Code, DepartmentCode, Settlement, SettlementLine
from lamplighter.ledger.operations.posting import CannotPost, Draft, Leg, post, reverse
from lamplighter.ledger.queries.settling import KIND, POOL, Statement, settled_through, statement
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

SETTLE, TAKE_BACK = "ledger.settlement", "ledger.settlement-reversal"
BY_ANOTHER = "ledger.post"


class CannotSettle(Exception):
    """A settlement is refused; the message is fit to be read aloud."""


@in_transaction
def set_department(
    *, code: Code, department: str, theirs: str, starts_on: date, citation: str, by: Actor, at: datetime
) -> DepartmentCode:
    """From a day on, what stands on the code is a department's; without one it is nobody's. What somebody's account
    stands on, and the pool itself, is no department's."""
    advisory_lock(KIND)
    if code.control or code.pk == POOL:
        raise CannotSettle(f"{code.name} belongs to customers' accounts or is the pool: no department settles it.")
    if not citation.strip():
        raise CannotSettle("Name the agreement, budget or resolution that says so.")
    last = SettlementLine.objects.filter(code=code, settlement__through__gte=starts_on).select_related("settlement")
    if (done := last.first()) is not None:
        raise CannotSettle(f"{done.settlement.number} settled it up to {done.settlement.through}. Choose a later day.")
    made = DepartmentCode.objects.create(
        code=code, department=department.strip(), theirs=theirs.strip(), starts_on=starts_on,
        citation=citation.strip(), recorded_at=at, recorded_by=by,
    )  # fmt: skip
    record("ledger.department.set", subject=f"code:{code.pk}", by=by, at=at, department=made.department,
           theirs=made.theirs, start=starts_on.isoformat(), citation=made.citation)  # fmt: skip
    return made


@in_transaction
def ask_settlement(*, department: str, through: date, on: date, by: Actor, at: datetime) -> Approval:
    """Ask for the journal that settles everything up to the end of a day. A second person posts it."""
    advisory_lock(KIND)
    found = _checked(department, through, on)
    return approvals.ask(
        kind=SETTLE, subject=f"department:{department}", permission=BY_ANOTHER, amount=None,
        summary=f"Settle with {department} up to {through:%b %-d, %Y}: {_said(found)}",
        proposal={"department": department, "through": through.isoformat(), "lines": _lines(found)}, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(SETTLE)
def settlement_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly what was asked, in the books of the day on which it is approved."""
    advisory_lock(KIND)
    asked, on = approval.proposal, _day(at)
    try:
        found = _checked(asked["department"], date.fromisoformat(asked["through"]), on)
    except CannotSettle as why:
        raise CannotDecide(str(why)) from why
    if _lines(found) != asked["lines"]:
        raise CannotDecide("More was booked in the period since. Refuse this; it is asked for anew.")
    legs = [Leg(line.code.pk, line.amount) for line in found.lines if line.amount]
    if found.amount:
        legs.append(Leg(POOL, -found.amount))
    try:
        entry = post(draft=Draft(f"settlement:{approval.pk}", KIND, on, tuple(legs)), at=at, by=by)
    except CannotPost as why:
        raise CannotDecide(str(why)) from why
    made = Settlement.objects.create(
        department=found.department, through=found.through, amount=found.amount, entry_id=entry, approval=approval,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    SettlementLine.objects.bulk_create(
        SettlementLine(settlement=made, code=line.code, theirs=line.theirs, before=line.before, came=line.came,
                       went=line.went, amount=line.amount)
        for line in found.lines
    )  # fmt: skip
    record("ledger.settlement.made", subject=made.subject, by=by, at=at, department=made.department,
           through=made.through.isoformat(), cents=made.amount.cents)  # fmt: skip


@in_transaction
def ask_back(*, settlement: Settlement, remark: str, by: Actor, at: datetime) -> Approval:
    """Ask to take a settlement back by a second entry: what it settled is owed again."""
    if not remark.strip():
        raise CannotSettle("Say why it is taken back.")
    _refuse_back(settlement)
    return approvals.ask(
        kind=TAKE_BACK, subject=settlement.subject, permission=BY_ANOTHER, remark=remark,
        summary=f"Take back {settlement.number} with {settlement.department}: {settlement.amount}",
        proposal={"settlement": settlement.pk}, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(TAKE_BACK)
def taking_back_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    advisory_lock(KIND)
    first = Settlement.objects.select_related("entry").get(pk=approval.proposal["settlement"])
    try:
        _refuse_back(first)
    except CannotSettle as why:
        raise CannotDecide(str(why)) from why
    on = _day(at)
    entry = reverse(entry=first.entry, source=f"settlement-back:{first.pk}", effective_on=on, accounting_on=on,
                    at=at, by=by)  # fmt: skip
    made = Settlement.objects.create(
        department=first.department, through=first.through, amount=-first.amount, entry_id=entry, reverses=first,
        approval=approval, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    SettlementLine.objects.bulk_create(
        SettlementLine(settlement=made, code_id=line.code_id, theirs=line.theirs, before=-line.before,
                       came=-line.came, went=-line.went, amount=-line.amount)
        for line in first.lines.order_by("pk")
    )  # fmt: skip
    record("ledger.settlement.reversed", subject=first.subject, by=by, at=at, department=first.department,
           cents=first.amount.cents)  # fmt: skip


def _checked(department: str, through: date, on: date) -> Statement:
    if through >= on:
        raise CannotSettle("Only days that are over are settled: more may still be booked on the others.")
    last = settled_through(department)
    if last is not None and through <= last:
        raise CannotSettle(f"{department} is settled up to {last:%b %-d, %Y}. Choose a later day.")
    found = statement(department, through=through)
    if all(line.amount == ZERO for line in found.lines):
        raise CannotSettle(f"Nothing is owed to {department} or by it up to {through:%b %-d, %Y}.")
    return found


def _refuse_back(settlement: Settlement) -> None:
    if settlement.reverses_id is not None or Settlement.objects.filter(reverses=settlement).exists():
        raise CannotSettle(f"{settlement.number} was taken back already, or takes another one back.")
    later = Settlement.objects.filter(
        department=settlement.department, through__gt=settlement.through, reverses=None, reversed_by=None
    )
    if (one := later.first()) is not None:
        raise CannotSettle(f"{one.number} settles later days. Take that one back first.")


def _lines(found: Statement) -> list[list[str | int]]:
    return [[line.code.pk, line.amount.cents] for line in found.lines]


def _said(found: Statement) -> str:
    return f"{abs(found.amount)} {'to them' if found.amount >= ZERO else 'from them'}"


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
