"""The shut-off certificate that every disconnect must carry, as the field asks for it.

`credit` stands above field work: it issues certificates and registers how one is checked again. Until it has done so,
no certificate can be checked again, and nobody is turned off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lamplighter.fieldwork.models import Order


class ShutOffCertificate(Protocol):
    """Proof that a disconnect for `reason` was lawful when it was checked; `account` and `point` are ids."""

    @property
    def number(self) -> str: ...
    @property
    def account(self) -> int: ...
    @property
    def point(self) -> int: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Carried:
    """A certificate as one order carries it."""

    number: str
    account: int
    point: int
    reason: str


Recheck = Callable[["Order", datetime], str]
_rechecks: list[Recheck] = []


def on_recheck(recheck: Recheck) -> Recheck:
    """Register how a disconnect is checked at an instant: why it must not be done, or nothing."""
    assert not _rechecks, "certificates are checked in one place"
    _rechecks.append(recheck)
    return recheck


def why_not(order: Order, *, at: datetime) -> str:
    """Why this disconnect must not be done now, or nothing: by the certificate that it carries, or, where it names no
    account, by that of whoever had the place last."""
    if not _rechecks:
        return "Shut-off certificates can't be checked here, so nobody is turned off."
    return _rechecks[0](order, at)
