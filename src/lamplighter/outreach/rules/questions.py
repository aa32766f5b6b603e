"""Questions of a survey as lines of text, and answers held to them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lamplighter.outreach.rules.segments import CannotReach

MOST = 8
LOW = 2
"""A rating from which on down somebody calls them."""


class Kind(StrEnum):
    RATING = "rating"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Question:
    """`number` is its place, from 1; a rating is 1 (very poor) to 5 (very good)."""

    number: int
    kind: Kind
    words: str

    @property
    def field(self) -> str:
        return f"q{self.number}"


def questions_of(text: str) -> tuple[Question, ...]:
    """One question a line, with its kind before a colon: `rating: How easy was it?`. Raises CannotReach by the line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise CannotReach("A survey asks something: a line for each question, such as “rating: How easy was it?”.")
    if len(lines) > MOST:
        raise CannotReach(f"{len(lines)} questions are too many: people answer {MOST} at most.")
    found = tuple(_question(number, line) for number, line in enumerate(lines, start=1))
    if not any(one.kind is Kind.RATING for one in found):
        raise CannotReach("At least one question is a rating: words alone can't be counted.")
    if sum(one.kind is Kind.WORDS for one in found) > 1:
        raise CannotReach("One question asks for words; more are seldom answered.")
    return found


def stored(questions: Sequence[Question]) -> list[list[str]]:
    return [[one.kind.value, one.words] for one in questions]


def of_stored(kept: Sequence[Sequence[str]]) -> tuple[Question, ...]:
    return tuple(Question(number, Kind(kind), words) for number, (kind, words) in enumerate(kept, start=1))


def checked(questions: Sequence[Question], ratings: Mapping[int, int]) -> dict[str, int]:
    """Ratings by the number of their question, as they are kept. Raises CannotReach where one is lacking or wrong."""
    asked = {one.number for one in questions if one.kind is Kind.RATING}
    if lacking := sorted(asked - set(ratings)):
        raise CannotReach(f"Question {lacking[0]} has no answer.")
    if unknown := sorted(set(ratings) - asked):
        raise CannotReach(f"Question {unknown[0]} asks for no rating.")
    if wrong := [number for number, value in ratings.items() if not 1 <= value <= 5]:
        raise CannotReach(f"Question {wrong[0]} is answered from 1 to 5.")
    return {str(number): ratings[number] for number in sorted(asked)}


def _question(number: int, line: str) -> Question:
    kind, colon, words = line.partition(":")
    if not colon or kind.strip().lower() not in set(Kind) or not words.strip():
        raise CannotReach(f"Line {number}: begin with “rating:” or “words:”, then the question.")
    return Question(number, Kind(kind.strip().lower()), words.strip())
