"""Questions about accounts: who, where, on which rate, since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.accounts.models import Account, AccountRole, Agreement, AgreementPoint, AgreementRate
from lamplighter.customers.models import Person
from lamplighter.customers.queries import Reach, reach
from lamplighter.premises.models import Premise


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One agreement for a service on a day: where, on which schedule and riders, from when."""

    agreement: Agreement
    schedule: str
    riders: tuple[str, ...]
    points: tuple[int, ...]

    @property
    def running(self) -> bool:
        return bool(self.agreement.period.open)


@dataclass(frozen=True, slots=True)
class Profile:
    """An account at a glance on a day."""

    account: Account
    customer: Person | None
    reach: Reach
    others: tuple[AccountRole, ...]
    services: tuple[ServiceLine, ...]
    subledgers: tuple[int, ...]

    @property
    def premise(self) -> Premise | None:
        """Where it is served now, or was last."""
        return next((s.agreement.premise for s in self.services if s.agreement.premise), None)

    @property
    def state(self) -> str:
        if self.account.closed_on:
            return "Closed"
        return "Active" if any(service.running for service in self.services) else "Stopped"


def profile(account: Account, *, on: date) -> Profile:
    """Everything above the fold but money: six queries whatever the account."""
    roles = list(
        AccountRole.objects.filter(account=account, period__contains=on).select_related("person").order_by("role", "id")
    )
    main = next((role.person for role in roles if role.role == AccountRole.Role.MAIN), None)
    agreements = list(
        Agreement.objects.filter(account=account, cancelled_at__isnull=True)
        .select_related("premise")
        .order_by("closed_on", "-period")
    )
    return Profile(
        account=account,
        customer=main,
        reach=reach(main, on=on) if main else Reach(),
        others=tuple(role for role in roles if role.role != AccountRole.Role.MAIN),
        services=tuple(_services([a for a in agreements if a.type.at_premise])),
        subledgers=tuple(agreement.subledger_id for agreement in agreements),
    )


def neighbours(account: Account, premise: Premise, *, on: date) -> list[Account]:
    """Other accounts with service at the same premise on a day."""
    return list(
        Account.objects.filter(
            agreements__premise=premise, agreements__period__contains=on, agreements__cancelled_at__isnull=True
        )
        .exclude(pk=account.pk)
        .distinct()
        .order_by("number")
    )


def _services(agreements: Sequence[Agreement]) -> list[ServiceLine]:
    """With their newest rate and riders."""
    ids = [agreement.pk for agreement in agreements]
    rates: dict[int, list[AgreementRate]] = {}
    for rate in AgreementRate.objects.filter(agreement__in=ids).select_related("schedule").order_by("-period"):
        rates.setdefault(rate.agreement_id, []).append(rate)
    points: dict[int, list[int]] = {}
    for use in AgreementPoint.objects.filter(agreement__in=ids).order_by("-period"):
        points.setdefault(use.agreement_id, []).append(use.point_id)
    lines = []
    for agreement in agreements:
        mine = rates.get(agreement.pk, [])
        own = next((rate.schedule.code for rate in mine if not rate.rider), "")
        riders = tuple(rate.schedule.code for rate in mine if rate.rider and rate.period.end == agreement.period.end)
        lines.append(ServiceLine(agreement, own, riders, tuple(dict.fromkeys(points.get(agreement.pk, ())))))
    return lines
