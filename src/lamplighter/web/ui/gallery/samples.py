"""Invented figures for the gallery: one household, its year and its bills."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from lamplighter.kernel.money import Money
from lamplighter.web.ui.charts import Bars, Series, Spark
from lamplighter.web.ui.parts import Action, Alert, Badge, Entry, Fact, Level, Link, Tile, Tone

MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
THIS_YEAR = (455, 512, 470, 401, 388, 362, 371, 420, 433, 588, 412, None)
LAST_YEAR = (448, 490, 465, 410, 371, 350, 362, 398, 405, 430, 402, 409)


@dataclass(frozen=True, slots=True)
class SampleBill:
    number: str
    issued_on: date
    kwh: int
    days: int
    amount: Money
    state: str


def bills(today: date, count: int = 120) -> list[SampleBill]:
    """Ten years of monthly bills, newest first; every fortieth is a credit."""
    made = []
    for i in range(count):
        kwh = 380 + round(90 * math.sin(i * math.pi / 6)) + (i * 37) % 41
        amount = Money(-1240) if i % 40 == 39 else Money(1250 + kwh * 21)
        state = ("Due", "Late", "Paid")[min(i, 2)]
        made.append(SampleBill(f"B-{20700 - i}", today - timedelta(days=16 + 30 * i), kwh, 29 + i % 4, amount, state))
    return made


ACTIONS = (
    Action("Pay", "/ui/do/pay/", "p", primary=True),
    Action("Move", "/ui/do/move/", "s", also="transfer, relocate"),
    Action("Upload", "/ui/do/upload/", "u"),
    Action("Note", "/ui/do/note/", "n"),
    Action("Conflict", "/ui/do/conflict/", "c"),
    Action("Slow", "/ui/do/pay/?slow=1", "l"),
)
ALERTS = (
    Alert(Level.KNOW, "3 accounts at premise", "Apt A, B, C share a panel"),
    Alert(Level.STOP, "Do not disconnect", "Medical equipment at home, certified to Mar 3, 2027"),
    Alert(
        Level.WATCH, "Past due $186.42", "Medical hold needs a payment plan", Link("Arrange", "/ui/do/pay/", panel=True)
    ),
    Alert(Level.KNOW, "Dog in the yard", "Call before a visit"),
)
TILES = (
    Tile("Balance", Money(27108), "$84.66 current, due Dec 4"),
    Tile("Past due", Money(18642), "31–60 days · 1 broken plan", Tone.BAD),
    Tile("Next step", "Offer a plan", "Shut-off blocked: medical"),
    Tile("Last payment", Money(6000), "Oct 12 · cash, counter"),
    Tile("Meter E-77120934", "On · reporting", "Read 6:15 am · 121.4 V · 8.2 kWh yesterday"),
)
FACTS = (
    Fact("Discount", "May qualify for Power Assist (25%)", Link("Apply", "/ui/do/move/", panel=True)),
    Fact("Deposit held", Money(12000)),
    Fact("Customer since", date(2014, 3, 1)),
)
BADGES = (
    Badge("Account closed"), Badge("Payment", Tone.GOOD), Badge("Bill", Tone.INFO), Badge("Meter", Tone.METER),
    Badge("Notice", Tone.NOTICE), Badge("Not verified", Tone.WATCH), Badge("Late", Tone.BAD),
)  # fmt: skip


def timeline(now: datetime) -> list[Entry]:
    look = Link("View", "/ui/table/")

    def line(days: int, kind: str, tone: Tone, sentence: str, detail: str = "") -> Entry:
        return Entry(now.date() - timedelta(days=days), Badge(kind, tone), sentence, detail, look)

    call = Badge("Call in", Tone.INFO)
    return [
        Entry(now - timedelta(minutes=4), call, "Asks why bill is high", "in progress, you", look),
        line(2, "Notice", Tone.NOTICE, "Past-due notice mailed", "English + Vietnamese"),
        line(16, "Bill", Tone.INFO, "$84.66 · 412 kWh, 31 days"),
        line(23, "Plan", Tone.BAD, "Arrangement broken", "$60 of $126 paid"),
        line(39, "Payment", Tone.GOOD, "$60.00 cash · receipt R-20418"),
        line(62, "Meter", Tone.METER, "High-use alert", "2.1× same week last year"),
        line(420, "Letter", Tone.INFO, "Medical certificate renewed", "J. Ortiz"),
    ]


def year_of_use() -> Bars:
    return Bars(
        "use", "September used a third more than last year.", "588 kWh against 430; the other months are alike. "
        "November has not been read yet.", MONTHS,
        (Series("This year", THIS_YEAR, estimated=frozenset({2})), Series("Last year", LAST_YEAR, "tick")),
        "kWh", "Month",
    )  # fmt: skip


def solar_year() -> Bars:
    imported = (310, 290, 250, 180, 120, 90, 80, 85, 100, 150, 220, 280)
    exported = tuple(-v for v in (60, 80, 140, 260, 330, 390, 410, 400, 340, 240, 120, 70))
    series = (Series("From the grid", imported), Series("To the grid", exported, style="amber"))
    return Bars(
        "solar", "The roof sent more than it took from April to September.",
        "2,840 kWh went to the grid, 2,155 kWh came from it.", MONTHS, series, "kWh", "Month", stacked=True,
    )  # fmt: skip


def day_of_use() -> Spark:
    values = [Decimal(3) + 2 * (8 <= h <= 10) + 4 * (17 <= h <= 21) + h % 3 for h in range(24)]
    return Spark("Yesterday: 8.2 kWh, most of it from 5 to 9 pm; the reading of 1 pm is missing.", [
        None if h == 13 else value for h, value in enumerate(values)
    ])  # fmt: skip


def intervals(start: datetime, days: int = 365) -> tuple[list[int], list[float | None]]:
    """A year of 15-minute readings in kW: instants in seconds, and values with a gap of two days."""
    first, count = int(start.timestamp()), days * 96
    seconds = [first + 900 * i for i in range(count)]
    values: list[float | None] = []
    for i in range(count):
        hour = i % 96 / 4
        base = 140 + 40 * math.sin((hour - 9) * math.pi / 12) + 15 * math.sin(i / 96 / 58)
        spike = 230 if i // 96 % 7 in {1, 3} and 10 <= hour < 10.5 else 0
        values.append(None if 100 * 96 <= i < 102 * 96 else round(base + spike, 1))
    return seconds, values
