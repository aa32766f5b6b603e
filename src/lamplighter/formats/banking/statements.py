"""What a bank says of an account and a day: balances and lines, whatever the file's format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


class CannotRead(ValueError):
    """A bank's file is refused; the message says where, what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement. `cents` above zero came in. `code` is the format's own kind (BAI2 174, ISO PMNT)."""

    on: date
    cents: int
    code: str
    text: str = ""
    bank_reference: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One account on one day. `opening` and `closing` are ledger balances in cents, None where the file has none;
    `contradicts` says in words which of the file's own totals its lines do not make."""

    account: str
    on: date
    currency: str
    lines: tuple[BankLine, ...]
    opening: int | None = None
    closing: int | None = None
    contradicts: str = ""

    def check(self) -> None:
        """Lines must make the totals, and with the opening balance the closing one, where these stand in the file."""
        if self.contradicts:
            raise CannotRead(f"Account {self.account} on {self.on}: {self.contradicts} Ask for the whole file.")
        if self.opening is None or self.closing is None:
            return
        made = self.opening + sum(line.cents for line in self.lines)
        if made != self.closing:
            raise CannotRead(
                f"Account {self.account} on {self.on}: opening {self.opening} and its lines make {made} cents, "
                f"but the closing balance is {self.closing}."
            )
