"""Bank files as the standards allow and few banks write: read to the cent, or refused by what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.formats import nacha
from lamplighter.formats.banking.reading import read
from lamplighter.formats.banking.statements import CannotRead
from lamplighter.formats.nacha.reader import CannotRead as CannotReadAch
from lamplighter.formats.nacha.reader import read_sent_back
from lamplighter.formats.x9.reader import CannotRead as CannotReadLetter
from lamplighter.formats.x9.reader import items
from lamplighter.formats.x9.writer import EBCDIC

ON = date(2026, 11, 20)


def bai2(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


TWO_ACCOUNTS = bai2(
    "01,121000358,OURS,261121,0600,7,80,,2/",
    "02,OURS,121000358,1,261120,2359,USD,2/",
    "03,000111,USD,010,+100000,,,015,+119500,,,100,20000,2,V,261121,1200/",
    "88,400,500,1,/",
    "16,175,15000,S,5000,6000,4000,BANKREF,CUSTREF,DEPOSIT, BAG B-77/",
    "16,301,5000,D,2,0,2000,1,3000,,,COMMERCIAL DEPOSIT",
    "88,WITH A SECOND LINE OF TEXT, AND A COMMA",
    "16,698,500,V,261120,,,,ANALYSIS FEE",
    "16,890,,,,,SERVICE MESSAGE: NEW HOURS",
    "49,260500,8/",
    "03,000222,,010,5000,,,015,4000,,/",
    "16,475,1000,Z,,100201/",
    "49,10000,3/",
    "98,270500,2,13/",
    "99,270500,1,15/",
)


def test_bai2_with_every_kind_of_funds_continuations_and_two_accounts():
    first, second = read(TWO_ACCOUNTS)
    assert [(one.cents, one.code, one.text) for one in first.lines] == [
        (15000, "175", "DEPOSIT, BAG B-77"),
        (5000, "301", "COMMERCIAL DEPOSIT WITH A SECOND LINE OF TEXT, AND A COMMA"),
        (-500, "698", "ANALYSIS FEE"),
    ]
    assert (first.lines[0].bank_reference, first.lines[0].reference) == ("BANKREF", "CUSTREF")
    assert (first.opening, first.closing, first.on) == (100000, 119500, ON)
    first.check()
    assert (second.account, second.currency, second.lines[0].cents, second.lines[0].reference) == (
        "000222", "USD", -1000, "100201",
    )  # fmt: skip
    second.check()


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (b"358,1,261120", b"358,2,261120", "this group is deleted"),
        (b"358,1,261120", b"358,3,261120", "this group is corrected"),
        (b"358,1,261120", b"358,4,261120", "this group is only a test"),
        (b"49,260500,8/", b"49,260500,9/", "9 records, counted 8"),
        (b"98,270500,2,13/", b"98,270500,3,14/", "3 parts, counted 2"),
        (b"99,270500,1,15/", b"99,270501,1,16/", "control total"),
        (b"16,890,,", b"16,890,5,", "neither a credit"),
    ],
)
def test_bai2_that_is_no_statement_to_book_or_breaks_a_total_is_refused(was, now, says):
    assert was in TWO_ACCOUNTS
    with pytest.raises(CannotRead, match=says):
        read(TWO_ACCOUNTS.replace(was, now, 1))


def camt(version: str, entries: str, *, closing: str = "106.00") -> bytes:
    """A statement that opens with $100.00."""
    balance = (
        "<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy='USD'>{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        "<Dt><DtTm>2026-11-20T23:59:00-08:00</DtTm></Dt></Bal>"
    )
    return (
        f"<?xml version='1.0'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}'><BkToCstmrStmt>"
        f"<Stmt><Acct><Id><Othr><Id>000111</Id></Othr></Id><Ccy>USD</Ccy></Acct>{balance.format('OPBD', '100.00')}"
        f"{balance.format('CLBD', closing)}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


BATCH = (
    "<Ntry><Amt Ccy='USD'>7.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>{}<BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls><Btch>"
    "<NbOfTxs>2</NbOfTxs></Btch><TxDtls><Amt Ccy='USD'>5.00</Amt><RmtInf><Ustrd>204518-7</Ustrd></RmtInf></TxDtls>"
    "<TxDtls><Amt Ccy='USD'>2.50</Amt></TxDtls></NtryDtls></Ntry>"
)
REVERSED = (
    "<Ntry><Amt Ccy='USD'>1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>{}<ValDt>"
    "<Dt>2026-11-19</Dt></ValDt></Ntry>"
)
PENDING = "<Ntry><Amt Ccy='USD'>99.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{}</Ntry>"


@pytest.mark.parametrize(("version", "status"), [("02", "<Sts>{}</Sts>"), ("08", "<Sts><Cd>{}</Cd></Sts>")])
def test_camt_with_a_batch_a_reversal_and_what_is_only_pending(version, status):
    booked, waits = status.format("BOOK"), status.format("PDNG")
    entries = BATCH.format(booked) + REVERSED.format(booked) + PENDING.format(waits)
    (one,) = read(camt(version, entries))
    assert [(line.cents, line.on, line.text) for line in one.lines] == [
        (750, ON, "204518-7"), (-150, date(2026, 11, 19), ""),
    ]  # fmt: skip
    assert (one.on, one.closing) == (ON, 10600)
    one.check()


SUMMARY = (
    "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries><Sum>{}</Sum></TtlNtries><TtlCdtNtries><NbOfNtries>{}"
    "</NbOfNtries><Sum>7.5</Sum></TtlCdtNtries><TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>{}</Sum></TtlDbtNtries>"
    "</TxsSummry>"
)


@pytest.mark.parametrize(
    ("totals", "says"),
    [
        (("2", "9.00", "01", "1.50"), ""),
        (("2", "9.00", "2", "1.50"), r"TtlCdtNtries\) tells 2 entries, and 1 are there"),
        (("35", "9.00", "1", "1.50"), r"TtlNtries\) tells 35 entries, and 2 are there"),
        (("2", "9.01", "1", "1.50"), r"a sum of 9\.01, and the entries make 9\.00"),
        (("2", "9.00", "1", "1.5x"), "is no amount"),
    ],
)
def test_a_camt_summary_is_checked_against_its_entries(totals, says):
    """The balances alone hold also where an entry and its reversal are gone."""
    data = camt("08", SUMMARY.format(*totals) + BATCH.format("") + REVERSED.format(""))
    if not says:
        return read(data)[0].check()
    with pytest.raises(CannotRead, match=says):
        read(data)[0].check()
    return None


def test_a_camt_summary_may_count_what_is_pending():
    pending = PENDING.format("<Sts>PDNG</Sts>")
    summary = "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries></TtlNtries></TxsSummry>"
    for counted in ("2", "3"):
        entries = BATCH.format("<Sts>BOOK</Sts>") + REVERSED.format("<Sts>BOOK</Sts>") + pending
        read(camt("02", summary.format(counted) + entries))[0].check()


MT940 = b"""{1:F01BAYBUS66XXXX0000000000}{2:I940OURSUS66XXXXN}{4:
:20:STMT-20
:25:121000358/000111
:28C:00231/001
:60F:C261119USD1000,
:61:2611201120CD50,25NMSCNONREF//BANK-1
OTHER DETAILS
:86:DEPOSIT BAG B-77
SECOND LINE
 THIRD LINE
:61:2611201120RC10,00NTRFREF-2
:61:2611201120D5,NCHGFEE
:61:2611201120RD2,5NRTIREF-3
:62M:C261120USD1037,75
:86:BALANCE CARRIED FORWARD
-}{4:
:20:STMT-20
:25:121000358/000111
:28C:00231/002
:60M:C261120USD1037,75
:61:2612310101D40,75NMSCREF-4
:62F:C261120USD997,
:86:OFFICE CLOSED TOMORROW
-}"""


def test_mt940_over_two_messages_with_reversals_and_words_of_several_lines():
    (one,) = read(MT940)
    assert [(line.cents, line.text) for line in one.lines] == [
        (5025, "DEPOSIT BAG B-77 SECOND LINE THIRD LINE"), (-1000, ""), (-500, ""), (250, ""), (-4075, ""),
    ]  # fmt: skip
    assert one.lines[-1].on == date(2027, 1, 1), "booked on the other side of the new year"
    assert (one.opening, one.closing, one.account) == (100000, 99700, "121000358/000111")
    one.check()


def test_mt940_in_the_red_is_read_and_a_broken_one_is_refused():
    red = b":20:A\n:25:000111\n:60F:D261119USD10,\n:61:261120D5,00NMSCX\n:62F:D261120USD15,\n"
    (one,) = read(red)
    assert (one.opening, one.closing) == (-1000, -1500)
    one.check()
    with pytest.raises(CannotRead, match="closing balance is -1600"):
        read(red.replace(b"USD15,", b"USD16,"))[0].check()
    with pytest.raises(CannotRead, match="no line of a statement"):
        read(red.replace(b"261120D5,00", b"261120X5,00"))


def ach(sec: str, *entries: str) -> bytes:
    """A file of one batch of debits to 12100035, each with its addenda; totals as they are."""
    sixes = [line for line in entries if line[0] == "6"]
    count, hashed = f"{len(entries):06}", sum(int(line[3:11]) for line in sixes)
    debits = sum(int(line[29:39]) for line in sixes)
    return "\n".join([
        f"101 1210003581946001234261120{'0600'}A094101{'BANK':<23}{'OURS':<23}{'':8}",
        f"5225{'OURS':<16}{'':20}1946001234{sec}{'AUTOPAY':<10}{'':6}261120   1121000350000001",
        *entries,
        f"8225{count}{hashed:010}{debits:012}{0:012}1946001234{'':25}121000350000001",
        f"9000001{1:06}{count:0>8}{hashed:010}{debits:012}{0:012}{'':39}",
    ]).encode()  # fmt: skip


def entry(cents: int, trace: str) -> str:
    return f"627121000358{'000123456':<17}{cents:010}{'204518-7':<15}{'A CUSTOMER':<22}  1{trace}"


def test_ach_returns_changes_and_a_dishonored_one_in_a_file_that_was_trimmed():
    data = ach(
        "PPD",
        entry(8466, "121000350000007"), f"799R01091000010000007{'':6}09100001{'':44}121000350000007",
        entry(0, "121000350000008"), f"798C01091000010000008{'':6}09100001{'1918171614':<29}{'':15}121000350000008",
        entry(500, "121000350000009"), f"799R15091000010000009261101{'09100001':<8}{'':44}121000350000009",
        entry(700, "121000350000010"),
    )  # fmt: skip
    back = read_sent_back(b"\n".join(line.rstrip() for line in data.splitlines()))
    assert [(one.code, one.trace, one.cents, one.died_on) for one in back.returns] == [
        ("R01", "091000010000007", 8466, None), ("R15", "091000010000009", 500, date(2026, 11, 1)),
    ]  # fmt: skip
    assert [(one.code, one.corrected.strip()) for one in back.changes] == [("C01", "1918171614")]
    assert len(back.others) == 1, "an entry with nothing to tell is for a person"


@pytest.mark.parametrize(("sec", "says"), [("IAT", "international"), ("ADV", "advices")])
def test_ach_batches_that_are_laid_out_otherwise_are_refused_by_name(sec, says):
    with pytest.raises(CannotReadAch, match=says):
        read_sent_back(ach(sec, entry(100, "121000350000007")))
    assert nacha.__doc__


def letter(code: str, *, said: str = "0000000000001500") -> bytes:
    """A cash letter of one check without an image."""

    def record(text: str) -> bytes:
        body = text.ljust(80).encode(code)
        return len(body).to_bytes(4, "big") + body

    return b"".join(record(text) for text in (
        "0103T121000358091000019202611200600N", "100191000019121000358202611202026112006000", "200191000019121000358",
        f"25{'':15} 12100035 {'000123456/':>19}{'0000001500':>10}", "70000100000000150000",
        f"90000001{'00000001'}{'1500':>14}", f"99000001{'00000007'}{'00000001'}{said}",
    ))  # fmt: skip


@pytest.mark.parametrize("code", [EBCDIC, "latin-1"])
def test_a_cash_letter_reads_the_same_in_ebcdic_and_in_ascii(code):
    (one,) = items(letter(code))
    assert (one.cents, one.images) == (1500, ())
    with pytest.raises(CannotReadLetter, match="it says 1501, counted 1500"):
        items(letter(code, said="0000000000001501"))
    with pytest.raises(CannotReadLetter, match="can't follow"):
        items(letter(code).replace("25".encode(code), "31".encode(code), 1))
