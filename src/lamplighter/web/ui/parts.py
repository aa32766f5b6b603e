"""The values that pages are made of: what a template shows, with every question already answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lamplighter.kernel.money import Money

Shown = str | int | Money | date | datetime


class Level(StrEnum):
    """How loud an alert is: it blocks an act, it asks for care, it is good to know."""

    STOP = "stop"
    WATCH = "watch"
    KNOW = "know"


class Tone(StrEnum):
    """What a badge's colour means. The word always says it too."""

    PLAIN = "plain"
    GOOD = "good"
    INFO = "info"
    METER = "meter"
    NOTICE = "notice"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    tone: Tone = Tone.PLAIN
    url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """`also`: other words that people say for where it leads; the palette finds it by them."""

    text: str
    url: str
    panel: bool = False
    also: str = ""


Crumb = Link


@dataclass(frozen=True, slots=True)
class Alert:
    """At most three show at once, the loudest first; the rest are folded."""

    level: Level
    title: str
    text: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One fact in large type. A zero is shown as "$0.00", never hidden."""

    label: str
    value: Shown
    note: str = ""
    tone: Tone = Tone.PLAIN
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a description list; the link leads to where it can be changed or seen."""

    label: str
    value: Shown
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An act and the key that opens it, in a panel or (`panel=False`) as a page. `also`: other words that people say
    for it; the palette finds it by them."""

    label: str
    url: str
    key: str = ""
    primary: bool = False
    panel: bool = True
    icon: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline: when, kind, sentence, detail, one link."""

    at: datetime | date
    kind: Badge
    sentence: str
    detail: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool = False
    also: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on or off."""

    label: str
    url: str
    on: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing to show: what would be here, and the act that fills it or frees it."""

    text: str
    link: Link | None = None
    good: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One result in the palette: who or what it is, and why it matched."""

    label: str
    url: str
    detail: str = ""
    why: str = ""
    state: Badge | None = None
    shortcut: str = ""


def loudest(alerts: Sequence[Alert]) -> tuple[list[Alert], list[Alert]]:
    """The three loudest alerts, and the rest."""
    order = list(Level)
    ranked = sorted(alerts, key=lambda alert: order.index(alert.level))
    return ranked[:3], ranked[3:]
