"""What a print shop gets and sends back: the barcode, the job's file, the mailing report."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader, PdfWriter

from lamplighter.formats.intelligentmail import CannotEncode, encode, routing_of, tracking
from lamplighter.formats.mailingreports import Outcome, read_report
from lamplighter.formats.printjobs import CannotPrint, Page, write_job
from lamplighter.formats.refusals import Unreadable

EXAMPLE = "01234567094987654321"
DAY = date(2026, 11, 20)


def pdf(pages, width):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width, 792)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("routing", "bars"),
    [
        ("", "ATTFATTDTTADTAATTDTDTATTDAFDDFADFDFTFFFFFTATFAAAATDFFTDAADFTFDTDT"),
        ("01234", "DTTAFADDTTFTDTFTFDTDDADADAFADFATDDFTAAAFDTTADFAAATDFDTDFADDDTDFFT"),
        ("012345678", "ADFTTAFDTTTTFATTADTAAATFTFTATDAAAFDDADATATDTDTTDFDTDATADADTDFFTFA"),
        ("01234567891", "AADTFFDFTDADTAADAATFDTDDAAADDTDTTDAFADADDDTFFFDDTTTADFAAADFTDAADA"),
    ],
)
def test_the_examples_of_the_post_are_drawn_bar_for_bar(routing, bars):
    """USPS-B-3200, examples 1 to 4."""
    assert encode(EXAMPLE, routing) == bars


@pytest.mark.parametrize(("digits", "routing"), [("0" * 19, ""), ("05" + "0" * 18, ""), (EXAMPLE, "1234")])
def test_digits_that_no_barcode_has_are_refused(digits, routing):
    with pytest.raises(CannotEncode):
        encode(digits, routing)


def test_a_mailer_numbers_its_pieces_and_begins_again():
    assert tracking(service="300", mailer="901005550", serial=17) == "00300901005550000017"
    assert tracking(service="300", mailer="123456", serial=10**9 + 4) == "00300123456000000004"
    with pytest.raises(CannotEncode, match="6 or 9 digits"):
        tracking(service="300", mailer="12345", serial=1)


def test_a_postcode_gives_routing_and_what_is_none_gives_nothing():
    assert [routing_of(one) for one in ("90555", "90555-1234", "V6B 1A1", "")] == ["90555", "905551234", "", ""]


def test_a_job_has_the_pages_in_order_an_index_and_counts_that_prove_them():
    one = Page("P-1-0001", pdf(2, 612), ("Ada Quist", "1 Otis Dr", "Marisol Bay CA 90555"), EXAMPLE, ("HEAT-26",))
    two = Page("P-1-0002", pdf(1, 500), ("Jun Park", "Apt 4", "1210 Walnut St", "Marisol Bay CA 90555-1210"))
    job = write_job("P-1", [one, two], on=DAY)
    assert (job.spans, job.pages) == (((1, 2), (3, 1)), 3)
    with zipfile.ZipFile(io.BytesIO(job.content)) as archive:
        told, index, pages = (archive.read(name) for name in ("job.json", "index.csv", "pages.pdf"))
    assert [page.mediabox.width for page in PdfReader(io.BytesIO(pages)).pages] == [612, 612, 500]
    rows = list(csv.DictReader(io.StringIO(index.decode())))
    assert rows[0]["imb_digits"] == EXAMPLE + "90555"
    assert rows[0]["imb_bars"] == encode(EXAMPLE, "90555")
    assert (rows[1]["first_page"], rows[1]["address_4"], rows[1]["imb_bars"]) == ("3", "Marisol Bay CA 90555-1210", "")
    said = json.loads(told)
    assert (said["pieces"], said["pages"], said["inserts"]) == (2, 3, {"HEAT-26": 1})
    assert said["sha256"]["pages.pdf"] == hashlib.sha256(pages).hexdigest()
    assert write_job("P-1", [one, two], on=DAY).content == job.content, "the same pieces make the same bytes"


def test_an_address_without_a_street_is_not_printed():
    with pytest.raises(CannotPrint, match="2 to 6 lines, not 1"):
        write_job("P-1", [Page("P-1-0001", pdf(1, 612), ("Ada Quist",))], on=DAY)


REPORT = b"REPORT,P-12\r\nPIECE,P-12-0001,mailed,2026-11-21,PS-1,\r\nPIECE,P-12-0002,spoiled,2026-11-21,,torn\r\n"


def test_a_report_says_what_became_of_each_piece():
    read = read_report(REPORT + b"TOTAL,2,1,0,1\r\n", file="report.csv")
    assert read.job == "P-12"
    assert [(one.piece, one.outcome, one.proof, one.words) for one in read.pieces] == [
        ("P-12-0001", Outcome.MAILED, "PS-1", ""), ("P-12-0002", Outcome.SPOILED, "", "torn"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (REPORT, "may be cut off"),
        (REPORT + b"TOTAL,3,2,0,1\r\n", "The totals say 3, 2, 0, 1; the lines are 2, 1, 0, 1"),
        (REPORT + b"PIECE,P-12-0001,mailed,2026-11-21,PS-1,\r\nTOTAL,3,2,0,1\r\n", "stands twice"),
        (REPORT + b"PIECE,P-12-0003,mailed,2026-11-21,,\r\nTOTAL,3,2,0,1\r\n", "without a proof"),
        (REPORT + b"PIECE,P-12-0003,lost,2026-11-21,,\r\nTOTAL,3,2,0,1\r\n", "an outcome is mailed"),
        (REPORT + b"TOTAL,2,1,0,1\r\nPIECE,P-12-0003,mailed,2026-11-21,PS-1,\r\n", "none that a report has here"),
        (b"PIECE,P-12-0001,mailed,2026-11-21,PS-1,\r\n", "none that a report has here"),
        (b"\xff\xfe", "no UTF-8 text"),
    ],
)
def test_a_report_that_does_not_prove_itself_is_refused_whole(data, says):
    with pytest.raises(Unreadable, match=says):
        read_report(data, file="report.csv")
