"""Gather what a certificate reads of one service, and judge it without writing: the page and the sending share this."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from lamplighter.accounts.models import Agreement, AgreementFact, AgreementPoint
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Arrangement, ContactAttempt, Cover, Extension, Hold, Step, WeatherReport
from lamplighter.credit.queries.debts import dated
from lamplighter.credit.queries.standing import law
from lamplighter.credit.rules.certificate import Decision, decide
from lamplighter.credit.rules.collecting import NOTICE
from lamplighter.credit.rules.facts import Alerted, Contact, Debt, Evidence, Facts, Held, How, Mailing, Reason, Weather
from lamplighter.kernel.periods import Period
from lamplighter.notices.queries.proofs import proofs

LOOKS_BACK = timedelta(days=120)
TENANTS = "tenants"
"""The fact of a service behind which tenants live: how they are metered."""


def judge(
    agreement: Agreement, *, reason: Reason, at: datetime, evidence: Evidence | None = None
) -> tuple[Facts, Decision]:
    """What would be certified now: the facts that were read, and the decision with every check."""
    zone = ZoneInfo(settings.UTILITY_ZONE)
    facts = facts_of(agreement, at=at, evidence=evidence)
    pack = law(on=at.astimezone(zone).date())
    return facts, decide(facts, reason=reason, pack=pack, at=at, zone=zone)


def facts_of(agreement: Agreement, *, at: datetime, evidence: Evidence | None = None) -> Facts:
    """Everything that is known of the service at an instant; a dozen queries. Tenants stay where their landlord's
    service ended."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    account = agreement.account
    known = min(on, agreement.period.last_day) if agreement.period.end else on
    tenants = AgreementFact.objects.filter(agreement=agreement, name=TENANTS, period__contains=known).first()
    tried = ContactAttempt.objects.filter(account=account, at__gt=at - LOOKS_BACK, at__lte=at).order_by("at")
    return Facts(
        account=account.pk, agreement=agreement.pk, customer_class=account.customer_class, read_at=at,
        served=agreement.period, successor=_successor(agreement, on), debts=_debts(agreement, on),
        mailings=mailings(account.pk),
        contacts=tuple(Contact(How(each.how), each.at, each.reached) for each in tried),
        holds=tuple(Held(HoldKind(hold.kind), hold.period) for hold in Hold.objects.filter(account=account)),
        arranged=tuple(each.period for each in Arrangement.objects.filter(account=account)),
        promised=tuple(each.period for each in Extension.objects.filter(account=account)),
        tenants=tenants.value if tenants else "", weather=weather_of(agreement, at),
        staffed=tuple(cover.span for cover in Cover.objects.filter(span__contains=at)), evidence=evidence,
    )  # fmt: skip


def mailings(account: int) -> tuple[Mailing, ...]:
    """Notices of the process that runs which left our hands, with the amount that each asked for; three queries.

    One whose process ended (paid, arranged, held) is spent: if the debt comes back, a new notice is mailed.
    """
    running = Step.objects.filter(process__account=account, process__ended_on__isnull=True)
    steps = running.filter(key=NOTICE, notice__isnull=False)
    asked = {step.notice_id: step.amount for step in steps if step.amount is not None}
    zone = ZoneInfo(settings.UTILITY_ZONE)
    found = proofs(subjects=_subjects(account), code=NOTICE)
    return tuple(
        Mailing(proof.notice, proof.happened_at.astimezone(zone).date(), asked[proof.notice], proof.failed)
        for proof in found
        if proof.notice in asked
    )


def _subjects(account: int) -> list[str]:
    steps = Step.objects.filter(process__account=account, notice__isnull=False)
    return list(steps.values_list("notice__subject", flat=True).distinct())


def _debts(agreement: Agreement, on: date) -> tuple[Debt, ...]:
    """Of this service alone: what other agreements owe turns nobody's power off."""
    return tuple(
        Debt(one.asked.told_on, one.asked.due_on, one.amount)
        for one in dated([agreement.account_id], on=on)[agreement.account_id]
        if one.agreement == agreement.pk
    )


def _successor(agreement: Agreement, on: date) -> bool:
    points = list(agreement.points.values_list("point", flat=True))
    others = AgreementPoint.objects.filter(point__in=points, use=AgreementPoint.Use.ADD)
    later = Q(period__contains=on) | Q(period__startswith__gte=on)
    return others.filter(later).exclude(agreement=agreement).exclude(agreement__cancelled_at__isnull=False).exists()


def weather_of(agreement: Agreement, at: datetime) -> Weather | None:
    """The newest answer for the place; an unknown place has none."""
    if agreement.premise is None:
        return None
    newest = (
        WeatherReport.objects.filter(area=agreement.premise.jurisdiction_id, asked_at__lte=at)
        .order_by("-asked_at", "-id")
        .first()
    )
    if newest is None:
        return None
    alerts = tuple(
        Alerted(name, Period(date.fromisoformat(start), date.fromisoformat(end))) for name, start, end in newest.alerts
    )
    return Weather(newest.asked_at, newest.owner, newest.covers, alerts)
