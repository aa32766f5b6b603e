"""The scan line of a payment stub: account, amount due, due date and a check digit, made and read by one spec.

The spec is docs/algorithms/scan-line.md. The stub prints it as a line for optical readers and in a QR code; the
counter's scanner and a lockbox read it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum import luhn

from lamplighter.kernel.money import Money

ACCOUNT, AMOUNT, DUE = 12, 10, 6
LENGTH = ACCOUNT + AMOUNT + DUE + 1
CENTURY = 2000
PRINTED = re.compile(r"\d+-\d")


class CannotScan(ValueError):
    """A scan line can't be made or read; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class ScanLine:
    """What a stub says to a machine. `account` as printed (204518-7); `amount` is never negative."""

    account: str
    amount: Money
    due_on: date


def make(line: ScanLine) -> str:
    """`000002045187 0000008466 261204 5`: 12 digits of account, 10 of cents, YYMMDD, check digit.

    Raises CannotScan for an account that is not a number with its check digit, an amount below nothing or of more
    than ten digits, or a date outside 2000 to 2099.
    """
    account = line.account.replace("-", "")
    if not PRINTED.fullmatch(line.account) or len(account) > ACCOUNT:
        raise CannotScan(f"{line.account} is not an account number of at most {ACCOUNT} digits, such as 204518-7.")
    if not 0 <= line.amount.cents < 10**AMOUNT:
        raise CannotScan(f"{line.amount} does not fit on a scan line: give $0.00 to $99,999,999.99.")
    if line.due_on.year // 100 * 100 != CENTURY:
        raise CannotScan(f"{line.due_on:%b %-d, %Y} does not fit on a scan line: give a date from 2000 to 2099.")
    fields = (f"{account:0>{ACCOUNT}}", f"{line.amount.cents:0{AMOUNT}d}", f"{line.due_on:%y%m%d}")
    return " ".join((*fields, luhn.calc_check_digit("".join(fields))))


def parse(text: str) -> ScanLine:
    """Read a scan line, with or without its spaces. Raises CannotScan, saying what is amiss."""
    digits = "".join(text.split())
    if not re.fullmatch("[0-9]*", digits):
        raise CannotScan("A scan line has digits only. Scan it again, or type the account number.")
    if len(digits) != LENGTH:
        raise CannotScan(f"A scan line has {LENGTH} digits; this one has {len(digits)}. Scan it again.")
    if not luhn.is_valid(digits):
        raise CannotScan("The check digit is wrong: a digit was misread. Scan it again, or type the account number.")
    account = digits[:ACCOUNT].lstrip("0")
    if len(account) < 2:
        raise CannotScan("The scan line names no account. Type the account number.")
    return ScanLine(
        account=f"{account[:-1]}-{account[-1]}",
        amount=Money(int(digits[ACCOUNT : ACCOUNT + AMOUNT])),
        due_on=_day(digits[ACCOUNT + AMOUNT : -1]),
    )


def _day(digits: str) -> date:
    year, month, day = CENTURY + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    try:
        return date(year, month, day)
    except ValueError as wrong:
        raise CannotScan(f"The due date on the scan line, {year}-{month:02}-{day:02}, is not a day.") from wrong
