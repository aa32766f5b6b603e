"""The bank's files are read to the cent or refused by name; public files of other people's banks too."""

from datetime import date

import pytest

from lamplighter.formats.banking import bai2, camt
from lamplighter.formats.banking.reading import read
from lamplighter.formats.banking.statements import CannotRead
from tests.payments.papers import bai2 as written

ON = date(2026, 11, 20)
CAMT_FILES = ("valid_example", "valid_example_with_batch", "valid_example_with_debit")
CAMT = b"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><Othr><Id>000123456789</Id></Othr></Id><Ccy>USD</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="USD">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-11-20</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="USD">84.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-11-20</Dt></Dt></Bal>
<Ntry><Amt Ccy="USD">75.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-11-20</Dt></BookgDt>
<BkTxCd><Prtry><Cd>175</Cd></Prtry></BkTxCd><AddtlNtryInf>DEPOSIT BAG B-77</AddtlNtryInf></Ntry>
<Ntry><Amt Ccy="USD">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-11-20</Dt></BookgDt>
<BkTxCd><Prtry><Cd>698</Cd></Prtry></BkTxCd></Ntry></Stmt></BkToCstmrStmt></Document>"""


def test_a_bai2_day_is_read_with_its_signs():
    (one,) = read(written("000123456789", ON, [("175", 8500, "DEPOSIT, BAG B-77"), ("475", 41200, "CHECK 100201")]))
    assert (one.account, one.on, one.opening, one.closing) == ("000123456789", ON, 0, 8500 - 41200)
    assert [(line.cents, line.code, line.text) for line in one.lines] == [
        (8500, "175", "DEPOSIT, BAG B-77"), (-41200, "475", "CHECK 100201"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (b",8500,Z", b",8501,Z", "control total"),
        (b"49,17000,3/", b"49,17000,4/", "4 records, counted 3"),
        (b"16,175", b"16,900", "neither a credit"),
        (b"02,OURS,121000358,1,261120", b"02,OURS,121000358,1,261340", "is no day"),
        (b"\n99,17000,1,7/", b"", "breaks off"),
        (b"03,", b"16,", "can't stand here"),
    ],
)
def test_a_bai2_file_that_breaks_its_own_totals_is_refused(was, now, says):
    data = written("1", ON, [("175", 8500, "DEPOSIT")])
    assert was in data, data
    with pytest.raises(CannotRead, match=says):
        read(data.replace(was, now, 1))


def test_a_camt_day_is_read_and_its_balances_hold():
    (one,) = read(CAMT)
    assert (one.account, one.on, one.currency, one.opening, one.closing) == ("000123456789", ON, "USD", 1000, 8450)
    assert [(line.cents, line.code) for line in one.lines] == [(7550, "175"), (-100, "698")]
    one.check()
    with pytest.raises(CannotRead, match="closing balance is 8450"):
        read(CAMT.replace(b"75.50", b"75.51"))[0].check()
    with pytest.raises(CannotRead, match="no whole XML"):
        read(CAMT[:-5])


def test_something_else_is_refused():
    with pytest.raises(CannotRead, match=r"no BAI2, CAMT\.053, MT940 or OFX"):
        read(b"%PDF-1.7")


@pytest.mark.corpus
def test_public_bank_files_are_read_or_refused_by_name(shared):
    folder = shared / "data" / "formats"
    moj = bai2.statements((folder / "bai2/ministryofjustice/citi_example.bai2").read_bytes())
    assert [(line.cents, line.code) for one in moj for line in one.lines] == [(1, "191")]
    read_whole = [camt.statements((folder / "camt/053" / f"{name}.xml").read_bytes()) for name in CAMT_FILES]
    assert [sum(len(one.lines) for one in several) > 0 for several in read_whole] == [True] * len(CAMT_FILES)
    with pytest.raises(CannotRead):
        read((folder / "bai2/moov/errors/sample-parseError.txt").read_bytes())
