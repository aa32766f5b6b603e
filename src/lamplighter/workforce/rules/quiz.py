"""The questions of a training module: read from text, and the share that was answered right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RIGHT, WRONG = "+", "-"


class CannotTrain(Exception):
    """A module, or an answer to one, can't be kept so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Question:
    asks: str
    answers: tuple[str, ...]
    right: int

    def as_data(self) -> dict[str, Any]:
        return {"asks": self.asks, "answers": list(self.answers), "right": self.right}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Question:
        return cls(data["asks"], tuple(data["answers"]), data["right"])


def questions_from(text: str) -> tuple[Question, ...]:
    """Questions divided by an empty line: the question, then its answers, `+` before the right one, `-` before others.

    No text: the module has no questions, and reading it is all."""
    parts = [part.strip().splitlines() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return tuple(_question(number, [line.strip() for line in lines]) for number, lines in enumerate(parts, 1))


def score(questions: Sequence[Question], given: Sequence[int]) -> int:
    """How many were answered right. Every question has an answer, or CannotTrain."""
    if len(given) != len(questions):
        raise CannotTrain("Answer every question.")
    return sum(answer == question.right for question, answer in zip(questions, given, strict=True))


def passes(right: int, of: int, percent: int) -> bool:
    return right * 100 >= of * percent


def _question(number: int, lines: list[str]) -> Question:
    asks, answers = lines[0], lines[1:]
    if len(answers) < 2 or any(line[:1] not in {RIGHT, WRONG} or not line[1:].strip() for line in answers):
        raise CannotTrain(f"Question {number}: write it on a line, then two or more answers, each after + or -.")
    right = [place for place, line in enumerate(answers) if line[0] == RIGHT]
    if len(right) != 1:
        raise CannotTrain(f"Question {number}: put + before one answer, - before the others.")
    return Question(asks, tuple(line[1:].strip() for line in answers), right[0])
