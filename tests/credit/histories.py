"""Random histories of an account, as events in time, and the facts that the program would gather from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.rules.facts import Alerted, Contact, Debt, Facts, Held, How, Mailing, Weather
from lamplighter.kernel.instants import Span
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.rules import open_debts

ZONE = ZoneInfo("America/Los_Angeles")
DUE_DAYS = 21
CLASSES = ("residential", "commercial", "government")
ALERTS = ("Heat Advisory", "Extreme Heat Warning", "Excessive Heat Warning", "Wind Advisory", "Flood Watch")


@dataclass
class History:
    """What happened by `at`. Days are the utility's; protections are (kind, first day, first day after or None)."""

    at: datetime
    customer_class: str = "residential"
    billed: list[tuple[date, int]] = field(default_factory=list)
    paid: list[tuple[date, int]] = field(default_factory=list)
    mailed: list[tuple[date, int, bool]] = field(default_factory=list)
    contacted: list[tuple[How, datetime, bool]] = field(default_factory=list)
    protected: list[tuple[str, date, date | None]] = field(default_factory=list)
    tenants: str = ""
    asked_weather: tuple[datetime, date, list[tuple[str, date]]] | None = None
    crews: list[tuple[datetime, datetime]] = field(default_factory=list)
    read_at: datetime | None = None

    @property
    def day(self) -> date:
        return self.at.astimezone(ZONE).date()


def facts_of(history: History) -> Facts:
    """What the program reads of it."""
    charges = [(day, Money(cents)) for day, cents in history.billed]
    debts, _ = open_debts(charges, Money(sum(cents for _, cents in history.paid)))
    periods = [(kind, Period(start, end)) for kind, start, end in history.protected]
    return Facts(
        account=1, agreement=2, customer_class=history.customer_class, read_at=history.read_at or history.at,
        served=Period(date(2024, 1, 1)),
        debts=tuple(Debt(d.owed_on, d.owed_on + timedelta(days=DUE_DAYS), d.amount) for d in debts),
        mailings=tuple(Mailing(n, day, Money(cents), failed) for n, (day, cents, failed) in enumerate(history.mailed)),
        contacts=tuple(Contact(how, at, reached) for how, at, reached in history.contacted),
        holds=tuple(Held(HoldKind(kind), days) for kind, days in periods if kind not in ("plan", "promise")),
        arranged=tuple(days for kind, days in periods if kind == "plan"),
        promised=tuple(days for kind, days in periods if kind == "promise"),
        tenants=history.tenants, weather=_weather(history), staffed=tuple(Span(*crew) for crew in history.crews),
    )  # fmt: skip


def _weather(history: History) -> Weather | None:
    if history.asked_weather is None:
        return None
    at, last, alerts = history.asked_weather
    first = at.astimezone(ZONE).date()
    days = tuple(Alerted(name, Period(day, day + timedelta(days=1))) for name, day in alerts)
    return Weather(at, "duty officer", Period(first, max(first, last) + timedelta(days=1)), days)


def lawful(at: datetime) -> History:
    """A history in which everything was done in time: nothing keeps the power on but the calendar."""
    day = at.astimezone(ZONE).date()
    bill, mailed = day - timedelta(days=48), day - timedelta(days=25)
    return History(
        at=at, billed=[(bill, 18642)], mailed=[(mailed, 18642, False)],
        contacted=[(How.PHONE, at - timedelta(days=2), True)],
        asked_weather=(at - timedelta(hours=1), day, []),
        crews=[(at - timedelta(hours=1), at + timedelta(hours=6))],
    )  # fmt: skip


def random_history(dice: Random) -> History:
    """Mostly a lawful course with one to four things changed; often at the very edge of a day or an hour."""
    day = date(2026, 1, 5) + timedelta(days=dice.randrange(700))
    minute = dice.choice([dice.randrange(510, 1020), dice.randrange(24 * 60), 509, 510, 1019, 1020])
    at = datetime.combine(day, time(minute // 60, minute % 60), ZONE).astimezone(UTC)
    history = lawful(at)
    for change in dice.sample(CHANGES, k=dice.choice([0, 1, 1, 2, 3, 4])):
        change(history, dice)
    return history


def _bills(history: History, dice: Random) -> None:
    days = [history.day - timedelta(days=dice.choice([5, 20, 21, 22, 33, 34, 35, 36, 45, 60, 90])) for _ in range(2)]
    history.billed = [(day, dice.choice([100, 2500, 4999, 5000, 5001, 18642])) for day in sorted(days)]


def _pays(history: History, dice: Random) -> None:
    owed = sum(cents for _, cents in history.billed)
    history.paid = [(history.day, dice.choice([owed, owed - 4999, owed - 5000, owed // 2, 100, owed + 500]))]
    history.paid = [(day, cents) for day, cents in history.paid if cents > 0]


def _mails(history: History, dice: Random) -> None:
    first = max(day for day, _ in history.billed) + timedelta(days=19)
    days = [first + timedelta(days=dice.randint(-3, 6)) for _ in range(dice.randrange(3))]
    days += [history.day - timedelta(days=dice.choice([1, 14, 15, 16, 17, 18, 20, 59, 60, 61]))]
    history.mailed = [(d, dice.choice([4999, 5000, 18642]), dice.random() < 0.3) for d in days if d <= history.day]


def _contacts(history: History, dice: Random) -> None:
    history.contacted = [
        (
            dice.choice([How.PHONE, How.VISIT, How.POSTED]),
            history.at
            - timedelta(hours=dice.choice([1, 23, 24, 25, 47, 48, 49, 24 * 26]), minutes=dice.choice([0, 1])),
            dice.random() < 0.4,
        )
        for _ in range(dice.randrange(4))
    ]


def _protects(history: History, dice: Random) -> None:
    kind = dice.choice([*(each.value for each in HoldKind), "plan", "promise"])
    start = history.day - timedelta(days=dice.choice([0, 1, 10, 24, 25, 26, 40]))
    end = dice.choice(
        [None, history.day, history.day + timedelta(days=1), start + timedelta(days=dice.randrange(1, 15))]
    )
    history.protected.append((kind, start, end if end is None or end > start else None))


def _tenants(history: History, dice: Random) -> None:
    history.tenants = dice.choice(["individually-metered", "master-metered", "unheard-of"])
    if dice.random() < 0.8:
        days = dice.choice([9, 10, 14, 15, 16])
        history.contacted.append(
            (How.TENANTS, history.at - timedelta(days=days, minutes=dice.choice([-1, 0, 1])), False)
        )


def _skies(history: History, dice: Random) -> None:
    asked = history.at - timedelta(minutes=dice.choice([-5, 0, 359, 360, 361, 1500]))
    alerts = [(dice.choice(ALERTS), history.day + timedelta(days=dice.choice([-1, 0, 0, 1])))]
    last = history.day + timedelta(days=dice.choice([-1, 0, 1]))
    history.asked_weather = None if dice.random() < 0.2 else (asked, last, alerts if dice.random() < 0.6 else [])


def _crews(history: History, dice: Random) -> None:
    start = history.at - timedelta(minutes=dice.choice([-1, 0, 60]))
    history.crews = [(start, history.at + timedelta(minutes=dice.choice([60, 239, 240, 241])))] * dice.randrange(2)


def _reads(history: History, dice: Random) -> None:
    history.read_at = history.at - timedelta(minutes=dice.choice([-1, 0, 14, 15, 16, 600]))


def _class(history: History, dice: Random) -> None:
    history.customer_class = dice.choice(CLASSES)


CHANGES = (_bills, _pays, _mails, _contacts, _protects, _tenants, _skies, _crews, _reads, _class)
