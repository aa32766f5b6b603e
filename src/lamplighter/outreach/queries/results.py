"""What came of a campaign: who was reached, who answered, who enrolled or signed up, and which leads came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from lamplighter.notices.models import Delivery
from lamplighter.notices.rules.steps import FAILED, DeliveryStep
from lamplighter.outreach.models import Campaign, Lead, Reply, Target
from lamplighter.programs.models import Enrollment


@dataclass(frozen=True, slots=True)
class Results:
    """`written` letters, of which so many `left` us and did not come back, and so many `failed`. `enrolled` counts
    accounts that got the campaign's program after its letter, `signed` people with a place at its event."""

    written: int
    left: int
    failed: int
    interested: int
    not_now: int
    no_more: int
    enrolled: int
    signed: int
    leads_open: int
    leads_won: int

    @property
    def answered(self) -> int:
        return self.interested + self.not_now + self.no_more


def results(campaign: Campaign) -> Results:
    """Six counts, whatever the number of letters."""
    targets = Target.objects.filter(campaign=campaign)
    failed = targets.filter(Exists(_steps(FAILED))).count()
    left = targets.filter(Exists(_steps({DeliveryStep.HANDED_OVER})) & ~Exists(_steps(FAILED))).count()
    said = Counter(Reply.objects.filter(target__campaign=campaign).values_list("said", flat=True))
    leads = Counter(Lead.objects.filter(campaign=campaign).values_list("outcome", flat=True))
    return Results(
        targets.count(), left, failed, said[Reply.Said.YES], said[Reply.Said.NO], said[Reply.Said.STOP],
        _enrolled(campaign, targets), _signed(campaign, targets), leads[""], leads[Lead.Outcome.WON],
    )  # fmt: skip


def _steps(steps: frozenset[DeliveryStep] | set[DeliveryStep]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice=OuterRef("notice"), step__in=steps)


def _enrolled(campaign: Campaign, targets: QuerySet[Target]) -> int:
    if campaign.program_id is None:
        return 0
    begun = Enrollment.objects.filter(
        account=OuterRef("account"), program=campaign.program_id, begun_at__gte=OuterRef("written_at")
    )
    return targets.filter(Exists(begun)).values("account").distinct().count()


def _signed(campaign: Campaign, targets: QuerySet[Target]) -> int:
    if campaign.gathering_id is None:
        return 0
    return targets.filter(person__sign_ups__gathering=campaign.gathering_id).filter(
        person__sign_ups__signed_at__gte=F("written_at")
    ).distinct().count()  # fmt: skip
