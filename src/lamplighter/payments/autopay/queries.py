"""Which authorization runs, which drafts wait, where each stands, and how many came back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery

from lamplighter.accounts.models import Account
from lamplighter.payments.autopay.banks import BANK_DAYS
from lamplighter.payments.autopay.returns import (
    CORRECT_WITHIN_DAYS,
    WATCHED_DAYS,
    Rate,
    correct_by,
    ends_authorization,
    rates,
)
from lamplighter.payments.autopay.rules import PRENOTE_DAYS
from lamplighter.payments.models import Autopay, AutopayHold, Draft, DraftFile, DraftStep

Act = DraftStep.Act
TOO_LATE = f"the {CORRECT_WITHIN_DAYS} days for a corrected entry are over"
NEWEST = DraftStep.objects.filter(draft=OuterRef("pk")).order_by("-id")


def autopay_of(account: Account) -> Autopay | None:
    """The one that runs."""
    return Autopay.objects.filter(account=account, ended_on=None).select_related("card").first()


def running() -> QuerySet[Autopay]:
    return Autopay.objects.filter(ended_on=None).select_related("account", "card").order_by("pk")


def hold_of(autopay: Autopay, *, on: date) -> AutopayHold | None:
    return AutopayHold.objects.filter(autopay=autopay, period__contains=on).first()


def holds_of(autopays: Collection[Autopay], *, on: date) -> QuerySet[AutopayHold]:
    """What holds any of these on a day; one query."""
    return AutopayHold.objects.filter(autopay__in=autopays, period__contains=on)


def drafts() -> QuerySet[Draft]:
    """Every draft, the newest day first, with where it `stands` ("" while it waits), `why`, and the `code` of a
    return."""
    return (
        Draft.objects.select_related("autopay__account", "autopay__card")
        .annotate(
            stands=Subquery(NEWEST.values("act")[:1]), why=Subquery(NEWEST.values("why")[:1]),
            code=Subquery(NEWEST.values("code")[:1]),
        )
        .order_by("-draw_on", "-pk")
    )  # fmt: skip


def open_drafts(autopay: Autopay) -> QuerySet[Draft]:
    """Announced, and neither sent nor called off."""
    return Draft.objects.filter(autopay=autopay, steps__isnull=True).select_related("autopay").order_by("pk")


def drafts_to_send(*, pays_on: date) -> list[Draft]:
    """What is to settle by a day; a bill waits while the prenote of its authorization is being tested."""
    found = list(waiting(by=pays_on, card=False).select_related("autopay__account").order_by("pk"))
    tested = _being_tested({one.autopay_id for one in found}, on=pays_on)
    return [one for one in found if not one.bill or one.autopay_id not in tested]


def card_drafts_due(*, on: date) -> list[Draft]:
    """What is to be charged to cards by a day, those that the processor was asked for without an answer among them."""
    return list(waiting(by=on, card=True).select_related("autopay__account", "autopay__card").order_by("pk"))


def waiting(*, by: date, card: bool) -> QuerySet[Draft]:
    """Drafts due by a day, on cards or on bank accounts, of which nothing has become yet."""
    return Draft.objects.filter(steps__isnull=True, draw_on__lte=by, autopay__card__isnull=not card)


def _being_tested(autopays: Collection[int], *, on: date) -> set[int]:
    """Those of which the prenote waits, or is at the bank for fewer than three banking days."""
    sent = DraftStep.objects.filter(draft=OuterRef("pk"), act=Act.SENT).values("on")
    prenotes = Draft.objects.filter(bill="", autopay__in=autopays).annotate(sent=Subquery(sent))
    return {
        autopay for autopay, day in prenotes.values_list("autopay", "sent")
        if day is None or on < BANK_DAYS.add_working_days(day, PRENOTE_DAYS)
    }  # fmt: skip


def returned(draft: Draft) -> DraftStep | None:
    """Its return by the customer's bank."""
    return draft.steps.filter(act=Act.RETURNED).first()


def correctable_until(back: DraftStep) -> date:
    """The last day for an entry that puts a returned one right; a settlement after the day of reading is no day."""
    return correct_by(min(back.settled_on or back.on, back.on))


def corrections_too_late(several: Collection[Draft], *, on: date) -> dict[int, str]:
    """Which of these drafts put others right and may no longer, and why; at most one query."""
    waiting = {one.corrects_id: one.pk for one in several if one.corrects_id is not None}
    if not waiting:
        return {}
    back = DraftStep.objects.filter(act=Act.RETURNED, draft__in=waiting)
    return {waiting[one.draft_id]: TOO_LATE for one in back if on > correctable_until(one)}


def revoked_since(back: DraftStep) -> bool:
    """Whether the authorization of a returned draft came back otherwise too, so that nothing is drawn on it."""
    others = DraftStep.objects.filter(act=Act.RETURNED, draft__autopay=back.draft.autopay_id).exclude(pk=back.pk)
    return any(ends_authorization(code) for code in others.values_list("code", flat=True))


def sent_as(trace: str) -> DraftStep | None:
    """The draft that has this trace number in the newest file."""
    found = DraftStep.objects.filter(act=Act.SENT, trace=trace).select_related("draft__autopay__account", "event")
    return found.order_by("-id").first()


def last_drawn(autopay: Autopay, *, before: Draft) -> Draft | None:
    """The bill before that was announced, to which a notice compares."""
    rows = Draft.objects.filter(autopay__account=autopay.account_id, attempt=0, pk__lt=before.pk).exclude(bill="")
    return rows.order_by("-pk").first()


def files() -> QuerySet[DraftFile]:
    return DraftFile.objects.order_by("-number")


def watched_rates(*, on: date) -> tuple[Rate, ...]:
    """The shares of debits of the last sixty days that came back; prenotes are no debits."""
    since = on - timedelta(days=WATCHED_DAYS)
    sent = DraftStep.objects.filter(act=Act.SENT, on__gt=since, event__isnull=False)
    back = DraftStep.objects.filter(act=Act.RETURNED, draft__steps__in=sent)
    codes = dict(back.order_by().values("code").annotate(n=Count("pk")).values_list("code", "n"))
    return rates(codes, sent.count())
