"""The first bills that Iris has printed from here: mailed, one torn, one brought back; the newest wait for her."""

from __future__ import annotations

from datetime import date, timedelta

from lamplighter.billing.models import Bill, PrintJob
from lamplighter.billing.operations.printing import make_job, set_insert, take_report
from lamplighter.formats.mailingreports import read_report
from lamplighter.journeys.dispatching import bill_came_back
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.printshop import mailing_report
from lamplighter.town.staff import ANALYST, DANA

BEFORE = timedelta(days=4)
TORN, UNKNOWN = 3, 5
"""Places in the job: the one that was torn, and the one that the post brings back."""


def mail_the_bills(as_of: date) -> None:
    """The newest bills that are a few days old, on paper; nothing where the city is too young to have any."""
    last = Bill.objects.filter(origin=Bill.Origin.OWN, issued_on__lte=as_of - BEFORE).order_by("-issued_on").first()
    if last is None:
        return
    day = last.issued_on
    with unit_of_work(ANALYST):
        set_insert(
            code="WINTER-RATES", label="Winter rates and how to save", classes=["residential"],
            period=Period(day.replace(day=1)), by=ANALYST, at=at(day, 9),
        )  # fmt: skip
        job = make_job(on=day, since=day, by=ANALYST, at=at(day, 16))
    if job is not None and job.pieces > UNKNOWN:
        _mail(job, OFFICE.add_working_days(day, 1))


def _mail(job: PrintJob, mailed_on: date) -> None:
    torn = job.contents.get(place=TORN).number
    data = mailing_report(
        path_of(job.file_id).read_bytes(), on=mailed_on, proof="PS 3600-R 88123",
        amiss={torn: ("spoiled", "torn in the inserter")},
    )  # fmt: skip
    told = at(mailed_on, 17, 30)
    with unit_of_work(ANALYST):
        kept, _ = store_file([data], name=f"report-{job}.csv", media_type="text/csv", by=ANALYST, at=told)
        take_report(report=read_report(data, file=kept.name), file=kept, by=ANALYST, at=told)
    back = mailed_on + timedelta(days=2)
    with unit_of_work(DANA):
        piece = job.contents.get(place=UNKNOWN)
        bill_came_back(piece=piece, why="Attempted, not known", on=back, by=DANA, at=at(back, 11))
