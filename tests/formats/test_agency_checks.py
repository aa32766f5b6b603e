"""The file of an assistance agency's check: what is written is read, and what does not add up is refused whole."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.formats.agencies.checks import read_check, write_check
from lamplighter.kernel.money import Money

DAY = date(2026, 12, 2)
LINES = [("HH-1182", "204031-2", Money(15000)), ("HH-1190", "", Money(8050))]
TEXT = write_check(LINES, agency="harbor-help", number="check 20417", on=DAY)


def test_what_is_written_is_read():
    read = read_check(TEXT, file="a.csv")
    assert (read.agency, read.number, read.amount, read.findings) == ("harbor-help", "check 20417", Money(23050), ())
    assert [(one.reference, one.account, one.amount) for one in read.lines] == LINES


WRONG = {
    "another file": (TEXT.replace("ASSISTANCE", "RECOVERY"), "does not begin with H,LAMPLIGHTER-ASSISTANCE-1"),
    "cut off": (TEXT.rsplit("T,", 1)[0], "no line of totals"),
    "a total that is not so": (TEXT.replace("230.50", "203.50"), "add up to $230.50"),
    "a line less": (TEXT.replace("D,HH-1190,,80.50\r\n", ""), "its lines are 1"),
    "no number": (TEXT.replace("HH-1182", ""), "line 2, reference: The agency's number of the pledge is missing"),
    "nothing paid": (TEXT.replace("150.00", "0.00"), "is no amount above zero"),
    "words for money": (TEXT.replace("150.00", "a lot"), "'a lot' is no amount"),
    "a field more": (TEXT.replace("HH-1190,", "HH-1190,x,"), "5 fields instead of 4"),
    "nothing": ("", "does not begin with"),
}


@pytest.mark.parametrize("how", WRONG)
def test_what_is_wrong_is_said_with_its_line(how):
    text, says = WRONG[how]
    assert says in " ".join(str(one) for one in read_check(text, file="a.csv").findings)
