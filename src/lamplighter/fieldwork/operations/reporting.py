"""Start an order on site, and keep what the crew reported. What a report changes elsewhere is the journey's."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.fieldwork.certificates import why_not
from lamplighter.fieldwork.kinds import LATE, RETURNED
from lamplighter.fieldwork.models import Order, Photo, Report, Visit
from lamplighter.fieldwork.operations.steps import end_visit, locked, step, tell
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.fieldwork.types import NOT_DONE
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Severity
from lamplighter.platform.operations.events import write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, raise_items


class CannotStart(Exception):
    """An order can't be begun now; the message is fit to be read aloud."""


class CannotReport(Exception):
    """A report is refused, and nothing was changed; the message is fit to be read aloud."""


@in_transaction
def start_order(*, order: Order, on: date, by: Actor, at: datetime, certificate: str = "") -> Order:
    """The crew is there and begins. An order that it has begun stays begun. Raises CannotStart.

    A disconnect is checked once more at this moment: the certificate that it carries, or the one of this moment that it
    is given, must hold. Whoever opened the transaction holds the account's lock (`journeys.severing.begin_order`), as
    a payment does.
    """
    found = locked(order)
    if found.state == Order.State.AT_WORK:
        return found
    if found.state != Order.State.WAITING:
        raise CannotStart(f"Order {found} is {found.get_state_display().lower()}. Do nothing there, and call the desk.")
    if on < found.not_before:
        raise CannotStart(f"This order may not be done before {found.not_before:%a, %b %-d}.")
    if found.cuts and certificate and not found.certificate:
        found.certificate = certificate
        found.save(update_fields=["certificate"])
    if found.cuts and (why := why_not(found, at=at)):
        raise CannotStart(f"Do not disconnect. {why}")
    step(found, Order.State.AT_WORK, by=by, at=at)
    tell("fieldwork.order.started", found, by=by, at=at)
    return found


def kept(order: Order, report: ReportIn) -> Report | None:
    """The report of this draft, if it came before. Raises CannotReport when that said something else."""
    same = Report.objects.filter(draft=report.draft).first()
    if same is not None and (same.digest, same.order_id) != (report.digest, order.pk):
        raise CannotReport("This form was sent before with something else in it. Open the order again.")
    return same


@in_transaction
def keep_report(*, order: Order, report: ReportIn, by: Actor, at: datetime, late: bool = False) -> Report:
    outcome = Report.Outcome.DONE if report.done else Report.Outcome.NOT_DONE
    made = Report.objects.create(
        draft=report.draft, digest=report.digest, order=order, outcome=outcome, reason=report.reason,
        data=report.figures, remark=write_remark(report.words, at=at) if report.words else None, late=late,
        found_at=report.found_at, received_at=at, by=by,
    )  # fmt: skip
    Photo.objects.bulk_create(Photo(report=made, file_id=key) for key in dict.fromkeys(report.photos))
    return made


@in_transaction
def finish_order(*, order: Order, report: ReportIn, by: Actor, at: datetime) -> Report:
    """The crew did it."""
    made = keep_report(order=order, report=report, by=by, at=at)
    step(order, Order.State.COMPLETE, by=by, at=at, remark=made.remark)
    end_visit(order, Visit.End.DONE, by=by, at=at)
    tell("fieldwork.order.completed", order, by=by, at=at, found=report.found, switch=report.switch,
         set=report.set_badge, found_at=report.found_at.isoformat(), photos=len(report.photos))  # fmt: skip
    return made


@in_transaction
def return_order(*, order: Order, report: ReportIn, by: Actor, at: datetime) -> Report:
    """The crew could not do it: it waits again, and the desk is told."""
    made = keep_report(order=order, report=report, by=by, at=at)
    step(order, Order.State.WAITING, by=by, at=at, reason=report.reason, remark=made.remark)
    end_visit(order, Visit.End.NOT_DONE, by=by, at=at)
    tell("fieldwork.order.returned", order, by=by, at=at, reason=report.reason)
    why = NOT_DONE[report.reason]
    _raise(RETURNED.key, order, f"{order.type.label}: {why.lower()}.", by=by, at=at)
    return made


@in_transaction
def keep_late(*, order: Order, report: ReportIn, why: str, by: Actor, at: datetime) -> Report:
    """A report that changes nothing by itself, because its order was over or should not have been done: a person
    looks at what happened there."""
    made = keep_report(order=order, report=report, by=by, at=at, late=True)
    tell("fieldwork.order.reported_late", order, by=by, at=at, outcome=made.outcome)
    _raise(LATE.key, order, why, by=by, at=at, severity=Severity.ERROR)
    return made


def _raise(
    kind: str, order: Order, words: str, *, by: Actor, at: datetime, severity: Severity = Severity.WARNING
) -> None:
    draft = Draft(kind, order.subject, words[:200], account=order.account_id, severity=severity)
    raise_items(drafts=[draft], by=by, at=at)
