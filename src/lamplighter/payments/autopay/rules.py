"""When a bill is drawn, what a customer authorizes, and what stands against it. Pure; docs/algorithms/autopay.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.autopay.banks import bank_day

NOTICE_DAYS = 10
"""A draft of a varying amount is announced at least so many days before (Regulation E, 12 CFR 1005.10(d)(1))."""
PRENOTE_DAYS = 3
"""Banking days between a prenote and the first live entry (Nacha Operating Rules)."""
RETRIES, RETRY_WITHIN_DAYS = 2, 180
RETRY = "RETRY PYMT"
DESCRIPTION = "UTIL BILL"


class CannotDraw(Exception):
    """AutoPay can't be set up, changed or carried out so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a customer authorizes. `begins` is the first day whose bills are drawn."""

    utility: str
    phone: str
    account: str
    holder: str
    kind: str
    last_four: str
    begins: date
    spoken: bool

    @property
    def words(self) -> str:
        """The authorization as it is read out or signed; kept as it was given, since it is proof."""
        verb = "You authorize" if self.spoken else "I authorize"
        mine, me = ("your", "you") if self.spoken else ("my", "me")
        return (
            f"{verb} {self.utility} to draw the amount due on each electric bill of account {self.account} from {mine} "
            f"{self.kind} account ending in {self.last_four}, held by {self.holder}, on the bill's due date or the "
            f"next banking day, beginning with bills issued from {self.begins:%B} {self.begins.day}, "
            f"{self.begins.year}. {self.utility} will tell {me} the amount and the day at least {NOTICE_DAYS} days "
            f"before each draft. This stays in force until {'you' if self.spoken else 'I'} stop it, which can be done "
            f"at any time by calling {self.phone}."
        )


def drawn_on(*, due_on: date, told_on: date) -> date:
    """The day of a draft: when the bill is due, or later where the notice would be too short; a banking day."""
    return bank_day(max(due_on, told_on + timedelta(days=NOTICE_DAYS)))


def amount_of(*, asked: Money, owed: Money) -> Money:
    """Never more than was announced, and never more than is still owed."""
    return max(min(asked, owed), ZERO)


def sec_of(*, business: bool, spoken: bool) -> str:
    """CCD from a business's account; TEL where the authorization was given on a recorded call; else PPD."""
    return "CCD" if business else "TEL" if spoken else "PPD"
