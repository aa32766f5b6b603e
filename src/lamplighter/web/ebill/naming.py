"""The charges of a bill in its reader's language; what has no name there stays as it is kept, marked as English."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.billing.queries.reading_names import Names
from lamplighter.billing.queries.reading_view import LineView, SegmentView
from lamplighter.kernel.money import Money
from lamplighter.notices.languages import Language


@dataclass(frozen=True, slots=True)
class Named:
    """`lang` is set where the words are not of the page's language."""

    label: str
    words: str
    amount: Money
    lang: str


def schedule_named(segment: SegmentView, names: Names) -> Named:
    return _named(segment.schedule_name or segment.schedule, "", segment.total, names)


def line_named(line: LineView, names: Names) -> Named:
    return _named(line.label, line.words, line.amount, names)


def _named(label: str, words: str, amount: Money, names: Names) -> Named:
    if names.language is Language.ENGLISH:
        return Named(label, words, amount, "")
    if own := names.of(label):
        return Named(own, names.arithmetic(words), amount, "")
    return Named(label, words, amount, Language.ENGLISH)
