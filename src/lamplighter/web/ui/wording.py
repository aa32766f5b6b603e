"""How values read: money, energy, days and times, in the words of section 5 of the design (US English)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from lamplighter.kernel.money import Money

MINUS = "\u2212"


def money(amount: Money | None) -> str:
    """`$186.42`, and `−$12.40` with a true minus."""
    return "" if amount is None else str(amount)


def credit(amount: Money | None) -> str:
    """As `money`, with the word that a minus alone may hide: `−$12.40 credit`."""
    return f"{amount} credit" if amount is not None and amount.cents < 0 else money(amount)


def change(amount: Money | None) -> str:
    """A difference with its sign: `+$44.80`."""
    return f"+{amount}" if amount is not None and amount.cents > 0 else money(amount)


def number(value: Decimal | int | float | None, places: int = 0) -> str:
    """`1,234`, and a true minus."""
    return "" if value is None else f"{value:,.{places}f}".replace("-", MINUS)


def counted(count: int, noun: str) -> str:
    """1 check, 12 checks."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def quantity(value: Decimal | int | float | None, unit: str, places: int = 0) -> str:
    """`412 kWh`."""
    return "" if value is None else f"{number(value, places)}\u00a0{unit}"


def day(on: date, today: date | None = None) -> str:
    """`Tue, Nov 24`; with its year when that is not this one."""
    year = f", {on.year}" if today is None or on.year != today.year else ""
    return f"{on:%a, %b} {on.day}{year}"


def short_day(on: date, today: date | None = None) -> str:
    """`Nov 24`, for lists; `Nov 24, 2025` in another year."""
    year = f", {on.year}" if today is not None and on.year != today.year else ""
    return f"{on:%b} {on.day}{year}"


def clock(at: datetime) -> str:
    """`10:30 am`, in the utility's zone."""
    local = timezone.localtime(at)
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def moment(at: datetime, today: date | None = None) -> str:
    """`Tue, Nov 24, 10:30 am`."""
    return f"{day(timezone.localdate(at), today)}, {clock(at)}"


def when(at: datetime | date, now: datetime) -> str:
    """For a timeline: `Today 9:02 am`, `Yesterday`, `Nov 18`, `Nov 18, 2025`."""
    today = timezone.localdate(now)
    on = timezone.localdate(at) if isinstance(at, datetime) else at
    if on == today:
        return f"Today {clock(at)}" if isinstance(at, datetime) else "Today"
    return "Yesterday" if on == today - timedelta(days=1) else short_day(on, today)


def due(on: date, today: date) -> str:
    """For a worklist: `today`, `in 3 days`, `2 days late`."""
    days = (on - today).days
    if days == 0:
        return "today"
    count = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    return f"in {count}" if days > 0 else f"{count} late"


def seconds(length: float) -> str:
    """`41 s`, `4 min`, `1 h 20 min`, `41 days`."""
    whole = int(length)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    if hours >= 72:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
