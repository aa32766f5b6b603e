"""What policies reckon without a database: the name of exactly what is proposed, and how two versions differ."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

TOKEN = re.compile(r"\s+|\S+")


class CannotWrite(Exception):
    """A text, a version, a review or an adoption is refused; the message is fit to be read aloud."""


class Mark(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand in both versions, only in the older, or only in the newer."""

    mark: Mark
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the comparison, in runs; `changed` where any run is not the same."""

    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        return any(run.mark is not Mark.SAME for run in self.runs)


def digest(words: str, citation: str, governs: Sequence[str], changes: Mapping[str, Mapping[str, str]]) -> str:
    """SHA-256 of all that a version would put in force."""
    said = [words, citation, sorted(governs), {key: dict(changes[key]) for key in sorted(changes)}]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def compared(before: str, after: str) -> list[Line]:
    """Both versions as one text, line by line: a line that was rewritten shows its words of before and after."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Line((Run(Mark.SAME, line),)) for line in old[i:j]]
        elif kind == "replace" and j - i == m - k:
            found += [Line(tuple(_runs(was, now))) for was, now in zip(old[i:j], new[k:m], strict=True)]
        else:
            found += [Line((Run(Mark.GONE, line),)) for line in old[i:j]]
            found += [Line((Run(Mark.NEW, line),)) for line in new[k:m]]
    return found


def _runs(before: str, after: str) -> Iterator[Run]:
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Run(Mark.SAME, "".join(old[i:j]))
            continue
        if j > i:
            yield Run(Mark.GONE, "".join(old[i:j]))
        if m > k:
            yield Run(Mark.NEW, "".join(new[k:m]))
