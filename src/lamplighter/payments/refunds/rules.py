"""How a refund may leave, and how long an uncashed check is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.us import rtn

from lamplighter.platform import secrets

STALE_DAYS = 180
"""A bank need not pay a check that is older than six months (Uniform Commercial Code § 4-404)."""
CLAIM_YEARS = 3
"""Unclaimed money of a local agency becomes its own after three years and a notice (Cal. Government Code § 50050)."""
NOTICE_DAYS = 45
"""So many days at least after the first of the notice's two weeks it becomes the agency's own (§ 50051)."""
LONGEST_ACCOUNT = 17


class CannotRefund(Exception):
    """A refund is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Means:
    """How it is paid out: `check`, `ach` with the customer's bank account, or `voucher` by accounts payable."""

    method: str
    routing: str = ""
    number: str = ""
    savings: bool = False

    @property
    def label(self) -> str:
        match self.method:
            case "check":
                return "check"
            case "voucher":
                return "a voucher to the city's accounts payable"
            case _:
                return f"ACH to an account ending in {self.number[-4:]}"

    def sealed(self) -> dict[str, Any]:
        """For a request that waits: nothing of the bank account can be read in it."""
        bank = secrets.encrypt(f"{self.routing} {self.number}") if self.method == "ach" else ""
        return {"method": self.method, "bank": bank, "savings": self.savings}

    @classmethod
    def opened(cls, kept: Mapping[str, Any]) -> Means:
        routing, _, number = secrets.decrypt(kept["bank"]).partition(" ") if kept["bank"] else ("", "", "")
        return cls(kept["method"], routing, number, bool(kept["savings"]))


def check_bank(routing: str, number: str) -> None:
    """Refuse a routing number with a wrong check digit, and an account number that no bank has."""
    try:
        rtn.validate(routing)
    except ValidationError as wrong:
        raise CannotRefund("That routing number is wrong: it has nine digits, the last of which is a check.") from wrong
    if not number.isalnum() or not 4 <= len(number) <= LONGEST_ACCOUNT:
        raise CannotRefund(f"An account number has 4 to {LONGEST_ACCOUNT} digits.")


def stale_on(written: date) -> date:
    """The first day on which a bank may refuse the check for its age."""
    return written + timedelta(days=STALE_DAYS + 1)


def ours_on(since: date) -> date:
    """The day from which unclaimed money may be taken over, once notice was published."""
    day = 28 if (since.month, since.day) == (2, 29) else since.day
    return date(since.year + CLAIM_YEARS, since.month, day)


def check_notice(ours: date, first_published: date, on: date) -> None:
    """Refuse to take unclaimed money over before its years and the notice's days are over."""
    if first_published < ours:
        raise CannotRefund(
            f"The notice may first be published on {ours:%b %-d, %Y}, when its {CLAIM_YEARS} years are over."
        )
    earliest = first_published + timedelta(days=NOTICE_DAYS)
    if on < earliest:
        raise CannotRefund(
            f"The notice gives its owner {NOTICE_DAYS} days: it can be taken over from {earliest:%b %-d, %Y}."
        )
