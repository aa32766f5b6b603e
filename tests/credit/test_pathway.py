"""Ten debts as calendars of one account each, counted on a wall calendar before the program was asked.

How they were counted: the holidays of each office in 2027 were marked on a wall calendar (California: January 1, 18,
February 12, 15, March 31, May 31, June 18 for the 19th, July 5 for the 4th, September 6, October 11, November 11, 25,
26, December 24 for the 25th, 31 for January 1; Washington's office keeps all but February 12, March 31, October 11).
Then, with a pencil: 19 days on from the bill (Washington 21), to the next open day: N. From N 5 days (3): T; 13 days
(8), to the next open day: A. From T ten days, to the next open day: L. The first open day after L whose next day is
open, too: E. Two open days back from E: C.
"""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.credit.law.california import MUNICIPAL as CALIFORNIA
from lamplighter.credit.law.washington import UTILITY as WASHINGTON
from lamplighter.credit.rules.pathway import Known, as_lines, pathway, weeks

CALENDARS = {
    ("California", "2027-01-25"): """
Jan  25B     26      27      28      29      30·     31·
Feb   1       2       3       4       5       6·      7·
Feb   8       9      10      11      12·     13·     14·
Feb  15·     16N     17      18      19      20·     21·T
Feb  22      23      24      25      26      27·     28·
Mar   1A      2C      3L      4E      5       6·      7·""",
    ("California", "2027-03-01"): """
Mar   1B      2       3       4       5       6·      7·
Mar   8       9      10      11      12      13·     14·
Mar  15      16      17      18      19      20·     21·
Mar  22N     23      24      25      26      27·T    28·
Mar  29      30      31·      1       2       3·      4·
Apr   5AC     6L      7E      8       9      10·     11·""",
    ("California", "2027-04-30"): """
Apr  26      27      28      29      30B      1·      2·
May   3       4       5       6       7       8·      9·
May  10      11      12      13      14      15·     16·
May  17      18      19N     20      21      22·     23·
May  24T     25      26      27      28      29·     30·
May  31·      1A      2       3LC     4       5·      6·
Jun   7E      8       9      10      11      12·     13·""",
    ("California", "2027-06-16"): """
Jun  14      15      16B     17      18·     19·     20·
Jun  21      22      23      24      25      26·     27·
Jun  28      29      30       1       2       3·      4·
Jul   5·      6N      7       8       9      10·     11·T
Jul  12      13      14      15      16      17·     18·
Jul  19A     20C     21L     22E     23      24·     25·""",
    ("California", "2027-08-31"): """
Aug  30      31B      1       2       3       4·      5·
Sep   6·      7       8       9      10      11·     12·
Sep  13      14      15      16      17      18·     19·
Sep  20N     21      22      23      24      25·T    26·
Sep  27      28      29      30       1       2·      3·
Oct   4AC     5L      6E      7       8       9·     10·""",
    ("California", "2027-11-22"): """
Nov  22B     23      24      25·     26·     27·     28·
Nov  29      30       1       2       3       4·      5·
Dec   6       7       8       9      10      11·     12·
Dec  13N     14      15      16      17      18·T    19·
Dec  20      21      22      23      24·     25·     26·
Dec  27AC    28L     29E     30      31·      1·      2·""",
    ("California", "2027-11-30"): """
Nov  29      30B      1       2       3       4·      5·
Dec   6       7       8       9      10      11·     12·
Dec  13      14      15      16      17      18·     19·
Dec  20N     21      22      23      24·     25·T    26·
Dec  27      28      29      30      31·      1·      2·
Jan   3AC     4L      5E      6       7       8·      9·""",
    ("Washington", "2027-03-17"): """
Mar  15      16      17B     18      19      20·     21·
Mar  22      23      24      25      26      27·     28·
Mar  29      30      31       1       2       3·      4·
Apr   5       6       7N      8       9      10·T    11·
Apr  12      13      14      15A     16      17·     18·
Apr  19C     20L     21E     22      23      24·     25·""",
    ("Washington", "2027-06-11"): """
Jun   7       8       9      10      11B     12·     13·
Jun  14      15      16      17      18·     19·     20·
Jun  21      22      23      24      25      26·     27·
Jun  28      29      30       1       2N      3·      4·
Jul   5·T     6       7       8       9      10·     11·
Jul  12A     13      14      15LC    16      17·     18·
Jul  19E     20      21      22      23      24·     25·""",
    ("California, tenants behind one meter, told on April 6", "2027-03-01"): """
Mar   1B      2       3       4       5       6·      7·
Mar   8       9      10      11      12      13·     14·
Mar  15      16      17      18      19      20·     21·
Mar  22N     23      24      25      26      27·T    28·
Mar  29      30      31·      1       2       3·      4·
Apr   5A      6LD     7       8       9      10·     11·
Apr  12      13      14      15      16      17·     18·
Apr  19C     20      21FE    22      23      24·     25·""",
}
"""By state and the day of the bill; ten in all."""


def marks_of(state: str, bill: str):
    pack = WASHINGTON if state.startswith("Washington") else CALIFORNIA
    tenants = ("master-metered", date(2027, 4, 6)) if "tenants" in state else ("", None)
    return pathway(Known(date.fromisoformat(bill), None, *tenants), on=date.fromisoformat(bill), pack=pack), pack


def tidied(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.strip().splitlines()]


@pytest.mark.parametrize("counted", CALENDARS, ids=" ".join)
def test_each_notice_and_earliest_day_is_where_a_reader_puts_it(counted):
    marks, pack = marks_of(*counted)
    shown = "\n".join(as_lines(marks, on=date(2027, 1, 1), pack=pack))
    assert tidied(shown) == tidied(CALENDARS[counted])


def test_ten_were_counted():
    assert len(CALENDARS) == 10


def test_each_day_says_how_it_is_counted_and_where_that_stands():
    marks, _ = marks_of("California", "2027-01-25")
    assert [(one.letter, one.counted, one.cites) for one in marks if one.letter in "NTALE"] == [
        ("N", "At least 19 days after B, from Sat Feb 13, while the office is open; not mailed yet",
         "Public Utilities Code 10010.1(a)"),
        ("T", "5 days after N", "Public Utilities Code 10010.1(a)"),
        ("A", "13 days after N", "Public Utilities Code 10010(b)"),
        ("L", "10 days after T", "Public Utilities Code 10010.1(a)"),
        ("E", "The first day after L that is free", "Utility policy"),
    ]  # fmt: skip
    closed = {one.letter: one.counted for one in marks_of("California", "2027-04-30")[0]}
    assert closed["E"] == (
        "The first day after L that is free: Fri Jun 4 before a closed day; Sat Jun 5 closed; Sun Jun 6 closed"
    )
    moved = {one.letter: one.counted for one in marks_of("California", "2027-08-31")[0]}
    assert moved["A"] == "13 days after N: Sun Oct 3 is closed, so the next working day"


def test_what_was_mailed_counts_from_its_own_day_and_today_is_marked():
    marks = pathway(Known(date(2027, 1, 25), date(2027, 2, 18)), on=date(2027, 2, 19), pack=CALIFORNIA)
    assert {one.letter: f"{one.day:%b %-d}" for one in marks} == {
        "B": "Jan 25", "N": "Feb 18", "T": "Feb 23", "A": "Mar 3", "L": "Mar 5", "C": "Mar 4", "E": "Mar 8",
    }  # fmt: skip
    assert [one.letter for one in marks if one.done] == ["B", "N"]
    days = [one for week in weeks(marks, on=date(2027, 2, 19), pack=CALIFORNIA) for one in week]
    assert [one.day for one in days if one.today] == [date(2027, 2, 19)]
