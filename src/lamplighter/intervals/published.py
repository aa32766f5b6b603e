"""Which revisions of the interval table count: those that PostgreSQL has published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64


@dataclass(frozen=True, slots=True)
class Published:
    """Every revision up to `watermark` is published, but those in `ignored`, whose publication never committed.

    The numbers are allotted above, where the watermark moves only past revisions that are decided: what was
    ignored once stays ignored, so that a bill which keeps its watermark can be recomputed.
    """

    watermark: int
    ignored: frozenset[int] = frozenset()

    def as_of(self, revision: int | None) -> Published:
        """The same, seen no later than `revision`."""
        return self if revision is None else Published(min(self.watermark, revision), self.ignored)

    def shows(self, revisions: Int64) -> Bool:
        shown: Bool = revisions <= self.watermark
        if self.ignored:
            shown &= ~np.isin(revisions, list(self.ignored))
        return shown

    def __contains__(self, revision: int) -> bool:
        return revision <= self.watermark and revision not in self.ignored
