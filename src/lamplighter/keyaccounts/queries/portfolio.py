"""Every organisation with its services, its figures of twelve months, its tier and its health: a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from django.db.models import Count, Max, Q

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import months_before
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.models import Assignment, Contract, Issue, Organisation, Step, Tie, Touch
from lamplighter.keyaccounts.rules import Health, Relation, Standing, Tier, health_of, next_touch, tier_of
from lamplighter.platform.models import User

CUSTOMERS = Organisation.Kind.CUSTOMER
BILLS = 12


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation as its portfolio shows it."""

    organisation: Organisation
    manager: str
    cover: str
    accounts: tuple[int, ...]
    services: int
    standing: Standing
    tier: Tier
    relation: Relation
    health: Health
    next_touch: date
    contracts: tuple[Contract, ...] = ()

    @property
    def name(self) -> str:
        return str(self.organisation)


_Month: TypeAlias = tuple[Decimal, Money]


@dataclass(slots=True)
class _Figures:
    revenue: Money = Money(0)
    before: Money = Money(0)
    kwh: Decimal = Decimal(0)
    kw: Decimal | None = None
    months: dict[date, _Month] = field(default_factory=dict)


def portfolio(*, on: date, user: User | None = None, only: Collection[int] | None = None) -> list[Known]:
    """Customers among the organisations, by name: all, those of one manager (lead or cover), or some."""
    rows = Organisation.objects.filter(kind=CUSTOMERS).select_related("person").order_by("person__sort_name")
    if user is not None:
        mine = Assignment.objects.filter(user=user, period__contains=on)
        rows = rows.filter(pk__in=mine.values("organisation"))
    if only is not None:
        rows = rows.filter(pk__in=only)
    return known(list(rows), on=on)


def known(organisations: Sequence[Organisation], *, on: date) -> list[Known]:
    """Twelve queries for any number of organisations."""
    ids = [one.pk for one in organisations]
    accounts = accounts_of(organisations)
    services = _services(accounts)
    figures = _figures(accounts, on=on)
    people = _managers(ids, on=on)
    touched = dict(Touch.objects.filter(organisation__in=ids).values_list("organisation").annotate(Max("at__date")))
    late_steps = _counted(
        Step.objects.filter(organisation__in=ids, done_at__isnull=True, due_on__lt=on), "organisation"
    )
    issues = {
        row["organisation"]: row
        for row in Issue.objects.filter(organisation__in=ids, closed_at__isnull=True)
        .values("organisation").annotate(open=Count("pk"), late=Count("pk", filter=Q(promised_on__lt=on)))
    }  # fmt: skip
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for contract in Contract.objects.filter(organisation__in=ids, period__endswith__gt=on).order_by("code"):
        contracts[contract.organisation_id].append(contract)
    parts: dict[int, set[str]] = defaultdict(set)
    for organisation, part in Tie.objects.filter(organisation__in=ids, period__contains=on).values_list(
        "organisation", "part"
    ):
        parts[organisation].add(part)
    found = []
    for one in organisations:
        mine = figures[one.pk]
        standing = Standing(mine.revenue, mine.kwh, mine.kw, _change(mine, 0), one.community, len(_pairs(mine)))
        tier, held = tier_of(standing), contracts[one.pk]
        waiting = issues.get(one.pk, {"open": 0, "late": 0})
        relation = Relation(
            on=on, tier=tier, last_touch=touched.get(one.pk), steps_overdue=late_steps.get(one.pk, 0),
            issues_late=waiting["late"], issues_open=waiting["open"],
            contract_ends=min((c.period.closed_end for c in held), default=None), cost_change=_change(mine, 1),
            months=len(_pairs(mine)),
            no_outage_contact=Tie.Part.OUTAGE not in parts[one.pk],
            no_decision_maker=Tie.Part.DECIDES not in parts[one.pk],
        )  # fmt: skip
        lead, cover = people.get(one.pk, ("", ""))
        found.append(
            Known(one, lead, cover, tuple(accounts[one.pk]), services.get(one.pk, 0), standing, tier, relation,
                  health_of(relation), next_touch(relation), tuple(held))
        )  # fmt: skip
    return found


def accounts_of(organisations: Iterable[Organisation]) -> dict[int, list[int]]:
    """The accounts of which each organisation is the customer, by organisation; ids, in order."""
    by_person = {one.person_id: one.pk for one in organisations}
    found: dict[int, list[int]] = {pk: [] for pk in by_person.values()}
    roles = AccountRole.objects.filter(person__in=by_person, role=AccountRole.Role.MAIN, period__endswith__isnull=True)
    for person, account in roles.order_by("account").values_list("person", "account"):
        found[by_person[person]].append(account)
    return found


METERED = (AgreementKind.ENERGY,)
EVERY = (AgreementKind.ENERGY, AgreementKind.UNMETERED)


def services_of(organisation: Organisation, *, kinds: Sequence[AgreementKind] = METERED) -> list[Agreement]:
    """The running services of an organisation, the largest use of the last month first."""
    accounts = accounts_of([organisation])[organisation.pk]
    rows = Agreement.objects.filter(
        account__in=accounts, kind__in=kinds, cancelled_at__isnull=True, period__endswith__isnull=True
    ).select_related("account", "premise")
    newest: dict[int, Decimal] = {}
    for agreement, kwh in (
        Segment.objects.filter(agreement__in=rows, cancelled_at__isnull=True).order_by("period")
        .values_list("agreement", "kwh")
    ):  # fmt: skip
        newest[agreement] = kwh or Decimal(0)
    return sorted(rows, key=lambda one: (-newest.get(one.pk, Decimal(0)), one.pk))


def organisation_of(account: Account) -> Organisation | None:
    """The organisation that is the customer of an account, if managers look after it."""
    roles = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN).order_by("-period")
    person = roles.values_list("person", flat=True).first()
    return Organisation.objects.filter(person=person).select_related("person").first()


def _services(accounts: Mapping[int, Sequence[int]]) -> dict[int, int]:
    owner = {account: pk for pk, several in accounts.items() for account in several}
    found: dict[int, int] = defaultdict(int)
    running = Agreement.objects.filter(account__in=owner, kind__in=EVERY, period__endswith__isnull=True,
                                       cancelled_at__isnull=True)  # fmt: skip
    for account, count in running.values_list("account").annotate(Count("pk")):
        found[owner[account]] += count
    return found


def _figures(accounts: Mapping[int, Sequence[int]], *, on: date) -> dict[int, _Figures]:
    """Revenue, use and the highest demand of each service's last twelve bills, and its months with those before."""
    owner = {account: pk for pk, several in accounts.items() for account in several}
    found: dict[int, _Figures] = {pk: _Figures() for pk in accounts}
    rows = (
        Segment.objects.filter(
            agreement__account__in=owner, cancelled_at__isnull=True, month__gte=months_before(on.replace(day=1), 24)
        )
        .order_by("-period")
        .values_list("agreement", "agreement__account", "month", "kwh", "total", "statement__peaks")
    )
    seen: dict[int, set[date]] = defaultdict(set)
    for service, account, month, kwh, total, peaks in rows:
        seen[service].add(month)  # a month whose rate changed has several segments
        mine = found[owner[account]]
        used, cost = mine.months.get(month, (Decimal(0), Money(0)))
        mine.months[month] = used + (kwh or 0), cost + total
        if len(seen[service]) <= BILLS:
            mine.revenue += total
            mine.kwh += kwh or 0
            highest = [Decimal(value) for key, value in (peaks or {}).items() if key.startswith("kW/delivered")]
            mine.kw = max([*highest, *([mine.kw] if mine.kw is not None else [])], default=None)
    return found


def _change(figures: _Figures, which: int) -> Decimal | None:
    """By what part the months that have a year before them grew: of use (0) or cost (1). None where there are none."""
    pairs = _pairs(figures)
    now, then = (sum((_number(pair[i][which]) for pair in pairs), Decimal(0)) for i in (0, 1))
    return now / then - 1 if then else None


def _pairs(figures: _Figures) -> list[tuple[_Month, _Month]]:
    """Each month that has one a year before it, with that."""
    return [
        (now, figures.months[before])
        for month, now in figures.months.items()
        if (before := month.replace(year=month.year - 1)) in figures.months
    ]


def _number(value: Decimal | Money) -> Decimal:
    return Decimal(value.cents) if isinstance(value, Money) else value


def _managers(ids: Sequence[int], *, on: date) -> dict[int, tuple[str, str]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = Assignment.objects.filter(organisation__in=ids, period__contains=on).order_by("pk")
    for organisation, part, name in rows.values_list("organisation", "part", "user__name"):
        found[organisation][part].append(name)
    return {pk: (", ".join(parts["lead"]), ", ".join(parts["cover"])) for pk, parts in found.items()}


def _counted(rows: object, column: str) -> dict[int, int]:
    return dict(rows.values_list(column).annotate(Count("pk")))  # type: ignore[attr-defined]


def due_within(found: Iterable[Known], *, on: date, days: int) -> list[Known]:
    """Those whose next touch is due by then, the longest overdue first."""
    return sorted((one for one in found if one.next_touch <= on + timedelta(days=days)), key=lambda one: one.next_touch)
