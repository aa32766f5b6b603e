"""Vouchers for accounts payable are counted and totalled; an answer that does not hold is not used at all."""

from datetime import date

import pytest

from lamplighter.formats.payables import CannotRead, Paid, Refused, Voucher, read_answer, voucher_file

ON = date(2026, 11, 20)
ANSWER = b"P,RF-1001-2,2026-11-24,50.00,88123\r\nR,RF-1002-4,2026-11-24,7.05,No such payee\r\nT,2,57.05\r\n"


def test_vouchers_are_counted_and_totalled():
    rows = [
        Voucher("RF-1001-2", ON, "Park, Jun", "12 Pine St", "204518-7", "electric", "234.01", 5000),
        Voucher("RF-1002-4", ON, "Zoë Ríos", "", "204519-4", "electric", "234.01", 705),
    ]
    assert voucher_file(rows, made_on=ON).decode().split("\r\n") == [
        "H,2026-11-20,REFUND VOUCHERS",
        'V,RF-1001-2,2026-11-20,"Park, Jun",12 Pine St,204518-7,electric,234.01,50.00',
        "V,RF-1002-4,2026-11-20,Zoë Ríos,,204519-4,electric,234.01,7.05",
        "T,2,57.05",
        "",
    ]


def test_an_answer_is_read():
    assert read_answer(ANSWER) == [
        Paid(1, "RF-1001-2", date(2026, 11, 24), 5000, 88123),
        Refused(2, "RF-1002-4", date(2026, 11, 24), 705, "No such payee"),
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (b"T,2,57.05", b"T,2,57.06", r"Line 3, T: 2 lines of 57\.06 .* 2 of 57\.05 are there"),
        (b"T,2,57.05", b"T,3,57.05", "Line 3, T: 3 lines"),
        (b"T,2,57.05\r\n", b"", "broke off"),
        (b"88123", b"EFT-9", "Line 1, check number: expected up to 18 digits, found 'EFT-9'"),
        (b"No such payee", b" ", "Line 2, reason"),
        (b"50.00", b"50", "Line 1, amount: expected dollars such as 123.45"),
        (b"50.00", b"-50.00", "Line 1, amount"),
        (b"P,RF-1001-2,2026-11-24", b"P,RF-1001-2,11/24/2026", "Line 1, day: expected YYYY-MM-DD"),
        (b"R,RF", b"X,RF", r"Line 2, kind: expected P \(paid\)"),
        (b",88123", b",88123,1", "Line 1: expected 5 fields, found 6"),
        (b"No such", b"No \xff such", "not UTF-8"),
        (b"No such payee", b'"No such', "not comma-separated"),
        (ANSWER, b"", "broke off"),
    ],
)
def test_an_answer_that_does_not_hold_is_refused_and_says_where(was, becomes, said):
    with pytest.raises(CannotRead, match=said):
        read_answer(ANSWER.replace(was, becomes))
