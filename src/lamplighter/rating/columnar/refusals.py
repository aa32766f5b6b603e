"""What the columnar calculator refuses: tariffs that it cannot express, and bills that it cannot price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamplighter.rating.columnar.masks import Mask, anywhere


class CannotCompile(Exception):
    """The tariff says something that columns cannot express; the message names the line. Never approximated."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one bill is not priced: a code for worklists, and words that can be read aloud."""

    code: str
    message: str


class Refusals:
    """The refused bills of a group, each with the first reason found."""

    def __init__(self, size: int) -> None:
        self._reason: NDArray[np.int64] = np.full(size, -1)
        self._reasons: list[Refusal] = []

    def note(self, where: Mask, code: str, message: str) -> None:
        if anywhere(where):
            self._reason[where & (self._reason < 0)] = len(self._reasons)
            self._reasons.append(Refusal(code, message))

    @property
    def mask(self) -> NDArray[np.bool_]:
        return self._reason >= 0

    def of(self, bill: int) -> Refusal | None:
        reason = int(self._reason[bill])
        return self._reasons[reason] if reason >= 0 else None
