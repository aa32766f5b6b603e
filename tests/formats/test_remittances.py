"""Files of payments by layouts that are data: read to the cent, or refused whole with the line and the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.remittances.layout import BadLayout, Layout, Line, Role, layout_of
from lamplighter.formats.remittances.reading import read_remittance
from lamplighter.kernel.money import Money
from lamplighter.town.remittances import Said, lockbox, pay_stations

ON = date(2026, 11, 20)
TEXTS = {one.name.removesuffix(".toml"): one.read_text()
         for one in files("lamplighter.formats.remittances").joinpath("layouts").iterdir()}  # fmt: skip
HARBOR, QUICKSTOP, KIOSK = (layout_of(TEXTS[name]) for name in ("harbor-lockbox", "quickstop", "bayside-kiosk"))
SCAN = "000002045187000000846626120" + "45"
TWO = [Said(SCAN, Money(8466), "1182"), Said("", Money(1), "77")]


def read(data: bytes, layout: Layout = HARBOR):
    return read_remittance(data, layout, file="box.txt")


def test_fixed_columns_are_read_as_the_layout_says():
    found = read(lockbox(TWO, on=ON, number="B-77"))
    assert (found.number, found.amount) == ("B-77", Money(8467))
    first, second = found.payments
    assert (first.scan, first.amount, first.reference, first.paid_on, first.tender, first.wrong) == (
        SCAN, Money(8466), "1182", ON, "check", "",
    )  # fmt: skip
    assert (first.line, second.line) == (4, 5)
    assert second.wrong == "it names no account"


def test_delimited_fields_are_read_and_the_senders_words_translated():
    some = [Said("204518-7", Money(8466), "Q1", "CHK"), Said("204518-7", Money(5), "Q2", "GOLD")]
    first, second = read(pay_stations(some, on=ON, number="9"), QUICKSTOP).payments
    assert (first.account, first.tender, first.paid_on) == ("204518-7", "check", ON)
    assert second.wrong == "'GOLD' is no tender of this sender"


def test_decimals_follow_the_scale_and_a_part_of_a_cent_is_no_amount():
    assert read(b"a;204518-7;84660\nSUM;1;84660\n", KIOSK).amount == Money(8466)
    with pytest.raises(Unreadable, match="'84665' is no amount"):
        read(b"a;204518-7;84665\nSUM;1;84665\n", KIOSK)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda data: data.replace(b"0000008466" + SCAN.encode(), b"0000008467" + SCAN.encode()), "The totals say"),
        (lambda data: b"\r\n".join(data.split(b"\r\n")[:-2]) + b"\r\n", "no line of totals"),
        (lambda data: data + data.split(b"\r\n")[3] + b"\r\n", "behind the totals"),
        (lambda data: data.replace(b"0000008466" + SCAN.encode(), b"000000-466" + SCAN.encode()), "is no amount"),
        (lambda data: data.replace(b"0000008466" + SCAN.encode(), b"0000000000" + SCAN.encode()), "is no amount"),
        (lambda data: data.replace(b"7001", b"8001"), "begins no line of Harbor"),
        (lambda data: data.replace(b" \r\n", b"\r\n", 1), "79 columns instead of 80"),
        (lambda data: data.replace(b"1182", "118é".encode()), "no ASCII"),
        (lambda data: data[:0], "no line of totals"),
        (lambda data: data.replace(b"7001   00002", b"7001   00003"), "The totals say 00003 payments"),
    ],
)
def test_a_file_that_does_not_prove_itself_is_refused_whole(spoil, why):
    data = lockbox(TWO, on=ON, number="B-77")
    assert spoil(data) != data
    with pytest.raises(Unreadable, match=why):
        read(spoil(data))


money = st.builds(Money, st.integers(1, 9_999_999))
payment = st.builds(Said, st.sampled_from(["204518-7", "", "x"]), money, st.sampled_from(["", "a1"]))


@given(st.lists(payment, max_size=9))
def test_every_payment_comes_once_in_its_order_whatever_the_form(some):
    fixed, commas = lockbox(some, on=ON, number="1", batch=2), pay_stations(some, on=ON, number="1")
    for found in (read(fixed), read(commas, QUICKSTOP)):
        assert [one.amount for one in found.payments] == [one.amount for one in some]
        assert [one.scan or one.account for one in found.payments] == [one.account for one in some]


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ('line = "total"', 'line = "other"', "one line of totals"),
        ("sum = 3", "sum = 0", "numbers from 1"),
        ("sum = 3\n", "", "they prove the file"),
        ("account = 4\n", "", "an account or a scan line"),
        ('pattern = "%m/%d/%Y"', 'pattern = "%m%m"', "a pattern that reads it"),
        ('CSH = "cash"', 'CSH = "card"', "a tender is one of"),
        ('delimiter = ","', "width = 5", "fixed|beyond the 5 columns"),
        ('delimiter = ","\n', "", "a delimiter of one character, or a width"),
        ('code = "quickstop"', 'code = "Quick Stop"', "is no code"),
        ("reference = 7", "colour = 7", "colour is no field"),
        ('starts = "FT"', 'starts = "PD"', "begin alike"),
        ("valid_from = 2025-07-01", 'valid_from = "soon"', "valid_from is a day"),
        ("title = ", "titel = ", "lacks or misspells 'title'"),
        ("[tenders]", "[tenders", "This is no TOML"),
    ],
)
def test_a_layout_that_could_not_prove_or_read_a_file_is_refused(was, now, why):
    assert was in TEXTS["quickstop"]
    with pytest.raises(BadLayout, match=why):
        layout_of(TEXTS["quickstop"].replace(was, now, 1))


def test_the_layouts_that_come_with_the_program_say_what_they_are():
    assert {one.code for one in (HARBOR, QUICKSTOP, KIOSK)} == set(TEXTS)
    for one in (HARBOR, QUICKSTOP, KIOSK):
        assert "invented" in one.source
        (total,) = [record for record in one.records if record.line is Line.TOTAL]
        assert {Role.COUNT, Role.SUM} <= {field.role for field in total.fields}


def test_a_layout_that_changes_its_columns_reads_the_same_bytes_otherwise():
    """The layout is the data: moved by one column it does not prove the file any more."""
    moved = replace(HARBOR, records=tuple(
        replace(one, fields=tuple(replace(f, first=f.first + 1, last=f.last + 1) for f in one.fields))
        if one.line is Line.PAYMENT else one for one in HARBOR.records
    ))  # fmt: skip
    with pytest.raises(Unreadable):
        read(lockbox(TWO, on=ON, number="B-77"), moved)
