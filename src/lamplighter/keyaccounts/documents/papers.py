"""The papers that a manager takes along: six slides to change by hand, the same as PDF, and a letter of two pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from lamplighter.billing.documents.compiler import compile_document, shown_by_fonts
from lamplighter.billing.documents.type import settable
from lamplighter.customers.models import Person
from lamplighter.customers.queries import reach
from lamplighter.keyaccounts.documents.deck import Cover, deck
from lamplighter.keyaccounts.documents.telling import Section, sections
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.story import Story
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.notices.queries import sender

FOLDER = Path(__file__).parent
LETTER, SLIDES, PEAK = FOLDER / "letter.typ", FOLDER / "slides.typ", FOLDER / "peak.typ"
MOST_WORDS = 900
"""Letters of an opening or a closing: with more, the letter would not stay on two pages."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What a manager changes of a letter: to whom, what stands above and below the figures, and who signs."""

    to: str
    greeting: str
    opening: str
    closing: str
    sign: str


def slides(story: Story, *, manager: str, template: bytes | None = None) -> bytes:
    """The deck as .pptx. Raises CannotKeep for a template that can't be used."""
    return deck(_cover(story, manager), sections(story), template=template)


def slides_pdf(story: Story, *, manager: str) -> bytes:
    """The same slides as PDF."""
    cover = _cover(story, manager)
    content = {"title": cover.title, "subtitle": cover.subtitle, "foot": cover.foot, "utility": sender().utility}
    return _compiled(SLIDES, {**content, "sections": _told(sections(story))}, story.on)


def letter_pdf(story: Story, words: LetterWords) -> bytes:
    """The letter. Raises CannotKeep where an opening or a closing is too long for two pages."""
    if max(len(words.opening), len(words.closing)) > MOST_WORDS:
        raise CannotKeep(f"With more than {MOST_WORDS} letters above or below, it would not stay on two pages.")
    us = sender()
    return _compiled(LETTER, {
        "title": f"Your electricity at {story.service.premise}", "utility": us.utility, "office": us.office,
        "phone": us.phone, "foot": f"{us.utility} · {us.website}", "day": f"{story.on:%B %-d, %Y}",
        "address": _address(story.organisation, words.to, story), "greeting": words.greeting,
        "opening": words.opening, "closing": words.closing, "sign": words.sign, "sections": _told(sections(story)),
    }, story.on)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeakShown:
    """The load around a peak: kW of each interval (None: not read), which of them is the peak, the days below it."""

    title: str
    said: tuple[str, ...]
    kw: tuple[float | None, ...]
    at: int
    days: tuple[str, ...]
    minutes: int


def peak_pdf(shown: PeakShown, *, manager: str, on: date) -> bytes:
    """One page with the curve, to go with an email."""
    us = sender()
    return _compiled(PEAK, {
        "title": shown.title, "said": list(shown.said), "values": list(shown.kw), "at": shown.at,
        "days": list(shown.days), "minutes": str(shown.minutes), "utility": us.utility,
        "foot": " · ".join(filter(None, [us.utility, manager, us.phone])),
    }, on)  # fmt: skip


def first_words(story: Story, *, decides: Person | None, manager: str) -> LetterWords:
    """What a letter says before anybody changed it: to the decision maker, with the largest thing it has to tell."""
    organisation = story.organisation.person.name
    name = decides.name if decides else organisation
    opening = "we looked at a year of your own meter readings and bills. This is what we found, and what you could do."
    if story.peaks is not None and story.peaks.habit is not None:
        clock = f"{story.peaks.habit.peak.at:%-I:%M %p}".lower()
        opening += f" One habit costs the most: the peaks at {clock}."
    closing = "May we go through this with you? Call me, or answer this letter, and I will come to you."
    return LetterWords(name, f"Dear {name},", opening[0].upper() + opening[1:], closing, manager)


def _cover(story: Story, manager: str) -> Cover:
    us = sender()
    where = str(story.service.premise or "")
    return Cover(
        f"{story.organisation.person.name}: your electricity", f"{where}, {story.on:%B %-d, %Y}",
        " · ".join(filter(None, [us.utility, manager, us.phone])),
    )  # fmt: skip


def _address(organisation: Organisation, to: str, story: Story) -> list[str]:
    known = reach(organisation.person, on=story.on).mailing
    lines = (known or (story.service.premise.label if story.service.premise else "")).splitlines()
    return [one for one in dict.fromkeys((to, organisation.person.name, *lines)) if one]


def _told(parts: Sequence[Section]) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(asdict(part))) for part in parts]


def _compiled(template: Path, content: Mapping[str, Any], on: date) -> bytes:
    shown, _ = settable(content, shown_by_fonts)
    return compile_document(template, json.dumps(shown), dated=datetime.combine(on, time(), UTC))
