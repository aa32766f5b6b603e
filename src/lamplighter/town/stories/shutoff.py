"""Plans that were broken and kept, a dispute, and a home that was turned off for what it owed and had power back the
same day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.operations.holding import record_contact, record_cover, record_weather
from lamplighter.credit.queries.standing import arrangement_of, draft_plan, eligibility
from lamplighter.credit.rules.arranging import fifteenths
from lamplighter.credit.rules.facts import How, Reason
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.fieldwork.types import OrderKind
from lamplighter.journeys.arranging import make_plan
from lamplighter.journeys.collecting import look_at, protect
from lamplighter.journeys.completing import report_order
from lamplighter.journeys.disconnecting import order_off
from lamplighter.journeys.reviewing import review_plan
from lamplighter.journeys.severing import begin_order
from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.instants import Span
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.post import send_queued
from lamplighter.town.staff import DANA, RENEE
from lamplighter.town.stage import Stage
from lamplighter.town.stories.timing import nth_bill

CREDIT, SAM = system("credit"), staff("sam")
PLANNED = (4, 2)
"""Owen's plans follow these bills, counted back from the newest."""
CARLAS, DUE = 3, timedelta(days=21)
"""Carla's plan is for this bill, and bills are due so long after they are made."""
NOTICED, REACHED = timedelta(days=25), timedelta(days=4)
PLAN_MONTHS, GRACE = 3, timedelta(days=6)
AREA = "marisol-bay"


def scenes(plan: Plan) -> Iterator[Scene]:
    cycles = {one.key: one.cycle for one in plan.customers}
    for back in PLANNED:
        made = OFFICE.add_working_days(nth_bill(cycles["owen"], plan.as_of, back).bills_on, 2)
        yield Scene("owen", made, partial(is_given_a_plan, key="owen"))
        yield Scene("owen", made + GRACE, partial(is_looked_at, key="owen"))
    yield from carla_keeps_her_plan(cycles["carla"], plan.as_of)
    disputed = OFFICE.add_working_days(nth_bill(cycles["bea"], plan.as_of, 0).bills_on, 1)
    yield Scene("bea", disputed, disputes)
    off = turned_off_on(plan.as_of)
    yield Scene("wade", off - NOTICED, is_noticed)
    yield Scene("wade", _worked(off - REACHED), is_reached)
    yield Scene("wade", off, is_turned_off)
    yield Scene("wade", off + timedelta(days=1), has_power_back)


def carla_keeps_her_plan(cycle: int, as_of: date) -> Iterator[Scene]:
    """One bill was too much at once: half of it two days late, the rest on the 15th, and every later bill in time."""
    late = nth_bill(cycle, as_of, CARLAS)
    begun = OFFICE.next_working_day(late.bills_on + DUE + timedelta(days=1))
    rest = fifteenths(begun, 1, OFFICE)[0]
    yield Scene("carla", begun, begins_to_pay)
    later = [nth_bill(cycle, as_of, back).bills_on + timedelta(days=9) for back in range(CARLAS)]
    for day in sorted({rest, *map(OFFICE.next_working_day, later)}):
        yield Scene("carla", day, pays_all)
        yield Scene("carla", day + timedelta(days=1), partial(is_looked_at, key="carla"))


def turned_off_on(as_of: date) -> date:
    """The last day of last week, or before, on which the law lets anybody be turned off: the office is open, tomorrow
    too."""
    day = _worked(as_of - timedelta(days=4))
    while not OFFICE.is_working_day(day + timedelta(days=1)):
        day = _worked(day - timedelta(days=1))
    return day


def _worked(day: date) -> date:
    """That day, or the last one before it on which the office was open."""
    while not OFFICE.is_working_day(day):
        day -= timedelta(days=1)
    return day


def is_given_a_plan(stage: Stage, day: date, *, key: str, months: int = PLAN_MONTHS) -> None:
    """In a call; the first part is due at once. In a city of few months nothing is past due by then."""
    account = stage.account(key)
    if not eligibility(account, on=day).eligible:
        return
    with unit_of_work(DANA):
        draft = draft_plan(account, down=None, months=months, on=day)
        make_plan(account=account, draft=draft, consent="recorded", on=day, by=DANA, at=at(day, 11, 5))


def is_looked_at(stage: Stage, day: date, *, key: str) -> None:
    """The morning's job asks for what comes due, and finds the plan kept, or late by more than its grace."""
    with unit_of_work(CREDIT):
        for plan in stage.account(key).arrangements.filter(ended_on__isnull=True):
            review_plan(plan=plan, on=day, by=CREDIT, at=at(day, 4, 30))
    send_queued([stage.ids[key]], when=at(day, 15))


def begins_to_pay(stage: Stage, day: date) -> None:
    """Carla's plan: half of it the same day."""
    is_given_a_plan(stage, day, key="carla", months=1)
    if (plan := arrangement_of(stage.account("carla"))) is not None:
        stage.pays("carla", plan.instalments.get(place=0).amount.cents, day)


def pays_all(stage: Stage, day: date) -> None:
    """Whatever Carla is asked for."""
    is_looked_at(stage, day, key="carla")
    if (owed := stage.owed("carla").cents) > 0:
        stage.pays("carla", owed, day)


def disputes(stage: Stage, day: date) -> None:
    """Bea says that nobody was at home; nothing is collected while somebody looks at it."""
    period = Period(day, day + timedelta(days=60))
    with unit_of_work(DANA):
        protect(
            account=stage.account("bea"), kind=HoldKind.DISPUTE, period=period, evidence="Call, nobody was at home",
            on=day, by=DANA, at=at(day, 10, 25),
        )  # fmt: skip


def is_noticed(stage: Stage, day: date) -> None:
    """The debt monitor writes the notice, and the mail room sends it."""
    with unit_of_work(CREDIT):
        look_at(accounts=[stage.ids["wade"]], on=day, by=CREDIT, at=at(day, 4, 30))
    send_queued([stage.ids["wade"]], when=at(day, 15))


def is_reached(stage: Stage, day: date) -> None:
    """Dana calls, more than a day before."""
    with unit_of_work(CREDIT):
        look_at(accounts=[stage.ids["wade"]], on=day, by=CREDIT, at=at(day, 4, 30))
    with unit_of_work(DANA):
        record_contact(
            account=stage.account("wade"), how=How.PHONE, happened_at=at(day, 10, 40), reached=True, by=DANA,
            at=at(day, 10, 45), remark="Will pay when the wages come.",
        )  # fmt: skip


def is_turned_off(stage: Stage, day: date) -> None:
    """Weather and cover are known, the certificate passes twice, and the crew turns the switch; the money comes in the
    same afternoon."""
    with unit_of_work(RENEE):
        record_weather(
            area=AREA, owner="duty officer", asked_at=at(day, 8), covers=Period(day, day + timedelta(days=1)),
            alerts=[], by=RENEE, at=at(day, 8),
        )  # fmt: skip
        record_cover(span=Span(at(day, 8), at(day, 18)), crew="Truck 1", by=RENEE, at=at(day, 8, 5))
    with unit_of_work(DANA):
        cut = order_off(
            agreement=stage.service("wade"), reason=Reason.NON_PAYMENT, on=day, by=DANA, at=at(day, 9, 15)
        )  # fmt: skip
    for order in cut.orders:
        _done(order, day, (10, 40), "off")
    if cut.orders:
        stage.pays("wade", stage.owed("wade").cents, day, when=at(day, 15, 20))


def has_power_back(stage: Stage, day: date) -> None:
    """The payment of the day before had raised the order at once; Sam was there before six."""
    before = day - timedelta(days=1)
    for order in Order.objects.filter(account=stage.ids["wade"], kind=OrderKind.RECONNECT, state=Order.State.WAITING):
        _done(order, before, (17, 35), "on")


def _done(order: Order, day: date, when: tuple[int, int], switch: str) -> None:
    found = at(day, *when)
    report = ReportIn(
        uuid5(NAMESPACE_URL, f"order:{order.number}"), done=True, found_at=found, switch=switch, safe=True
    )
    with unit_of_work(SAM):
        refused = begin_order(order=order, on=day, by=SAM, at=found - timedelta(minutes=10))
        assert not refused, refused
        report_order(order=order, report=report, by=SAM, at=found + timedelta(minutes=1))
