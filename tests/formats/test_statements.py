"""MT940 and OFX statements: lines, signs, days and balances as the bank meant them; what does not hold is refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import mt940 as reader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.banking import mt940, ofx
from lamplighter.formats.banking.reading import read
from lamplighter.formats.banking.statements import CannotRead

REFUSED = {
    "self-provided/raphaelm.sta": "Line 35: .* no balance",
    "self-provided/sparkassen.sta": "Line 1: .* no line of a statement",
}
"""Files whose closing balance has no currency, and whose tags are broken in the middle."""

SWIFT = """{1:F01BAYFUS33AXXX0000000000}{2:I940BAYFUS33XXXXN}{4:
:20:STMT1120
:25:4410027
:28C:324/1
:60F:C261119USD1000,00
:61:2611201120C84,66NDDT204518-7//AC-1
:86:AUTOPAY
 204518-7
:61:2611201120D25,NCHG
:61:2601011231RC60,00NRTINONREF
:62F:C261120USD999,66
-}
"""
OFX1 = """OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>121000358<ACCTID>4410027<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261119<DTEND>20261120
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20261119<TRNAMT>-40.00<FITID>F1<CHECKNUM>100201<NAME>Refund</STMTTRN>
<STMTTRN><TRNTYPE>DEP<DTPOSTED>20261120120000.000[-8:PST]<TRNAMT>84.66<FITID>F2<NAME>Bag &amp; slip<MEMO>B-77</STMTTRN>
<STMTTRN><TRNTYPE>DEP<DTPOSTED>20261120<TRNAMT>84.66<FITID>F2<NAME>again</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1044.66<DTASOF>20261120</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def test_an_mt940_statement_reads_as_the_bank_meant_it():
    (found,) = read(SWIFT.encode())
    assert (found.account, found.on, found.currency) == ("4410027", date(2026, 11, 20), "USD")
    assert (found.opening, found.closing) == (100000, 99966)
    first, fee, back = found.lines
    assert (first.cents, first.code, first.text, first.reference) == (8466, "165", "AUTOPAY 204518-7", "204518-7")
    assert (first.bank_reference, fee.cents, fee.code) == ("AC-1", -2500, "698")
    assert (back.cents, back.on) == (-6000, date(2025, 12, 31))
    found.check()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text[: text.index(":62F:")], "breaks off"),
        (lambda text: text.replace("C84,66", "X84,66"), "Line 6: .* no line of a statement"),
        (lambda text: text.replace("C261120USD999,66", "C261399USD999,66"), "no day"),
        (lambda text: text.replace("C261119USD1000,00", "1000"), "no balance"),
    ],
)
def test_a_broken_mt940_file_is_refused_with_its_line(spoil, says):
    with pytest.raises(CannotRead, match=says):
        read(spoil(SWIFT).encode())


def test_lines_that_do_not_make_the_closing_balance_are_refused():
    (found,) = read(SWIFT.replace("C84,66", "C84,67").encode())
    with pytest.raises(CannotRead, match="the closing balance is 99966"):
        found.check()


@pytest.mark.corpus
def test_public_mt940_files_are_read_as_an_independent_reader_reads_them(shared):
    """Fragments without a closing balance are refused; whatever is read has the same amounts in the same order."""
    folder = shared / "data" / "formats" / "mt940"
    files = [path for path in sorted(folder.rglob("*")) if path.suffix == ".sta" or path.name == "mt940.txt"]
    whole = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            ours = [line.cents for one in mt940.statements(path.read_bytes()) for line in one.lines]
        except CannotRead as why:
            assert re.search(REFUSED.get(name, "no closing balance"), str(why)), name
            continue
        assert name not in REFUSED
        whole.append(name)
        if name != "ASNB/mt940.txt":  # the library needs a tag of its own for this bank
            assert ours == amounts(path), name
    assert len(whole) >= 11
    assert "citi/mt940.txt" in whole


def amounts(path: Path) -> list[int]:
    """In cents, in order, by the mt-940 library."""
    found = reader.parse(path.read_text("latin-1"))
    return [round(one.data["amount"].amount * 100) for one in found if "amount" in one.data]


def test_an_ofx_file_is_a_statement_a_day_and_a_fitid_counts_once():
    first, second = read(OFX1.encode())
    assert (first.on, first.opening, first.closing) == (date(2026, 11, 19), 100000, 96000)
    assert (second.on, second.opening, second.closing) == (date(2026, 11, 20), 96000, 104466)
    (check,), (deposit,) = first.lines, second.lines
    assert (check.cents, check.code, check.reference) == (-4000, "475", "100201")
    assert (deposit.cents, deposit.code, deposit.text) == (8466, "174", "Bag & slip B-77")
    for one in (first, second):
        assert one.account == "4410027"
        one.check()


def test_ofx_as_xml_reads_the_same():
    closed = OFX1.split("<OFX>", 1)[1]
    for name in ("CURDEF", "BANKID", "ACCTID", "ACCTTYPE", "DTSTART", "DTEND", "TRNTYPE", "DTPOSTED", "TRNAMT", "FITID",
                 "CHECKNUM", "NAME", "MEMO", "BALAMT", "DTASOF"):  # fmt: skip
        closed = closes(closed, name)
    text = '<?xml version="1.0"?><?OFX OFXHEADER="200"?><OFX>' + closed
    assert ofx.statements(text.encode()) == ofx.statements(OFX1.encode())


def closes(text: str, name: str) -> str:
    parts = text.split(f"<{name}>")
    closed = [part[: part.index("<")].rstrip() + f"</{name}>" + part[part.index("<") :] for part in parts[1:]]
    return f"<{name}>".join([parts[0], *closed])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text.replace("<FITID>F1", ""), "no FITID"),
        (lambda text: text.replace("-40.00", "-40.001"), "whole cents"),
        (lambda text: text.replace("20261119<TRNAMT>", "20261399<TRNAMT>"), "no day"),
        (lambda text: text[: text.index("<LEDGERBAL>")] + "</STMTRS></OFX>", "no ledger balance"),
        (lambda text: text.replace("STMTRS", "OTHER"), "no bank statement"),
    ],
)
def test_a_broken_ofx_file_is_refused(spoil, says):
    with pytest.raises(CannotRead, match=says):
        read(spoil(OFX1).encode())


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(data):
    for one in (SWIFT.encode(), OFX1.encode()):
        middle = len(one) // 2
        try:
            found = read(one[:middle] + data + one[middle:])
        except CannotRead:
            continue
        assert all(isinstance(line.cents, int) for statement in found for line in statement.lines)
