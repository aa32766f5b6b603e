"""The seam at which every way in and out of the program tells how it stands: head-ends, mail, banks, processors.

    @register
    def bank() -> Sequence[Interface]:
        return [Interface("bank", "Bank files", "First Bay Bank", "Deposits, statements", standing, retry)]

A context registers a source in a module that its app imports when it is ready; a source answers with the interfaces
that there are now. Nothing else is needed to appear on the monitor, with failures, retry and vendor tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """What did not get through: `key` names it within its interface, `words` why, `evidence` what went over the wire,
    without logins and personal data. `link` is the address of its page, if it has one."""

    key: str
    at: datetime
    words: str
    evidence: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an interface stands: the last message that got through, how many wait, and what failed lately (newest first).

    `quiet_after` seconds without a success it is late; 0: it is only used now and then.
    """

    last_success: datetime | None
    waiting: int = 0
    failed: Sequence[FailedMessage] = ()
    quiet_after: int = 0


class CannotRetry(Exception):
    """It can't be tried again; the message is fit to be read aloud."""


Retry = Callable[[str, Actor, datetime], str]


@dataclass(frozen=True, slots=True)
class Interface:
    """One way in or out. `standing(at)` says how it stands; `retry(key, by, at)` tries a failed message again, in the
    caller's transaction, and answers in words (raises CannotRetry). Without one, `instead` says in a few words why, and
    what is done."""

    key: str
    name: str
    vendor: str
    what: str
    standing: Callable[[datetime], Standing]
    retry: Retry | None = None
    instead: str = ""


Source = Callable[[], Sequence[Interface]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Make the interfaces of a source known."""
    if source not in _sources:
        _sources.append(source)
    return source


def interfaces() -> list[Interface]:
    """Every interface that there is now, by vendor and name."""
    found = [one for source in _sources for one in source()]
    assert len({one.key for one in found}) == len(found), "each interface has a key of its own"
    return sorted(found, key=lambda one: (one.vendor, one.name))


def interface_of(key: str) -> Interface | None:
    return next((one for one in interfaces() if one.key == key), None)
