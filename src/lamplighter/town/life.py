"""A year of life, day by day: meters are read, bills go out, things happen to people, money comes in.

A share of the customers - those who pay electronically, or those who pay by mail and at the counter - lives apart from
the other: no account and no tender source is in both, so that two processes can tell them at the same time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill, CycleWindow
from lamplighter.journeys.billing import BATCH, bill_accounts
from lamplighter.journeys.charging import charge_late
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money
from lamplighter.payments import operations as payments
from lamplighter.payments.models import TenderSource
from lamplighter.payments.operations import EventIn
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.arrivals import arrive
from lamplighter.town.calendar import CYCLES, Turn, at, billed_turns
from lamplighter.town.plan import Customer, Plan, Scene
from lamplighter.town.post import send_queued
from lamplighter.town.readings import Register, read_registers, read_turns, registers
from lamplighter.town.staff import BILL_RUN, CASHIER, SOURCES
from lamplighter.town.stage import Stage, event_in, taken_at

T = TypeVar("T")
LATE_CHARGES = system("late-charges")
WORTH_CHARGING = 500


def live(plan: Plan, ids: dict[str, int], *, electronic: bool, told: Callable[[date], None]) -> dict[str, int]:
    """Tell a share of the city's life up to yesterday; the accounts of those who arrived in it, by key."""
    share = Share.of(plan, ids, electronic=electronic)
    day = plan.begins
    while day < plan.as_of:
        share.live_through(day)
        told(day)
        day += timedelta(days=1)
    return share.stage.ids


@dataclass(slots=True)
class Share:
    """Some of the customers, and what their days bring. `owes` is what each was asked for and has not paid."""

    stage: Stage
    members: dict[int, list[Customer]]
    read: dict[int, list[Register]]
    reading: dict[date, list[Turn]]
    billing: dict[date, list[Turn]]
    scenes: dict[date, list[Scene]]
    arriving: dict[date, list[Customer]]
    turns: dict[int, list[Turn]]
    windows: Mapping[tuple[str, date], CycleWindow]
    owes: Counter[str] = field(default_factory=Counter)
    planned: dict[date, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    sources: Mapping[str, TenderSource] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, ids: dict[str, int], *, electronic: bool) -> Share:
        mine = [one for one in plan.customers if one.pays.electronic is electronic]
        keys = {one.key for one in mine}
        members: dict[int, list[Customer]] = defaultdict(list)
        for one in mine:
            if one.on is None:
                members[one.cycle].append(one)
        turns = {
            cycle: billed_turns(cycle, before=plan.as_of, count=plan.size.months) for cycle in range(1, CYCLES + 1)
        }
        return cls(
            stage=Stage(plan, ids),
            members=members,
            read=registers(plan, mine),
            reading=_by_day((turn.reads_on, turn) for cycle in turns for turn in read_turns(cycle, plan)),
            billing=_by_day((turn.bills_on, turn) for several in turns.values() for turn in several),
            scenes=_by_day((one.on, one) for one in plan.scenes if one.key in keys),
            arriving=_by_day((one.on, one) for one in mine if one.on is not None),
            turns=turns,
            windows={(row.cycle_id, row.month): row for row in CycleWindow.objects.all()},
            sources=TenderSource.objects.in_bulk(),
        )

    def live_through(self, day: date) -> None:
        for turn in self.reading.get(day, ()):
            read_registers(turn, self.read.get(turn.cycle, ()), self.turns[turn.cycle])
        for one in self.arriving.get(day, ()):
            self.members[one.cycle].append(one)
            arrive(self.stage, one, self.read.get(one.cycle, ()), day)
        for turn in self.billing.get(day, ()):
            self.bill(turn)
        for scene in self.scenes.get(day, ()):
            scene.act(self.stage, day)
        self.take_payments(day)

    def bill(self, turn: Turn) -> None:
        """Charge those of a cycle who are late, bill all, and plan what they will pay."""
        members = {self.stage.ids[one.key]: one for one in self.members.get(turn.cycle, ())}
        window, day = self.windows[f"{turn.cycle:02}", turn.month], turn.bills_on
        late = [pk for pk, one in members.items() if self.owes[one.key] >= WORTH_CHARGING]
        if late:
            with unit_of_work(LATE_CHARGES):
                charge_late(
                    accounts_due=list(Account.objects.filter(pk__in=late).order_by("pk")), on=day, by=LATE_CHARGES,
                    at=at(day, 1),
                )  # fmt: skip
        waiting = sorted(members)
        for first in range(0, len(waiting), BATCH):
            with unit_of_work(BILL_RUN):
                bill_accounts(
                    accounts=waiting[first : first + BATCH], window=window, on=day, by=BILL_RUN, at=at(day, 2, 30)
                )
        if any(one.email_only for one in members.values()):
            send_queued(waiting, when=at(day, 6))
        for pk, due in Bill.objects.filter(window=window, account__in=waiting).values_list("account", "due"):
            self.asked(members[pk], due.cents, turn)

    def asked(self, one: Customer, cents: int, turn: Turn) -> None:
        """Somebody got a bill, and will pay it by their habit, if at all."""
        self.owes[one.key] = cents
        habit, random = one.pays, Random(f"{one.key} {turn.month}")  # noqa: S311 - a story, not a secret
        stopped = habit.until is not None and turn.bills_on >= habit.until
        if cents <= 0 or stopped or random.random() * 100 < habit.skips:
            return
        day = SOURCES[habit.source].next_day(turn.bills_on + timedelta(days=random.randint(*habit.after)))
        self.planned[day].append((one.key, cents * habit.percent // 100))

    def take_payments(self, day: date) -> None:
        """What comes in on a day, each source in a balancing period of its own."""
        arriving, self.stage.arriving = self.stage.arriving, {}
        planned = [(key, min(cents, self.owes[key])) for key, cents in self.planned.pop(day, ())]
        payers = Account.objects.in_bulk([self.stage.ids[key] for key, cents in planned if cents > 0])
        for key, cents in planned:
            if cents > 0:
                self.owes[key] -= cents
                way = self.stage.customers[key].pays
                event = event_in(key, payers[self.stage.ids[key]], cents, way, taken_at(day, way, cents))
                arriving.setdefault(way.source, []).append(event)
        for source in sorted(arriving):
            take(self.sources[source], sorted(arriving[source], key=_order), day)


def take(source: TenderSource, events: Sequence[EventIn], day: date) -> None:
    """Open a source, post what came in, and balance it."""
    who = SOURCES[source.pk]
    counted = Counter({"cash": source.opening_float.cents})
    for event in events:
        for tender in event.tenders:
            counted[tender.kind] += tender.amount.cents
    closing = at(day, 17, 5) if source.kind == TenderSource.Kind.DRAWER else at(day, who.hour, 45)
    with unit_of_work(who.cashier):
        control = payments.open_control(source=source, by=who.cashier, at=at(day, who.hour, 15))
        payments.post_events(control=control, events=events, on=day, by=who.cashier, at=closing)
        payments.balance_control(
            control=control, counted={kind: Money(cents) for kind, cents in counted.items()}, by=CASHIER, at=closing
        )


def _order(event: EventIn) -> tuple[object, int]:
    return event.at, min(account.pk for account in event.payments)


def _by_day(pairs: Iterable[tuple[date, T]]) -> dict[date, list[T]]:
    found: dict[date, list[T]] = defaultdict(list)
    for day, one in pairs:
        found[day].append(one)
    return found
