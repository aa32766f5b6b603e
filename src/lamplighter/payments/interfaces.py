"""The bank, the card processor and who sends files of payments as interfaces: what came last, what fits nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q

from lamplighter.kernel.actors import Actor
from lamplighter.payments.autopay.banks import next_bank_day
from lamplighter.payments.autopay.queries import waiting
from lamplighter.payments.kinds import ACH
from lamplighter.payments.models import (
    BankAccount,
    BankStatement,
    CardCharge,
    CardEvent,
    DraftFile,
    DraftStep,
    Remittance,
    RemittedLine,
    TenderSource,
)
from lamplighter.payments.operations.reconciling import tie_again
from lamplighter.payments.queries import open_bank_lines
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.interfaces import CannotRetry, FailedMessage, Interface, Standing, register
from lamplighter.worklist.queries.items import open_items

LATELY = timedelta(days=14)
BANK_QUIET = 4 * 24 * 3600
"""A weekend with a holiday passes without a statement."""
SHOWN = 20
CARDS, PAID = "card-processor", "payment.succeeded"
BY_LINE = "The bank sends no line twice. Each is settled with it from its work item."
ASKED = "Payments that were not told are asked for every quarter of an hour. What fits nothing is settled by a person."
APPLIED = "A file is taken in whole or not at all. Open its line and say whose money it is."
UNUSED = "A line of the bank's file that is for a person"


@register
def bank() -> Sequence[Interface]:
    ours = BankAccount.objects.first()
    name = ours.bank if ours else "Bank"
    return [
        Interface("bank-statements", "Bank statements", name, "Deposits, returned items, charges", statements, tie),
        Interface("bank-ach", "ACH files", name, "Drafts out; returns and corrections in", ach, instead=BY_LINE),
    ]


@register
def processor() -> Sequence[Interface]:
    if not settings.CARDS:
        return []
    what = "Payments by link, AutoPay by card"
    return [Interface(CARDS, "Card payments", "Card processor", what, cards, instead=ASKED)]


@register
def senders() -> Sequence[Interface]:
    """Lockboxes and pay stations, each by the layout of its files."""
    rows = TenderSource.objects.filter(layouts__isnull=False).distinct().order_by("name")
    return [
        Interface(f"files-{one.pk}", one.name, one.name, f"Payment files, {one.get_kind_display().lower()}",
                  partial(remittances, one), instead=APPLIED)
        for one in rows
    ]  # fmt: skip


def statements(at: datetime) -> Standing:  # noqa: ARG001
    """A line that ties to nothing of ours, or not to the cent, has failed until somebody settles it."""
    lines = open_bank_lines().order_by("-statement__on", "place")
    failed = [
        FailedMessage(one.subject, one.statement.recorded_at,
                      f"{one.amount}, code {one.code}: does not tie to our books",
                      f"day {one.statement.on}\nline {one.place}\ncode {one.code}\namount {one.amount}\n"
                      f"bank's reference {one.bank_reference}\nsha256 {one.statement.file}\n",
                      f"/lead/cash/lines/{one.pk}/do/settle/")
        for one in lines[:SHOWN]
    ]  # fmt: skip
    last = BankStatement.objects.aggregate(last=Max("recorded_at"))["last"]
    return Standing(last, lines.count(), failed, BANK_QUIET)


def tie(key: str, by: Actor, at: datetime) -> str:
    """Look once more for what a line of the bank's is, now that more of ours may be known."""
    kind, _, number = key.partition(":")
    line = open_bank_lines().filter(pk=number).first() if kind == "bank-line" and number.isdecimal() else None
    if line is None:
        raise CannotRetry("This line ties by now.")
    try:
        tie_again(line=line, by=by, at=at)
    except CannotTake as refused:
        raise CannotRetry(str(refused)) from refused
    return f"{line.amount}, code {line.code}, ties now."


def ach(at: datetime) -> Standing:
    """Waiting is what is due by the next banking day, tested prenotes or not; lines of the bank's files that nobody
    could use have failed."""
    sent = DraftFile.objects.aggregate(last=Max("recorded_at"))["last"]
    heard = DraftStep.objects.filter(act=DraftStep.Act.RETURNED, draft__autopay__card__isnull=True)
    came = heard.aggregate(last=Max("recorded_at"))["last"]
    failed = [
        FailedMessage(f"item:{one.pk}", one.raised_at, UNUSED, f"{one.subject}\n{one.dedupe}\n", "/desk/autopay/")
        for one in open_items(at=at, kind=ACH.key)[:SHOWN]
    ]
    due = waiting(by=next_bank_day(_day(at)), card=False)
    return Standing(max(filter(None, (sent, came)), default=None), due.count(), failed)


def cards(at: datetime) -> Standing:
    """What the processor told and nothing of ours fits has failed, but for payments that were asked for and found
    since; charges whose day has come wait for its answer."""
    since = at - LATELY
    found = Q(kind=PAID) & Exists(CardCharge.objects.filter(pk=OuterRef("charge")))
    waits = CardEvent.objects.filter(~found, outcome=CardEvent.Outcome.WAITS, recorded_at__gte=since)
    strange = waits.order_by("-recorded_at")
    failed = [
        FailedMessage(one.pk, one.recorded_at, f"{one.kind}: {one.words}",
                      f"event {one.pk}\nkind {one.kind}\npayment {one.charge}\nreference {one.reference}\n"
                      f"happened {one.happened_at.isoformat()}\n")
        for one in strange[:SHOWN]
    ]  # fmt: skip
    last = CardEvent.objects.aggregate(last=Max("recorded_at"))["last"]
    return Standing(last, waiting(by=_day(at), card=True).count(), failed)


def remittances(source: TenderSource, at: datetime) -> Standing:  # noqa: ARG001
    """Lines whose money waits for an account."""
    lines = RemittedLine.objects.filter(remittance__source=source, event__isnull=True, step__isnull=True)
    rows = lines.select_related("remittance").order_by("-remittance__recorded_at", "place")
    failed = [
        FailedMessage(one.subject, one.remittance.recorded_at, f"Line {one.place}, {one.amount}, waits",
                      f"file {one.remittance.name}\nnumber {one.remittance.number}\nline {one.place}\n"
                      f"amount {one.amount}\nsha256 {one.remittance.file}\n",
                      f"/lead/cash/remittances/{one.remittance_id}/")
        for one in rows[:SHOWN]
    ]  # fmt: skip
    last = Remittance.objects.filter(source=source).aggregate(last=Max("recorded_at"))["last"]
    return Standing(last, lines.count(), failed)


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
