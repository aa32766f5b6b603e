"""A week of two crews: orders done and not done, what stands for today, and what no crew has yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from lamplighter.accounts.models import Account, AgreementPoint
from lamplighter.fieldwork.models import Crew, Half, Order, SiteNote
from lamplighter.fieldwork.operations import crews, ordering, visits
from lamplighter.fieldwork.operations.ordering import OrderIn
from lamplighter.fieldwork.reports import FieldRead, ReportIn
from lamplighter.fieldwork.types import OrderKind
from lamplighter.journeys.completing import expectations, registers_of, report_order
from lamplighter.journeys.ordering import order_work
from lamplighter.kernel.actors import Actor, staff
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import ServicePoint
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.places import ZIP
from lamplighter.town.plan import Plan
from lamplighter.town.staff import DANA, RENEE
from lamplighter.town.stage import Stage

SAM, GUS = staff("sam"), staff("gus")
AHEAD = timedelta(days=14)
MORNING, AFTERNOON = 4, 3
GEESE = {SiteNote.About.SAFETY: "Two geese in the yard.", SiteNote.About.ACCESS: "Side gate, code 1978."}


@dataclass(frozen=True, slots=True)
class Week:
    """The days of the story: two working days before today, and today, whatever day it is."""

    asked: date
    gone: date
    today: date

    @classmethod
    def before(cls, today: date) -> Week:
        past = (today - timedelta(days=back) for back in range(1, 15))
        gone, asked = [day for day in past if OFFICE.is_working_day(day)][:2]
        return cls(asked, gone, today)


def send_crews(plan: Plan, ids: Mapping[str, int]) -> None:
    """Areas, crews and their places; then the orders, as the desk raised them and the crews found them."""
    week, stage = Week.before(plan.as_of), Stage(plan, dict(ids))
    with unit_of_work(RENEE):
        _man_trucks(week, began=plan.begins)
    _done(stage, week)
    _not_done(stage, week)
    _for_today(stage, week)
    _loose(week)


def _man_trucks(week: Week, *, began: date) -> None:
    """Two trucks; they go out today on a weekend too, for what can't wait."""
    when = at(week.asked, 8)
    area = crews.define_area(key="marisol-bay", name="Marisol Bay", postcodes=[ZIP], by=RENEE, at=when)
    for key, name, who in (("truck-1", "Truck 1", "sam"), ("truck-2", "Truck 2", "gus")):
        crew = crews.define_crew(key=key, name=name, area=area, by=RENEE, at=when)
        crews.join_crew(crew=crew, user=User.objects.get(username=who), on=began, by=RENEE, at=when)
        days = Period(week.gone, week.today + AHEAD)
        crews.open_days(
            crew=crew, days=days, morning=MORNING, afternoon=AFTERNOON, by=RENEE, at=when, office=OFFICE
        )  # fmt: skip
        if not OFFICE.is_working_day(week.today):
            for half in Half:
                crews.set_places(crew=crew, day=week.today, half=half, places=2, by=RENEE, at=when)


def _done(stage: Stage, week: Week) -> None:
    """Pat doubted the last bill; Sam read the meter, and it had gone on as before."""
    order = _raise(stage, "pat", OrderKind.READ, week, notes=GEESE, instructions="The customer doubts the last bill.")
    _book(order, week.gone, Half.MORNING, week, crew="truck-1")
    found = at(week.gone, 10, 20)
    registers = registers_of(order, at=found)
    ranges = expectations(registers, at=found)
    reads = tuple(
        FieldRead(channel.pk, expected.last + max(expected.most // 6, 1))
        for channel in registers
        if (expected := ranges[channel.pk]) is not None
    )
    _report(order, ReportIn(_draft(order), done=True, found_at=found, reads=reads, words="Dials clean, seal whole."))


def _not_done(stage: Stage, week: Week) -> None:
    """Nobody let Gus in; it is back on the desk, to be planned again."""
    order = _raise(stage, "okafor", OrderKind.INVESTIGATE, week, instructions="Lights flicker since the storm.")
    _book(order, week.gone, Half.AFTERNOON, week, crew="truck-2")
    found = at(week.gone, 14, 5)
    said = ReportIn(_draft(order), done=False, found_at=found, reason="no-access", words="Rang twice, left a card.")
    _report(order, said, by=GUS)


def _for_today(stage: Stage, week: Week) -> None:
    """Sam's route: two in the morning, one promised in the afternoon; one was cancelled before anybody went."""
    first = _raise(stage, "gwen", OrderKind.INVESTIGATE, week, notes={SiteNote.About.SAFETY: "Big dog, chained."})
    second = _raise(stage, "carla", OrderKind.READ, week, instructions="To check the corrected read.")
    third = _raise(stage, "los-faroles", OrderKind.TEST, week)
    over = _raise(stage, "whitfield", OrderKind.CHECK_AMI, week)
    for order, half, crew in (
        (first, Half.MORNING, "truck-1"), (second, Half.MORNING, "truck-1"), (third, Half.AFTERNOON, "truck-1"),
        (over, Half.MORNING, "truck-2"),
    ):  # fmt: skip
        _book(order, week.today, half, week, crew=crew)
    with unit_of_work(DANA):
        ordering.cancel_order(
            order=over, reason="customer-asked", by=DANA, at=at(week.gone, 16, 10), words="They wait for the new meter."
        )  # fmt: skip


def _loose(week: Week) -> None:
    """Power is used at 912 Bay Ct and nobody has service there; no crew has that order yet."""
    point = ServicePoint.objects.select_related("premise").get(premise__street="912 Bay Ct")
    asked = OrderIn(
        kind=OrderKind.INVESTIGATE, point=point, not_before=week.gone,
        instructions="Used, and nobody has service: who lives there?",
    )  # fmt: skip
    with unit_of_work(DANA):
        order_work(order=asked, notes={}, slot=None, on=week.gone, by=DANA, at=at(week.gone, 11, 30))


def _raise(
    stage: Stage, key: str, kind: OrderKind, week: Week, *, notes: Mapping[SiteNote.About, str] | None = None,
    instructions: str = "",
) -> Order:  # fmt: skip
    account: Account = stage.account(key)
    service = (
        AgreementPoint.objects.filter(agreement=stage.service(key)).select_related("point__premise").earliest("id")
    )
    asked = OrderIn(
        kind=kind, point=service.point, not_before=week.asked, account=account, origin_key=account.subject,
        instructions=instructions,
    )  # fmt: skip
    with unit_of_work(DANA):
        return order_work(order=asked, notes=notes or {}, slot=None, on=week.asked, by=DANA, at=at(week.asked, 9, 40))


def _book(order: Order, day: date, half: Half, week: Week, *, crew: str) -> None:
    with unit_of_work(RENEE):
        visits.book(
            order=order, day=day, half=half, by=RENEE, at=at(week.asked, 13), promised=True,
            crew=Crew.objects.get(pk=crew),
        )  # fmt: skip


def _report(order: Order, report: ReportIn, *, by: Actor = SAM) -> None:
    with unit_of_work(by):
        report_order(order=order, report=report, by=by, at=report.found_at + timedelta(minutes=1))


def _draft(order: Order) -> UUID:
    """The phone's id of the report, the same in every city of the day."""
    return uuid5(NAMESPACE_URL, f"order:{order.number}")
