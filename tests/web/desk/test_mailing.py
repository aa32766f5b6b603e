"""Bills on paper: the print shop's file and report, emails that bounce, mail that comes back."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from lamplighter.accounts.models import Account
from lamplighter.accounts.standing.operations import set_dispatch
from lamplighter.billing.models import Bill, BillPiece, PieceStep, PrintJob
from lamplighter.billing.queries.asking import asked_for
from lamplighter.billing.queries.dispatch import Way, issued_lately, to_print, ways
from lamplighter.customers.operations import set_mailing_address
from lamplighter.jobs import billing as jobs
from lamplighter.journeys.notifying import tell_bills_ready
from lamplighter.kernel.periods import Period
from lamplighter.notices.operations import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.models import AccessRecord, Run
from lamplighter.platform.operations.runs import start_run
from lamplighter.platform.queries.files import path_of
from lamplighter.town.printshop import mailing_report
from lamplighter.worklist.models import Item
from tests.web.filling import fills

from .conftest import words
from .town import DANA, NOW, TODAY

HERE = "/desk/mailing/"
HOA, JUN, GWEN = "Thi Hoa Nguyen", "Jun Park", "Gwen Pruitt"
MADE = {200, 204, 303}
SINCE = date(2026, 11, 1)


class Clock:
    """Stands where the work done behind the pages reads the time."""

    @staticmethod
    def now():
        return NOW


@pytest.fixture
def iris(at_desk, settings, tmp_path, monkeypatch):
    settings.STATE, settings.MAILER = tmp_path, "901005550"
    monkeypatch.setattr("lamplighter.jobs.billing.timezone", Clock)
    return at_desk("iris")


def newest(town, name) -> Bill:
    return town.homes[name].account.bills.order_by("-id").first()


def prints(iris) -> PrintJob:
    """Iris asks for the file, and the worker makes it. (Nothing takes what she asked for first out of the queue.)"""
    if PrintJob.objects.exists():
        run = start_run(kind="billing.print", subject="again", total=0, by=DANA, at=NOW)
    else:
        assert fills(iris, f"{HERE}do/print/", since=SINCE.isoformat()).status_code in MADE
        run = Run.objects.latest("pk")
    jobs.print_bills(run=run.pk, by="staff:iris", on=TODAY.isoformat(), since=SINCE.isoformat())
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    return PrintJob.objects.latest("pk")


def mailed(iris, job, **amiss):
    """The print shop mails the job today, and Iris reads its report."""
    wrong = {f"{job.number}-{place[1:]}": said for place, said in amiss.items()}
    data = mailing_report(path_of(job.file_id).read_bytes(), on=TODAY, proof="PS3600-88123", amiss=wrong)
    return reads(iris, job, data)


def reads(iris, job, data):
    return fills(iris, f"{HERE}jobs/{job.pk}/do/report/", file=SimpleUploadedFile("report.csv", data))


def index_of(job) -> list[dict[str, str]]:
    with zipfile.ZipFile(path_of(job.file_id)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read("index.csv").decode())))


def told(town, name):
    bill = newest(town, name)
    return asked_for({bill.account_id: {bill.issued_on}})[bill.account_id, bill.issued_on].told_on


def test_every_bill_of_the_run_goes_one_way_and_the_counts_add_up(iris, town):
    bills = Bill.objects.filter(origin="own", issued_on__gte=SINCE, issued_on__lte=TODAY)
    assert bills.count() > 8
    before = ways(issued_lately(on=TODAY))
    assert {one.way for one in before} == {Way.TO_PRINT}
    job = prints(iris)
    assert (job.pieces, job.amount) == (bills.count(), sum((bill.due for bill in bills), job.amount - job.amount))
    after = {one.way: one.count for one in ways(issued_lately(on=TODAY))}
    assert after == {Way.AT_SHOP: job.pieces, Way.ELSEWHERE: before[0].count - job.pieces}
    window = newest(town, HOA).window_id
    page = words(iris.get(f"/desk/billing/{window}/?panel=ways", headers={"HX-Request": "true"}))
    assert "At the print shop" in page
    listed = words(iris.get(f"{HERE}bills/?way=at-shop"))
    assert newest(town, HOA).number in listed
    assert newest(town, HOA).number not in words(iris.get(f"{HERE}bills/?way=mailed"))


def test_the_file_says_where_each_goes_with_its_barcode_and_who_took_it_is_kept(iris, town):
    given = {"code": "HEAT-26", "label": "Heat safety", "classes": ["residential"], "start": "2026-11-01"}
    assert fills(iris, f"{HERE}inserts/do/add/", **given).status_code in MADE
    job = prints(iris)
    rows = {row["piece"]: row for row in index_of(job)}
    piece = BillPiece.objects.get(bill=newest(town, HOA))
    row = rows[piece.number]
    assert [row[f"address_{line}"] for line in (1, 2, 3)] == [HOA, "1418 Pacific Ave Apt B", "Marisol Bay CA 90555"]
    assert row["imb_digits"] == f"{piece.tracking}90555"
    assert len(row["imb_bars"]) == 65
    assert len({one.tracking for one in BillPiece.objects.all()}) == job.pieces
    assert row["inserts"] == "HEAT-26"
    shops = [
        rows[one.number]["inserts"] for one in BillPiece.objects.exclude(bill__account__customer_class="residential")
    ]
    assert shops
    assert not any(shops)
    assert sum(int(one["pages"]) for one in rows.values()) == job.pages
    taken = b"".join(iris.get(f"{HERE}jobs/{job.pk}/file/").streaming_content)
    assert taken == path_of(job.file_id).read_bytes()
    assert AccessRecord.objects.filter(subject=job.subject, actor="staff:iris").count() == 1


def test_a_bill_is_mailed_on_the_day_that_the_report_proves_and_not_before(iris, town, dana):
    assert told(town, HOA) == newest(town, HOA).issued_on, "before the first job nobody keeps a proof"
    job = prints(iris)
    assert told(town, HOA) is None
    assert mailed(iris, job).status_code in MADE
    assert told(town, HOA) == TODAY
    assert "Bill mailed" in words(dana.get(f"/desk/accounts/{town.homes[HOA].account.number}/"))
    page = words(iris.get(f"{HERE}jobs/{job.pk}/"))
    assert "Report read" in page
    assert "PS3600-88123" in words(iris.get(f"{HERE}pieces/{job.contents.first().pk}/"))
    assert "was read already" in words(mailed(iris, job))


def test_a_report_that_lacks_a_piece_has_a_strange_one_or_a_day_before_the_job_is_refused(iris, town):
    job = prints(iris)
    good = mailing_report(path_of(job.file_id).read_bytes(), on=TODAY, proof="PS-1").decode()
    lines = good.splitlines()
    count = job.pieces
    for data, says in (
        ("\n".join([*lines[:1], *lines[2:-1], f"TOTAL,{count - 1},{count - 1},0,0"]), "does not tell of"),
        (good.replace(f"{job.number}-0001", f"{job.number}-9999"), "is no piece of"),
        (good.replace(TODAY.isoformat(), "2026-11-19"), "can't be mailed on Nov 19"),
        (good.replace(TODAY.isoformat(), "2026-11-21"), "can't be mailed on Nov 21"),
        (good.replace(f"TOTAL,{count}", f"TOTAL,{count + 1}"), "The totals say"),
        (good.replace(f"REPORT,{job.number}", "REPORT,P-999999"), "This is the report of P-999999"),
    ):
        assert says in words(reads(iris, job, data.encode())), says
    assert not PieceStep.objects.exists()


def test_what_was_spoiled_is_printed_again_once_and_what_was_made_again_is_mailed(iris, town):
    job = prints(iris)
    assert mailed(iris, job, p0001=("spoiled", "torn"), p0002=("remade", "jam")).status_code in MADE
    (wanted,) = to_print(on=TODAY, limit=10)
    assert (wanted.why, wanted.replaces) == (BillPiece.Why.SPOILED, job.contents.get(place=1))
    assert job.contents.get(place=2).steps.get().act == PieceStep.Act.REMADE
    again = prints(iris)
    piece = again.contents.get()
    assert piece.replaces == job.contents.get(place=1)
    assert not to_print(on=TODAY, limit=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        BillPiece.objects.create(
            job=again, place=2, bill=piece.bill, why="spoiled", replaces=piece.replaces, first_page=1, pages=1,
            inserts=[], tracking="",
        )  # fmt: skip
    mailed(iris, again)
    assert {one.way for one in ways(issued_lately(on=TODAY))} == {Way.MAILED, Way.ELSEWHERE}


def test_a_bill_by_email_stays_off_paper_until_the_email_bounces(iris, town, dana):
    bill = newest(town, JUN)
    set_dispatch(account=bill.account, dispatch=Account.Dispatch.EMAIL, by=DANA, at=NOW)
    bill.refresh_from_db()
    (notice,) = tell_bills_ready(bills=[Bill.objects.get(pk=bill.pk)], by=DANA, at=NOW)
    assert way_of(bill) == Way.EMAIL_WAITS
    record_deliveries(steps=[Step(notice.pk, DeliveryStep.HANDED_OVER, NOW, "smtp 1")], by=DANA, at=NOW)
    assert way_of(bill) == Way.EMAILED
    first = prints(iris)
    assert not first.contents.filter(bill=bill).exists()
    assert told(town, JUN) == TODAY, "an email counts from the day on which it was handed over"
    record_deliveries(steps=[Step(notice.pk, DeliveryStep.BOUNCED, NOW, "no such mailbox")], by=DANA, at=NOW)
    assert (way_of(bill), told(town, JUN)) == (Way.TO_PRINT, None)
    assert prints(iris).contents.get().why == BillPiece.Why.BOUNCED
    item = Item.objects.get(kind="billing.bounced", ended_at=None)
    assert item.account == bill.account_id
    assert bill.number in words(dana.get(f"/desk/work/{item.pk}/"))


def test_mail_that_came_back_stops_the_clock_and_goes_again_to_the_new_address(iris, town, dana):
    job = prints(iris)
    mailed(iris, job)
    piece = BillPiece.objects.get(bill=newest(town, GWEN))
    found = fills(dana, f"{HERE}do/find/", said=f"{piece.tracking}90555")
    assert f"{HERE}pieces/{piece.pk}/" in found.headers.get("HX-Location", found.headers.get("HX-Redirect", ""))
    assert "No piece has this number" in words(fills(dana, f"{HERE}do/find/", said="P-1-99999"))
    assert fills(dana, f"{HERE}pieces/{piece.pk}/do/returned/", why="Vacant").status_code in MADE
    assert told(town, GWEN) is None
    assert "came back already" in words(fills(dana, f"{HERE}pieces/{piece.pk}/do/returned/", why="Vacant"))
    item = Item.objects.get(kind="billing.returned", ended_at=None)
    assert f"{HERE}pieces/{piece.pk}/" in dana.get(f"/desk/work/{item.pk}/").content.decode()
    person = town.homes[GWEN].account.roles.get(role="main").person
    set_mailing_address(person=person, lines="PO Box 12\nMarisol Bay CA 90555", period=Period(TODAY), by=DANA, at=NOW)
    assert fills(dana, f"{HERE}pieces/{piece.pk}/do/again/").status_code in MADE
    item.refresh_from_db()
    assert item.ended_at is not None
    again = prints(iris)
    (row,) = index_of(again)
    assert (row["address_1"], row["address_2"]) == (GWEN, "PO Box 12")
    mailed(iris, again)
    assert told(town, GWEN) == TODAY


def test_who_may_not_print_is_told_who_can(iris, at_desk):
    assert at_desk("omar").get(HERE).status_code == 403
    assert at_desk("audrey").get(f"{HERE}do/find/").status_code == 403


def way_of(bill):
    return Way(issued_lately(on=TODAY).get(pk=bill.pk).way)
