"""What an append to the interval table did, or why it was refused: without the libraries that do it."""

from __future__ import annotations

from dataclasses import dataclass


class RevisionTaken(Exception):
    """A revision number was used before, for other channel-days. Allot a new one."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did. `again`: the same was there already, from an attempt that was cut short."""

    revision: int
    channel_days: int
    again: bool = False
