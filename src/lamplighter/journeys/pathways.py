"""The days of an account's own debt: what was mailed and told, what follows by law, or why no day is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, AgreementFact
from lamplighter.credit.law.days import notice_from
from lamplighter.credit.law.parameters import Pack
from lamplighter.credit.models import ContactAttempt, Process
from lamplighter.credit.queries.certificates import TENANTS, mailings
from lamplighter.credit.queries.debts import Dated, dated
from lamplighter.credit.queries.standing import law
from lamplighter.credit.rules.collecting import ACCELERATED, debt_class_of
from lamplighter.credit.rules.facts import How, Mailing
from lamplighter.credit.rules.pathway import Known, Mark, pathway
from lamplighter.journeys.collecting import judge
from lamplighter.kernel.money import Money, total

UNPROVEN = "There is no proof yet that the bill was mailed."


@dataclass(frozen=True, slots=True)
class Path:
    """The days in the order in which they are counted; none where `why` says what keeps them from counting."""

    marks: tuple[Mark, ...]
    pack: Pack
    why: str = ""


def path_of(account: Account, *, on: date) -> Path:
    """From the newest bill that a notice asks for to the first day without power."""
    pack, debts = law(on=on), dated([account.pk], on=on)
    verdict = judge(debts, on=on)[account.pk]
    if verdict.process is not ACCELERATED:
        return Path((), pack, verdict.why)
    told = _told_bills(debts[account.pk], on=on)
    if not told:
        return Path((), pack, UNPROVEN)
    counted = [one for one in mailings(account.pk) if _counts(one, told, pack, on=on)]
    notice_on = counted[-1].mailed_on if counted else None
    tenants = _tenants(account, pack, on=on)
    known = Known(
        max(day for day, _ in told if notice_on is None or notice_from(day, pack) <= notice_on), notice_on, tenants,
        _told(account) if tenants else None,
    )  # fmt: skip
    return Path(pathway(known, on=on, pack=pack), pack)


def _told_bills(debts: Sequence[Dated], *, on: date) -> list[tuple[date, Money]]:
    """What is past due of each bill that may be collected, with the day on which that was mailed; not without proof."""
    late = [one for one in debts if debt_class_of(one.kind) and one.late(on)]
    return [(one.asked.told_on, one.amount) for one in late if one.asked.told_on is not None]


def _counts(mailing: Mailing, told: Sequence[tuple[date, Money]], pack: Pack, *, on: date) -> bool:
    """As a certificate counts it: it did not come back, has not lapsed, and asks for enough of what is still owed."""
    under = total(amount for day, amount in told if notice_from(day, pack) <= mailing.mailed_on)
    lapsed = mailing.mailed_on + timedelta(days=pack.notice_lasts_days.value)
    return not mailing.failed and on <= lapsed and min(mailing.amount, under) >= pack.minimum_debt.value


def _tenants(account: Account, pack: Pack, *, on: date) -> str:
    """How people behind the account's services are metered: the kind that is told the longest before."""
    facts = AgreementFact.objects.filter(agreement__account=account, name=TENANTS, period__contains=on)
    kinds = [kind for kind in facts.values_list("value", flat=True) if kind in pack.tenant_notice_days]
    return max(kinds, key=lambda kind: pack.tenant_notice_days[kind].value, default="")


def _told(account: Account) -> date | None:
    """The day on which tenants were told of the collection that runs."""
    running = Process.objects.filter(account=account, ended_on__isnull=True).first()
    if running is None:
        return None
    told = ContactAttempt.objects.filter(account=account, how=How.TENANTS, at__gte=running.started_at).order_by("at")
    first = told.first()
    return first.at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date() if first else None
