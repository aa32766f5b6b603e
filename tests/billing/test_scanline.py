"""The scan line: what is made is read back, and a slip of the reader is caught."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from lamplighter.billing.scanline import LENGTH, CannotScan, ScanLine, make, parse
from lamplighter.kernel.money import Money

LINES = st.builds(
    ScanLine,
    st.integers(10, 10**12 - 1).map(str).map(lambda digits: f"{digits[:-1]}-{digits[-1]}"),
    st.integers(0, 10**10 - 1).map(Money),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)


def test_a_line_reads_as_the_paper_says():
    line = ScanLine("204518-7", Money(8466), date(2026, 12, 4))
    assert make(line) == "000002045187 0000008466 261204 5"
    assert parse("00000204518700000084662612045") == line


@given(LINES)
def test_what_is_made_is_read_back(line):
    assert parse(make(line)) == line


@given(LINES, st.integers(0, LENGTH - 1), st.integers(1, 9))
def test_one_misread_digit_is_refused(line, place, by):
    digits = make(line).replace(" ", "")
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    with pytest.raises(CannotScan, match="check digit"):
        parse(wrong)


@given(LINES, st.integers(0, LENGTH - 2))
def test_two_neighbours_changed_round_are_refused(line, place):
    """All but 09 and 90, which Luhn's formula cannot tell apart."""
    digits = make(line).replace(" ", "")
    pair = digits[place : place + 2]
    if pair[0] != pair[1] and set(pair) != {"0", "9"}:
        with pytest.raises(CannotScan, match="check digit"):
            parse(digits[:place] + pair[::-1] + digits[place + 2 :])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "this one has 0"),
        ("0000020451870000008466261204", "this one has 28"),
        ("00000204518700000084662612O45", "digits only"),
        ("٠٠٠٠٠٢٠٤٥١٨٧٠٠٠٠٠٠٨٤٦٦٢٦١٢٠٤٤", "digits only"),
        ("00000000000000000084662612047", "names no account"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text, says):
    with pytest.raises(CannotScan, match=says):
        parse(text)


def test_a_date_that_is_none_is_refused():
    digits = "000002045187" + "0000008466" + "261304"
    with pytest.raises(CannotScan, match="2026-13-04, is not a day"):
        parse(digits + luhn.calc_check_digit(digits))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (ScanLine("OLD/17", Money(1), date(2026, 1, 1)), "not an account number"),
        (ScanLine("1234567890123-4", Money(1), date(2026, 1, 1)), "at most 12 digits"),
        (ScanLine("204518-7", Money(-1), date(2026, 1, 1)), "does not fit"),
        (ScanLine("204518-7", Money(10**10), date(2026, 1, 1)), "does not fit"),
        (ScanLine("204518-7", Money(1), date(2100, 1, 1)), "2000 to 2099"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words(line, says):
    with pytest.raises(CannotScan, match=says):
        make(line)
