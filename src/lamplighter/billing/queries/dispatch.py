"""By which way each bill goes to its customer, which have to be printed, and whether the ways tie to the run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Concat

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill, BillPiece, Insert, PieceStep, PrintJob
from lamplighter.kernel.money import ZERO, Money
from lamplighter.notices.models import Delivery, Notice
from lamplighter.notices.rules.steps import FAILED, DeliveryStep
from lamplighter.usage.store import utility_zone

READY = "bill-ready"
"""The email by which a bill is told."""
LOOKS_BACK = timedelta(days=60)
"""How long after its day of issue a bill is still looked at."""
GONE = (PieceStep.Act.MAILED, PieceStep.Act.REMADE)
ONCE_MORE = (PieceStep.Act.SPOILED, PieceStep.Act.AGAIN)


class Way(StrEnum):
    """Where a bill is on its way; every bill is at one of them."""

    TO_PRINT = "to-print"
    AT_SHOP = "at-shop"
    MAILED = "mailed"
    CAME_BACK = "came-back"
    EMAIL_WAITS = "email-waits"
    EMAILED = "emailed"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        return {
            Way.TO_PRINT: "To be printed", Way.AT_SHOP: "At the print shop", Way.MAILED: "Mailed",
            Way.CAME_BACK: "Came back", Way.EMAIL_WAITS: "Email waits", Way.EMAILED: "Emailed",
            Way.ELSEWHERE: "Before printing began here", Way.NOTHING: "By email, nothing to pay",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bill to be printed, why, and the piece in whose place it goes."""

    bill: Bill
    why: BillPiece.Why
    replaces: BillPiece | None = None


@dataclass(frozen=True, slots=True)
class WayCount:
    way: Way
    count: int
    due: Money


def printed_since() -> date | None:
    """Bills issued from this day on are printed by jobs; None before the first job."""
    return PrintJob.objects.order_by("pk").values_list("since", flat=True).first()


def with_way(bills: QuerySet[Bill], *, since: date | None = None) -> QuerySet[Any]:
    """Bills with `way`, where each is (a Way); `bounced` tells that its email came back. `since`: printed_since, where
    it is known."""
    since = since or printed_since()
    before = Q(issued_on__lt=since) if since else Q(pk__isnull=True)
    last = BillPiece.objects.filter(bill=OuterRef("pk"), replaced_by__isnull=True)
    told = Notice.objects.filter(subject=OuterRef("about"), template__code=READY)
    steps = Delivery.objects.filter(notice__subject=OuterRef("about"), notice__template__code=READY)
    on_paper = ~Q(account__dispatch=Account.Dispatch.EMAIL)
    return bills.annotate(about=Concat(Value("bill:"), "number", output_field=CharField())).annotate(
        printed=Exists(last), again=Exists(last.filter(steps__act__in=ONCE_MORE)),
        returned=Exists(last.filter(steps__act=PieceStep.Act.RETURNED)), gone=Exists(last.filter(steps__act__in=GONE)),
        told=Exists(told), bounced=Exists(steps.filter(step__in=FAILED)),
        emailed=Exists(steps.filter(step=DeliveryStep.HANDED_OVER)),
    ).annotate(
        way=Case(
            When(printed=True, again=True, then=Value(Way.TO_PRINT)),
            When(printed=True, returned=True, then=Value(Way.CAME_BACK)),
            When(printed=True, gone=True, then=Value(Way.MAILED)),
            When(printed=True, then=Value(Way.AT_SHOP)),
            When(before & (on_paper | Q(bounced=True) | Q(told=False, due__gt=0)), then=Value(Way.ELSEWHERE)),
            When(on_paper | Q(bounced=True), then=Value(Way.TO_PRINT)),
            When(emailed=True, then=Value(Way.EMAILED)),
            When(told=True, then=Value(Way.EMAIL_WAITS)),
            When(due__gt=0, then=Value(Way.TO_PRINT)),
            default=Value(Way.NOTHING), output_field=CharField(),
        )
    )  # fmt: skip


def ways(bills: QuerySet[Bill]) -> list[WayCount]:
    """How many bills are where, and what they ask for: the counts add up to the bills. One query."""
    rows = with_way(bills).order_by().values("way").annotate(count=Count("pk"), asked=Sum("due"))
    found = {Way(row["way"]): WayCount(Way(row["way"]), row["count"], row["asked"] or ZERO) for row in rows}
    return [found[way] for way in Way if way in found]


def to_print(*, on: date, limit: int, since: date | None = None) -> list[Wanted]:
    """Bills that have to be printed, and pieces that have to be printed again: the oldest first. `since` is when none
    was printed yet: from which day on bills are."""
    rows = issued_lately(on=on).select_related("account").filter(way=Way.TO_PRINT).order_by("pk")
    bills = rows.filter(issued_on__gte=since)[:limit] if since else rows[:limit]
    last = BillPiece.objects.filter(bill__in=[bill.pk for bill in bills], replaced_by__isnull=True)
    pieces = {piece.bill_id: piece for piece in last.prefetch_related("steps")}
    return [_wanted(bill, pieces.get(bill.pk)) for bill in bills]


def issued_lately(*, on: date) -> QuerySet[Any]:
    """What is looked at: bills of ours of the last two months, and older ones of which a piece has to go out again."""
    again = Exists(BillPiece.objects.filter(bill=OuterRef("pk"), replaced_by__isnull=True, steps__act__in=ONCE_MORE))
    lately = Q(issued_on__gt=on - LOOKS_BACK, issued_on__lte=on)
    return with_way(Bill.objects.filter(lately | Q(again), origin=Bill.Origin.OWN))


def inserts_on(day: date) -> list[Insert]:
    return list(Insert.objects.filter(period__contains=day).order_by("code"))


def told_on(bills: Collection[str]) -> dict[str, date | None]:
    """By the numbers of bills: the day on which each was mailed or emailed, by its proof; None where it has none yet,
    or came back. One from before printing began here is not among them: it went another way, of which nothing is kept.
    """
    since = printed_since()
    if since is None:
        return {}
    mailed = PieceStep.objects.filter(piece__bill=OuterRef("pk"), piece__replaced_by__isnull=True, act__in=GONE)
    emailed = Delivery.objects.filter(
        notice__subject=OuterRef("about"), notice__template__code=READY, step=DeliveryStep.HANDED_OVER
    ).order_by("happened_at")
    ours = Bill.objects.filter(number__in=bills, origin=Bill.Origin.OWN)
    rows = with_way(ours, since=since).filter(Q(issued_on__gte=since) | Q(printed=True))
    found = rows.annotate(
        mailed_on=Subquery(mailed.values("on")[:1]), emailed_at=Subquery(emailed.values("happened_at")[:1])
    )
    return {bill.number: _told(Way(bill.way), bill.mailed_on, bill.emailed_at) for bill in found}


def _told(way: Way, mailed_on: date | None, emailed_at: datetime | None) -> date | None:
    match way:
        case Way.MAILED:
            return mailed_on
        case Way.EMAILED if emailed_at is not None:
            return emailed_at.astimezone(utility_zone()).date()
        case _:
            return None


def _wanted(bill: Any, piece: BillPiece | None) -> Wanted:
    if piece is not None:
        acts = {step.act for step in piece.steps.all()}
        spoiled = PieceStep.Act.SPOILED in acts
        return Wanted(bill, BillPiece.Why.SPOILED if spoiled else BillPiece.Why.RETURNED, piece)
    if bill.account.dispatch != Account.Dispatch.EMAIL:
        return Wanted(bill, BillPiece.Why.CHOSEN)
    return Wanted(bill, BillPiece.Why.BOUNCED if bill.bounced else BillPiece.Why.UNSENT)
