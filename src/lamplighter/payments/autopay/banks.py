"""A customer's bank account, sealed wherever it is kept; and the days on which banks settle."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from lamplighter.kernel.calendars import US_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.platform import secrets

BANK_DAYS = HolidayCalendar(
    tuple(one for name, one in US_HOLIDAYS.items() if name != "Day after Thanksgiving"), Observance.SUNDAY_TO_MONDAY
)
"""The Federal Reserve's holidays: one that falls on a Saturday is not made up."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Routing number, account number, and of which kind; never shown whole."""

    routing: str
    number: str = field(repr=False)
    savings: bool = False

    @property
    def sealed(self) -> str:
        return secrets.encrypt(f"{self.routing} {self.number}")

    @property
    def digest(self) -> str:
        """By which the same account is known again without being read."""
        return secrets.digest(f"bank {self.routing} {self.number}")

    @property
    def last_four(self) -> str:
        return self.number[-4:]

    @classmethod
    def opened(cls, sealed: str, *, savings: bool) -> Bank:
        routing, _, number = secrets.decrypt(sealed).partition(" ")
        return cls(routing, number, savings)


def bank_day(day: date) -> date:
    """The day itself when banks settle on it, else the next one."""
    return BANK_DAYS.next_working_day(day)


def next_bank_day(day: date) -> date:
    """The first day after it on which banks settle."""
    return bank_day(day + timedelta(days=1))


def bank_day_before(day: date) -> date:
    """The last day before it on which banks settle: when the file goes out."""
    day -= timedelta(days=1)
    while not BANK_DAYS.is_working_day(day):
        day -= timedelta(days=1)
    return day
