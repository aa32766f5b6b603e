"""Measure what bills ask for: all at once, and once more for what hangs on the demand that was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lamplighter.rating.bill import BillInput
from lamplighter.rating.determinants import Ask
from lamplighter.rating.price import Layout, asks_after
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff
from lamplighter.usage.measuring import Measured, Wanted
from lamplighter.usage.queries.measured import measured


class Question(NamedTuple):
    """What one bill wants measured first, and what it is priced from."""

    wanted: Wanted
    versions: tuple[Tariff, ...]
    bill: BillInput
    layout: Layout


def answered(questions: Sequence[Question], *, as_of: int | None) -> list[Measured]:
    """An answer for each, in order. Queries do not grow with their number."""
    answers = measured([one.wanted for one in questions], as_of=as_of)
    more = {i: asks for i, one in enumerate(questions) if (asks := _after(one, answers[i]))}
    found = measured([questions[i].wanted._replace(asks=asks) for i, asks in more.items()], as_of=as_of) if more else []
    for i, answer in zip(more, found, strict=True):
        both = {**answers[i].values, **answer.values}
        answers[i] = answers[i]._replace(values=both, findings=answer.findings, method=answer.method)
    return answers


def _after(one: Question, answer: Measured) -> tuple[Ask, ...]:
    """Nothing where a reading is missing or the demand cannot be told: pricing refuses such a bill by name."""
    if not one.layout.by_demand or answer.findings:
        return ()
    try:
        return asks_after(one.versions, one.bill, answer.values, layout=one.layout)
    except CannotPrice:
        return ()
