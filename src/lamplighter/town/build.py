"""Build the city from its plan, through the same operations as real work, and say what is being done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import Protocol

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, AccountRole, Cycle
from lamplighter.customers.operations import give_login
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import User
from lamplighter.platform.operations.users import add_user
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import Jurisdiction, ServicePoint
from lamplighter.tariffs.models import Schedule
from lamplighter.town.calendar import at
from lamplighter.town.census import service_begins
from lamplighter.town.founding import found
from lamplighter.town.life import live
from lamplighter.town.mailing import mail_the_bills
from lamplighter.town.plan import Customer, Plan, Service
from lamplighter.town.planner import look_at_tables
from lamplighter.town.rates import adopt, book
from lamplighter.town.ratewatch import set_rate_rules, watch_rates
from lamplighter.town.readings import publish_intervals
from lamplighter.town.settling import equip, settle
from lamplighter.town.staff import ADMINISTRATOR, CONVERSION, FINANCE, FOUNDER
from lamplighter.town.today import begin_the_day, end_the_week, tend_key_accounts

Tell = Callable[[str, int, int], None]
AT_ONCE = 500
LIVING = "Living a year: reads, bills, payments"


class Shares(Protocol):
    """Who tells the year, and works while others go on: two processes, or this one, one thing after the other."""

    def live(self, plan: Plan, ids: dict[str, int], told: Callable[[date], None]) -> dict[str, int]: ...

    def meanwhile(self, work: Callable[..., None], *on: object) -> AbstractContextManager[None]: ...


class Here:
    """In this process and its transaction, so that a test may build a city and throw it away."""

    def live(self, plan: Plan, ids: dict[str, int], told: Callable[[date], None]) -> dict[str, int]:
        first = live(plan, dict(ids), electronic=False, told=lambda _: None)
        return first | live(plan, dict(ids), electronic=True, told=told)

    @contextmanager
    def meanwhile(self, work: Callable[..., None], *on: object) -> Iterator[None]:
        work(*on)
        yield


def build(plan: Plan, *, now: datetime, tell: Tell, shares: Shares | None = None) -> None:
    """The whole city as of the plan's day, told by `shares` (this process alone, unless said). `tell` hears each
    stage, how much of it is done, and of how much."""
    texts = book(plan.as_of)
    tell("Founding the utility", 0, 1)
    with unit_of_work(FOUNDER):
        city, cycles = found(plan)
    with unit_of_work(FINANCE):
        schedules = adopt(texts)
    set_rate_rules(begins=plan.begins)
    tell("Founding the utility", 1, 1)
    by_cycle = sorted(plan.customers, key=lambda one: one.cycle)  # meters that are billed together lie together
    standing = _equip_everybody(plan, by_cycle, city, tell)
    shares = shares or Here()
    with shares.meanwhile(publish_intervals, plan, now):
        ids = _settle_everybody(plan, standing, cycles, schedules, tell)
        _log_in(plan, ids)
        tell("Reading meters", 0, 1)
    tell("Reading meters", 1, 1)
    look_at_tables()
    days = (plan.as_of - plan.begins).days
    ids = shares.live(plan, ids, lambda day: tell(LIVING, (day - plan.begins).days + 1, days))
    tell("This morning", 0, 1)
    _rent_out(plan, ids)
    with shares.meanwhile(mail_the_bills, plan.as_of):
        with shares.meanwhile(_look_at_rates_and_key_accounts, plan, ids):
            end_the_week(plan, ids, now=now)
        begin_the_day(plan, ids, texts, now=now)
    tell("This morning", 1, 1)


def _look_at_rates_and_key_accounts(plan: Plan, ids: dict[str, int]) -> None:
    """Nothing of the week's letters, orders and meters is about them."""
    watch_rates(plan.as_of)
    tend_key_accounts(plan, ids)


def _equip_everybody(
    plan: Plan, customers: Sequence[Customer], city: Jurisdiction, tell: Tell
) -> dict[str, list[ServicePoint]]:
    """Places and meters of all, by the keys of these customers."""
    services = [service for customer in customers for service in customer.services]
    points = iter(_equip([*services, *plan.vacant], city, plan.begins, tell))
    return {one.key: [next(points) for _ in one.services] for one in customers}


def _settle_everybody(
    plan: Plan, standing: dict[str, list[ServicePoint]], cycles: dict[int, Cycle], schedules: dict[str, Schedule],
    tell: Tell,
) -> dict[str, int]:  # fmt: skip
    """Accounts and service of those who are there when the books begin."""
    here = [one for one in plan.customers if one.on is None]
    starts = {cycle: service_begins(cycle, plan.as_of, plan.size.months) for cycle in cycles}
    ids: dict[str, int] = {}
    for first in range(0, len(here), AT_ONCE):
        some = here[first : first + AT_ONCE]
        with unit_of_work(CONVERSION):
            opened = settle(
                some, {one.key: standing[one.key] for one in some}, starts={one.key: starts[one.cycle] for one in some},
                cycles=cycles, schedules=schedules, by=CONVERSION, when=at(plan.begins - timedelta(days=2), 9),
            )  # fmt: skip
        ids |= {one.key: account.pk for one, account in zip(some, opened, strict=True)}
        tell("Opening accounts", len(ids), len(here))
    return ids


def _equip(services: Sequence[Service], city: Jurisdiction, on: date, tell: Tell) -> list[ServicePoint]:
    points: list[ServicePoint] = []
    for first in range(0, len(services), AT_ONCE):
        with unit_of_work(CONVERSION):
            points += equip(services[first : first + AT_ONCE], city, on=on)
        tell("Setting meters", len(points), len(services))
    return points


def _log_in(plan: Plan, ids: dict[str, int]) -> None:
    """The customers who use the portal."""
    when = at(plan.begins, 12)
    for one in plan.customers:
        if one.login:
            with unit_of_work(ADMINISTRATOR):
                name = f"{one.person.given} {one.person.family}".strip()
                user = add_user(
                    username=one.login, name=name, kind=User.Kind.CUSTOMER, by=ADMINISTRATOR, at=when,
                    email=next(value for kind, value in one.person.contacts if kind == "email"),
                )  # fmt: skip
                role = AccountRole.objects.select_related("person").get(account=ids[one.key], role="main")
                give_login(person=role.person, user=user, by=ADMINISTRATOR, at=when)


def _rent_out(plan: Plan, ids: dict[str, int]) -> None:
    """Landlords stand on the accounts of their tenants."""
    with unit_of_work(CONVERSION):
        for tenant, landlord in plan.landlords:
            owner = AccountRole.objects.select_related("person").get(account=ids[landlord], role="main").person
            accounts.add_role(
                account=Account.objects.get(pk=ids[tenant]), person=owner, role=AccountRole.Role.LANDLORD,
                period=Period(plan.begins), by=CONVERSION, at=at(plan.begins, 13),
            )  # fmt: skip
