"""Bills on paper: what is put in, a job for the print shop, its mailing report, and what the post brings back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from lamplighter.billing.documents.compiler import Order, compile_bill
from lamplighter.billing.documents.content import content
from lamplighter.billing.kinds import BOUNCED, RETURNED
from lamplighter.billing.models import Bill, BillPiece, Insert, PieceStep, PrintJob
from lamplighter.billing.operations.archiving import archive_many
from lamplighter.billing.queries.dispatch import GONE, Wanted, inserts_on, printed_since, to_print
from lamplighter.billing.queries.reading import addresses, view
from lamplighter.formats.intelligentmail import tracking
from lamplighter.formats.mailingreports import MailingReport, Reported
from lamplighter.formats.printjobs import Page, write_job
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import total
from lamplighter.kernel.periods import Period
from lamplighter.platform.copying import next_ids
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.usage.store import utility_zone
from lamplighter.worklist.operations import Draft, finish_where, raise_items

MOST = 1000
"""Pieces in one job: more bills make more jobs."""
ZIP = "application/zip"


class CannotPrint(Exception):
    """A job, a report or a piece is refused; the message is fit to be read aloud."""


@in_transaction
def set_insert(
    *, code: str, label: str, classes: Sequence[str], period: Period, by: Actor, at: datetime
) -> Insert:  # fmt: skip
    """A leaflet goes with the bills that are printed in a period; setting it again changes whose and when."""
    found, _ = Insert.objects.update_or_create(
        code=code, defaults={"label": label, "classes": sorted(classes), "period": period, "set_by": by}
    )
    record("billing.insert.set", subject=f"insert:{found.pk}", by=by, at=at, code=code)
    return found


@in_transaction
def make_job(*, on: date, by: Actor, at: datetime, since: date | None = None) -> PrintJob | None:
    """Put the oldest bills that have to be printed into one file; None where there is none. The first job says `since`
    which day of issue bills are printed. A bill whose email did not arrive becomes somebody's work, too."""
    advisory_lock("billing.print-job")
    begins = printed_since() or since
    if begins is None:
        raise CannotPrint("Say from which day of issue on bills are printed here.")
    wanted = to_print(on=on, limit=MOST, since=begins)
    if not wanted:
        return None
    with connection.cursor() as cursor:
        (key,) = next_ids(cursor, "billing_printjob", 1)
        ids = next_ids(cursor, "billing_billpiece", len(wanted))
    pieces = _pieces(key, ids, wanted, on=on)
    made = write_job(f"P-{key}", _pages(pieces, on=on, by=by, at=at), on=on)
    for piece, (first, count) in zip(pieces, made.spans, strict=True):
        piece.first_page, piece.pages = first, count
    file, _ = store_file([made.content], name=f"P-{key}.zip", media_type=ZIP, by=by, at=at)
    job = PrintJob.objects.create(
        id=key, since=begins, pieces=len(pieces), pages=made.pages, file=file,
        amount=total(one.bill.due for one in pieces), made_at=at, made_by=by,
    )  # fmt: skip
    BillPiece.objects.bulk_create(pieces)
    record("billing.job.made", subject=job.subject, by=by, at=at, pieces=job.pieces, pages=job.pages)
    record_many((_told("printed", one, {"why": one.why}) for one in pieces), by=by, at=at)
    raise_items(drafts=[_bounced(one.bill) for one in pieces if one.why == BillPiece.Why.BOUNCED], by=by, at=at)
    return job


@in_transaction
def take_report(*, report: MailingReport, file: StoredFile, by: Actor, at: datetime) -> PrintJob:
    """What became of every piece of a job, all or nothing. What was spoiled has to be printed again. Raises CannotPrint
    for another job's pieces, one that is lacking, a day that can't be, or a report that was read before."""
    number = report.job.removeprefix("P-")
    job = PrintJob.objects.select_for_update().filter(pk=int(number) if number.isdecimal() else 0).first()
    if job is None:
        raise CannotPrint(f"There is no job {report.job}. Nothing was taken.")
    if job.reported_at is not None:
        raise CannotPrint(f"The mailing report of {job} was read already. Nothing was taken again.")
    pieces = {one.number: one for one in job.contents.select_related("bill").order_by("place")}
    _compare(job, set(pieces), report, at=at)
    steps = [
        PieceStep(
            piece=pieces[one.piece], act=one.outcome.value, on=one.on, proof=one.proof[:80], words=one.words[:120],
            recorded_at=at, recorded_by=by,
        )
        for one in report.pieces
    ]  # fmt: skip
    PieceStep.objects.bulk_create(steps)
    job.report, job.reported_at, job.reported_by = file, at, by
    job.save(update_fields=["report", "reported_at", "reported_by"])
    record("billing.job.reported", subject=job.subject, by=by, at=at, pieces=job.pieces)
    record_many((_told(step.act, step.piece, {"on": step.on.isoformat(), "proof": step.proof}) for step in steps),
                by=by, at=at)  # fmt: skip
    return job


@in_transaction
def keep_returned(*, piece: BillPiece, why: str, on: date, by: Actor, at: datetime) -> PieceStep:
    """The post brought it back: nobody got it, and somebody finds out where they are."""
    live = _locked(piece)
    acts = {step.act for step in live.steps.all()}
    if not acts & set(GONE) or PieceStep.Act.RETURNED in acts:
        raise CannotPrint(f"{live} was not mailed." if not acts & set(GONE) else f"{live} came back already.")
    step = _step(live, PieceStep.Act.RETURNED, why, on=on, by=by, at=at)
    matter = Draft(RETURNED.key, live.subject, f"Bill {live.bill.number}: {why}", account=live.bill.account_id)
    raise_items(drafts=[matter], by=by, at=at)
    return step


@in_transaction
def send_again(*, piece: BillPiece, on: date, by: Actor, at: datetime) -> PieceStep:
    """What came back goes out with the next job, to the address that is on file then."""
    live = _locked(piece)
    acts = {step.act for step in live.steps.all()}
    if PieceStep.Act.RETURNED not in acts or PieceStep.Act.AGAIN in acts:
        raise CannotPrint(f"{live} did not come back, or waits for the print shop already.")
    finish_where(subjects=[live.subject], by=by, at=at, kind=RETURNED.key)
    return _step(live, PieceStep.Act.AGAIN, "", on=on, by=by, at=at)


def _pieces(job: int, ids: Sequence[int], wanted: Sequence[Wanted], *, on: date) -> list[BillPiece]:
    inserts = inserts_on(on)
    return [
        BillPiece(
            id=pk, job_id=job, place=place, bill=one.bill, why=one.why, replaces=one.replaces,
            inserts=[each.code for each in inserts
                     if not each.classes or one.bill.account.customer_class in each.classes],
            tracking=_tracking(pk),
        )
        for place, (pk, one) in enumerate(zip(ids, wanted, strict=True), 1)
    ]  # fmt: skip


def _tracking(serial: int) -> str:
    if not settings.MAILER:
        return ""
    return tracking(service=settings.MAIL_SERVICE, mailer=settings.MAILER, serial=serial)


def _pages(pieces: Sequence[BillPiece], *, on: date, by: Actor, at: datetime) -> list[Page]:
    """The archived pages of each bill; of one that came back the same pages with the address of today."""
    archived = archive_many(bills=[one.bill for one in pieces], by=by, at=at)
    went = addresses([one.bill for one in pieces])
    again = [one.bill for one in pieces if one.why == BillPiece.Why.RETURNED]
    now = addresses(again, on=on) if again else {}
    return [
        Page(
            one.number, _readdressed(one.bill, now[one.bill_id]) if one.bill_id in now
            else path_of(kept.document.file_id).read_bytes(),
            now.get(one.bill_id, went[one.bill_id]), one.tracking, tuple(one.inserts),
        )
        for one, kept in zip(pieces, archived, strict=True)
    ]  # fmt: skip


def _readdressed(bill: Bill, address: tuple[str, ...]) -> bytes:
    seen = replace(view(bill), mailing=address[1:])
    return compile_bill(Order(content(seen), seen.issued_on)).pdf


def _compare(job: PrintJob, numbers: set[str], report: MailingReport, *, at: datetime) -> None:
    """The report tells of each piece of the job, and of no other."""
    said = {one.piece for one in report.pieces}
    if strange := sorted(said - numbers):
        raise CannotPrint(f"{strange[0]} is no piece of {job}. Nothing was taken.")
    if lacking := sorted(numbers - said):
        more = f", nor {len(lacking) - 1} others" if len(lacking) > 1 else ""
        raise CannotPrint(f"The report does not tell of {lacking[0]}{more}. Ask for all of {job}. Nothing was taken.")
    for one in report.pieces:
        _refuse_days(job, one, at)


def _refuse_days(job: PrintJob, one: Reported, at: datetime) -> None:
    zone = utility_zone()
    if not job.made_at.astimezone(zone).date() <= one.on <= at.astimezone(zone).date():
        raise CannotPrint(f"{one.piece} can't be {one.outcome} on {one.on:%b %-d, %Y}. Nothing was taken.")


def _locked(piece: BillPiece) -> BillPiece:
    return BillPiece.objects.select_for_update(of=("self",)).select_related("bill__account").get(pk=piece.pk)


def _step(piece: BillPiece, act: PieceStep.Act, words: str, *, on: date, by: Actor, at: datetime) -> PieceStep:
    step = PieceStep.objects.create(piece=piece, act=act, on=on, words=words[:120], recorded_at=at, recorded_by=by)
    record_many([_told(act, piece, {"on": on.isoformat()})], by=by, at=at)
    return step


def _told(act: str, piece: BillPiece, data: dict[str, str]) -> Happening:
    return Happening(f"billing.bill.{act}", piece.bill.subject, piece.bill.account_id, {**data, "piece": piece.number})


def _bounced(bill: Bill) -> Draft:
    words = f"The email about bill {bill.number} did not arrive; it goes on paper"
    return Draft(BOUNCED.key, bill.account.subject, words, account=bill.account_id)
