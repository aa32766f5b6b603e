"""Which notices went out, and the dated proof of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from lamplighter.notices.models import Delivery, Notice
from lamplighter.notices.rules.steps import FAILED, DeliveryStep


@dataclass(frozen=True, slots=True)
class Proof:
    """A notice left our hands at `happened_at`: the instant from which notice clocks run. `failed`: it came back."""

    notice: int
    code: str
    channel: str
    subject: str
    happened_at: datetime
    proof: str
    failed: bool


def notices_of(*, account: int) -> QuerySet[Notice]:
    """An account's notices, newest first, with template and deliveries at hand."""
    found = Notice.objects.filter(account=account).select_related("template").prefetch_related("deliveries")
    return found.order_by("-composed_at", "-id")


def proof_of_mailing(notice: Notice) -> Proof | None:
    """When it was handed over, or None: then no clock runs."""
    return next(iter(_proofs(Q(notice=notice))), None)


def proofs(*, subjects: Collection[str], code: str) -> list[Proof]:
    """Every notice of a template that left our hands about these subjects, the first mailed first; one query."""
    return _proofs(Q(notice__subject__in=subjects, notice__template__code=code))


def undelivered(*, queued_before: datetime) -> QuerySet[Notice]:
    """What came back and nothing replaced, and what is still queued since before an instant; oldest first."""
    steps = Delivery.objects.filter(notice=OuterRef("pk"))
    came_back = Exists(steps.filter(step__in=FAILED))
    left = Exists(steps.filter(step__in=FAILED | {DeliveryStep.HANDED_OVER}))
    stuck = Exists(steps.filter(step=DeliveryStep.QUEUED, happened_at__lt=queued_before))
    found = Notice.objects.filter((Q(came_back) & Q(replaced_by__isnull=True)) | (Q(stuck) & ~Q(left)))
    return found.select_related("template").prefetch_related("deliveries").order_by("id")


def _proofs(where: Q) -> list[Proof]:
    came_back = Delivery.objects.filter(notice=OuterRef("notice"), step__in=FAILED)
    rows = (
        Delivery.objects.filter(where, step=DeliveryStep.HANDED_OVER)
        .annotate(failed=Exists(came_back))
        .order_by("happened_at", "id")
        .values_list(
            "notice_id",
            "notice__template__code",
            "notice__channel",
            "notice__subject",
            "happened_at",
            "proof",
            "failed",
        )
    )
    return [Proof(*row) for row in rows]
