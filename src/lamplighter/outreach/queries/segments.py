"""Who belongs to a segment on a day, and why: asked of accounts, rates, bills, traits, organisations and programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from lamplighter.accounts.models import Account, AccountRole, Agreement, AgreementPoint, AgreementRate
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Segment as Billed
from lamplighter.billing.rules import months_before
from lamplighter.customers.models import Person
from lamplighter.keyaccounts.models import Organisation
from lamplighter.outreach.models import Trait
from lamplighter.outreach.rules.segments import Segment
from lamplighter.programs.models import Enrollment, Program
from lamplighter.tariffs.models import Schedule


@dataclass(frozen=True, slots=True)
class Match:
    """An account that belongs to a segment: its customer, and what made it belong, criterion by criterion."""

    account: Account
    person: Person
    why: tuple[str, ...]


@dataclass(slots=True)
class _Used:
    kwh: Decimal = Decimal(0)
    kw: Decimal | None = None


def members(segment: Segment, *, on: date) -> list[Match]:
    """By the customer's name; a handful of queries for any number of accounts."""
    accounts = list(_asked(segment, on=on))
    used = _used(accounts, on=on) if segment.measured else {}
    accounts = [one for one in accounts if _measures(segment, used.get(one.pk, _Used()))]
    people = _customers(accounts, on=on)
    found = [
        Match(one, people[one.pk], _why(segment, one, used.get(one.pk)))
        for one in accounts if one.pk in people
    ]  # fmt: skip
    return sorted(found, key=lambda match: (match.person.sort_name, match.account.number))


def names(*, on: date) -> Mapping[str, str]:
    """Words for the keys that a segment may have: traits, languages and programs."""
    traits = {
        f"{kind}={value}": f"{kind.label.lower()}: {value.label.lower()}"
        for kind in Trait.listed()
        for value in Trait.options(kind)
    }
    programs = dict(Program.objects.filter(terms__period__contains=on).values_list("code", "name"))
    return {**traits, **{tag.value: tag.label for tag in Person.Language}, **programs}


def feeders() -> list[str]:
    """Every feeder that some service point names."""
    rows = AgreementPoint.objects.filter(period__endswith__isnull=True).exclude(point__feeder="")
    return sorted(set(rows.values_list("point__feeder", flat=True)))


def _asked(segment: Segment, *, on: date) -> QuerySet[Account]:
    """All that the database can say at once."""
    services = Agreement.objects.filter(
        account=OuterRef("pk"), kind=AgreementKind.ENERGY, cancelled_at__isnull=True, period__contains=on
    )
    if segment.rate:
        schedules = Schedule.objects.filter(code=segment.rate)
        rated = AgreementRate.objects.filter(
            agreement=OuterRef("pk"), schedule__in=schedules, rider=False, period__contains=on
        )
        services = services.filter(Exists(rated))
    if segment.feeder:
        fed = AgreementPoint.objects.filter(agreement=OuterRef("pk"), point__feeder=segment.feeder, period__contains=on)
        services = services.filter(Exists(fed))
    asked: list[Q | Exists] = [Q(closed_on__isnull=True), Exists(services)]
    if segment.customer_class:
        asked.append(Q(customer_class=segment.customer_class))
    if segment.business:
        asked.append(_of_business(segment.business, on))
    if segment.trait:
        kind, _, value = segment.trait.partition("=")
        known = Trait.objects.filter(account=OuterRef("pk"), kind=kind, value=value, period__contains=on)
        asked.append(Exists(known))
    if segment.language:
        asked.append(Exists(_mains(on).filter(account=OuterRef("pk"), person__language=segment.language)))
    if segment.has:
        asked.append(_enrolled(segment.has, on))
    if segment.lacks:
        asked.append(~Q(_enrolled(segment.lacks, on)))
    return Account.objects.filter(*asked).order_by("pk")


def _of_business(digits: str, on: date) -> Q:
    """Known of the account, or of the organisation whose account it is."""
    known = Trait.objects.filter(
        account=OuterRef("pk"), kind=Trait.Kind.BUSINESS, value__startswith=digits, period__contains=on
    )
    organisations = Organisation.objects.filter(business_code__startswith=digits)
    owned = _mains(on).filter(account=OuterRef("pk"), person__organisation__in=organisations)
    return Q(Exists(known)) | Q(Exists(owned))


def _enrolled(program: str, on: date) -> Exists:
    return Exists(Enrollment.objects.filter(account=OuterRef("pk"), program=program, period__contains=on))


def _mains(on: date) -> QuerySet[AccountRole]:
    return AccountRole.objects.filter(role=AccountRole.Role.MAIN, period__contains=on)


def _customers(accounts: Sequence[Account], *, on: date) -> dict[int, Person]:
    """The customer of each account who lives; retention's erased ones are left out."""
    rows = _mains(on).filter(account__in=accounts, person__deceased_on__isnull=True, person__erased_at__isnull=True)
    return {role.account_id: role.person for role in rows.select_related("person")}


def _used(accounts: Sequence[Account], *, on: date) -> dict[int, _Used]:
    """Energy and highest demand of twelve months of live bills."""
    found: dict[int, _Used] = defaultdict(_Used)
    since = months_before(on.replace(day=1), 12)
    rows = Billed.objects.filter(agreement__account__in=accounts, cancelled_at__isnull=True, month__gte=since)
    for account, kwh, peaks in rows.values_list("agreement__account", "kwh", "statement__peaks"):
        one = found[account]
        one.kwh += kwh or 0
        highest = [Decimal(value) for key, value in (peaks or {}).items() if key.startswith("kW/delivered")]
        one.kw = max([*highest, *([one.kw] if one.kw is not None else [])], default=None)
    return dict(found)


def _measures(segment: Segment, used: _Used) -> bool:
    """Within the bounds; one whose demand was never measured is within none of demand."""
    if not _within(used.kwh, segment.kwh_least, segment.kwh_most):
        return False
    asks_kw = segment.kw_least is not None or segment.kw_most is not None
    return not asks_kw or (used.kw is not None and _within(used.kw, segment.kw_least, segment.kw_most))


def _within(value: Decimal, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _why(segment: Segment, account: Account, used: _Used | None) -> tuple[str, ...]:
    """What of the segment this account shows, with its own figures."""
    said = [
        account.get_customer_class_display() if segment.customer_class else "",
        f"business code {segment.business}…" if segment.business else "",
        segment.trait.replace("=", ": ") if segment.trait else "",
        segment.rate,
        segment.feeder,
    ]
    if used is not None:
        said.append(f"{used.kwh:,.0f} kWh in twelve months")
        said.append(f"highest {used.kw:,.0f} kW" if used.kw is not None else "")
    return tuple(one for one in said if one)
