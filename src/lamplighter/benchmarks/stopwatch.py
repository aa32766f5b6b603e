"""Time work and its reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Timing:
    """`value` and `reference` are rates a second of the same unit; `work` says what was done, in a few words. `peers`
    are what other programs reach at the same work, None where they are not installed."""

    value: float
    reference: float
    work: str
    peers: Mapping[str, float | None] = field(default_factory=dict)


class NotHere(Exception):
    """A figure that cannot be measured in this installation; the message says why."""


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def best(work: Callable[[], object], times: int) -> float:
    """The shortest of several times: what the machine can do when nothing else disturbs it."""
    return min(seconds(work) for _ in range(times))
