"""Numbers for people: a database sequence and a check digit (Damm), so that a slip of the finger is caught.

The Damm algorithm finds every single-digit error and every transposition of neighbours (Damm, 2004).
"""

from __future__ import annotations

from django.db import connection
from stdnum import damm

SERIES = frozenset(
    {
        "account",
        "ach",
        "application",
        "bill",
        "check",
        "deposit",
        "grant",
        "issue",
        "order",
        "person",
        "premise",
        "rebate",
        "receipt",
        "refund",
        "trace",
    }
)


def next_numbers(series: str, count: int = 1) -> list[str]:
    """The next `count` numbers of a series, such as `204518-7`. Never given twice, even after a rollback."""
    assert series in SERIES, series
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('number_{series}') FROM generate_series(1, %s)", [count])  # noqa: S608
        return [with_check_digit(serial) for (serial,) in cursor.fetchall()]


def next_number(series: str) -> str:
    return next_numbers(series)[0]


def with_check_digit(serial: int) -> str:
    return f"{serial}-{damm.calc_check_digit(str(serial))}"


def is_number(text: str) -> bool:
    """Whether `text` is a number with the right check digit, with or without its hyphen."""
    digits = text.replace("-", "").strip()
    return digits.isdigit() and len(digits) > 1 and bool(damm.is_valid(digits))
