"""The rate book of Marisol Bay: adopted by two people as the city's years go by; one change waits for adoption.

The book is written for July 2026. For another day its years are moved, so that the newest change lies in the last
twelve months and the draft ahead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations import approvals
from lamplighter.platform.transactions import in_transaction
from lamplighter.tariffs import operations as tariffs
from lamplighter.tariffs.models import Schedule, Version
from lamplighter.town.calendar import at
from lamplighter.town.staff import ANALYST, FINANCE

FOLDER = Path(tariffs.__file__).parent / "books" / "marisol-bay-power"
WRITTEN_FOR = 2026
YEAR = re.compile(r"(?<![.,\d])\b20[2-3]\d\b(?=-|;|:|,? |$)", re.MULTILINE)
CLASSES = {"R": "residential", "G": "commercial", "S": "lighting", "N": "residential"}


@dataclass(frozen=True, slots=True)
class Text:
    """A tariff file as it stands on a day: `valid_from` is in the past unless it is a draft."""

    file: str
    text: str
    valid_from: date
    draft: bool

    @property
    def customer_class(self) -> str:
        return CLASSES[self.file[0].upper()]


def book(as_of: date) -> list[Text]:
    """Every file in the order of its day."""
    moved = _july(as_of) - WRITTEN_FOR
    texts = [_text(path, moved) for path in sorted(FOLDER.glob("*.toml"))]
    return sorted(texts, key=lambda one: (one.valid_from, one.file))


@in_transaction
def adopt(texts: list[Text]) -> dict[str, Schedule]:
    """Draft, propose and adopt what is in force, each six weeks before it; the schedules by code."""
    for one in texts:
        if not one.draft:
            heard = one.valid_from - timedelta(days=44)
            version = _drafted(one, ANALYST, heard - timedelta(days=30))
            asked = tariffs.propose(version=version, by=ANALYST, at=at(heard, 9))
            approvals.approve(approval=asked, by=FINANCE, at=at(heard, 19))
    return {schedule.code: schedule for schedule in Schedule.objects.all()}


@in_transaction
def propose_change(texts: Sequence[Text], *, on: date) -> None:
    """What is planned for next July waits for a second person."""
    for one in texts:
        if one.draft:
            version = _drafted(one, ANALYST, on - timedelta(days=3))
            tariffs.propose(version=version, by=ANALYST, at=at(on, 15, 20), remark="For the hearing in May.")


def _drafted(one: Text, by: Actor, day: date) -> Version:
    return tariffs.draft(text=one.text, file=one.file, customer_class=one.customer_class, by=by, at=at(day, 14))


def _text(path: Path, moved: int) -> Text:
    text = YEAR.sub(lambda year: str(int(year.group()) + moved), _read(path))
    begins = re.search(r"^valid_from = (\d{4}-\d{2}-\d{2})", text, re.MULTILINE)
    assert begins, f"{path.name} says from when it is valid"
    return Text(path.name, text, date.fromisoformat(begins.group(1)), path.stem.endswith("_draft"))


@cache
def _read(path: Path) -> str:
    return path.read_text("utf-8")


def _july(day: date) -> int:
    """The year of the last 1 July."""
    return day.year if day >= date(day.year, 7, 1) else day.year - 1
