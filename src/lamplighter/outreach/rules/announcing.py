"""What an announcement asks for by its kind, and whom it means: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from lamplighter.outreach.rules.segments import CannotReach

AHEAD_DAYS = {"outage": 3, "trees": 3}
"""Work is announced so many days before it at least; a change, a day."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "outage": ("outage", "facility"), "trees": ("facility",), "bill": ("billing", "decides"),
    "program": ("decides", "billing"),
}  # fmt: skip
"""Whose part in an organisation hears of a kind; where nobody has it, the customer itself does."""

REASONS: Mapping[str, tuple[str, ...]] = {
    "outage": ("pole", "transformer", "cable", "switch"), "trees": ("trim", "remove"), "bill": (), "program": (),
}  # fmt: skip
TEMPLATES = {"outage": "planned-outage", "trees": "vegetation", "bill": "change-ahead", "program": "change-ahead"}


@dataclass(frozen=True, slots=True)
class Whom:
    """A feeder, account numbers, or both together; or the username of a manager whose portfolio is meant."""

    feeder: str = ""
    accounts: tuple[str, ...] = ()
    portfolio: str = ""

    @property
    def kept(self) -> dict[str, Any]:
        known = {"feeder": self.feeder, "accounts": list(self.accounts), "portfolio": self.portfolio}
        return {name: value for name, value in known.items() if value}


def whom_of(kept: Mapping[str, Any]) -> Whom:
    """Raises CannotReach where nobody is meant, or a portfolio together with others."""
    made = Whom(kept.get("feeder", ""), tuple(dict.fromkeys(kept.get("accounts", ()))), kept.get("portfolio", ""))
    if not made.kept or (made.portfolio and len(made.kept) > 1):
        raise CannotReach("Say whom it is for: a feeder with accounts beside it, or a portfolio by itself.")
    return made


def confirms(kind: str, *, cancelled: bool) -> bool:
    """Whether critical customers have to confirm it: work that takes their power, unless it does not take place."""
    return kind == "outage" and not cancelled


def check_work(kind: str, reason: str, begins: time | None, ends: time | None) -> None:
    """An outage has hours and a reason, work on trees a reason, a change neither. Raises CannotReach."""
    if REASONS[kind] and reason not in REASONS[kind]:
        raise CannotReach("Say what the work is.")
    if kind == "outage" and (begins is None or ends is None or begins >= ends):
        raise CannotReach("Say from when until when power is off.")


def places_in_words(places: Sequence[str]) -> str:
    """`400 Dock St, 412 Dock St`; of many the first three and how many more: for subjects and text messages."""
    more = f" (+{len(places) - 3})" if len(places) > 3 else ""
    return ", ".join(places[:3]) + more


def hours_in_words(begins: time | None, ends: time | None) -> str:
    """`6:00 am to 9:00 am` in figures that every language reads: `6:00–9:00 am`."""
    if begins is None or ends is None:
        return ""
    same = (begins.hour < 12) == (ends.hour < 12)
    return f"{_clock(begins, half=not same)}–{_clock(ends, half=True)}"


def _clock(at: time, *, half: bool) -> str:
    said = f"{at.hour % 12 or 12}:{at:%M}"
    return f"{said} {'am' if at.hour < 12 else 'pm'}" if half else said
