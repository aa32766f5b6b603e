"""The terms by which debts are furnished, the files, and what is furnished no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.credit.models import BureauFile, FurnishedDebt, FurnishingStop, FurnishingTerms, WriteOff
from lamplighter.credit.queries.furnishing import Telling
from lamplighter.credit.rules.furnishing import CannotFurnish
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction

SUBJECT = "furnishing:bureaus"


@in_transaction
def begin_furnishing(
    *, least: Money, wait_days: int, equifax: str, experian: str, transunion: str, citation: str, on: date, by: Actor,
    at: datetime,
) -> FurnishingTerms:  # fmt: skip
    """From `on` debts are furnished by these terms. Raises CannotFurnish."""
    advisory_lock(SUBJECT)
    if least <= ZERO or not citation.strip():
        raise CannotFurnish("Enter from which amount, more than $0.00, and by which resolution.")
    if not (equifax or experian or transunion):
        raise CannotFurnish("Enter the number by which at least one bureau knows the utility.")
    if FurnishingTerms.objects.filter(period__startswith__gte=on).exists():
        raise CannotFurnish(f"Terms from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    _end(on)
    made = FurnishingTerms.objects.create(
        period=Period(on), least=least, wait_days=wait_days, equifax=equifax, experian=experian, transunion=transunion,
        citation=citation, set_by=by,
    )  # fmt: skip
    record("credit.furnishing.begun", subject=SUBJECT, by=by, at=at, start=on.isoformat(), cents=least.cents,
           wait_days=wait_days, citation=citation)  # fmt: skip
    return made


@in_transaction
def end_furnishing(*, on: date, by: Actor, at: datetime) -> None:
    """From `on` nothing is furnished. What the bureaus know they are asked to delete by hand. Raises CannotFurnish."""
    advisory_lock(SUBJECT)
    if not _end(on):
        raise CannotFurnish("Nothing is furnished on that day.")
    record("credit.furnishing.ended", subject=SUBJECT, by=by, at=at, on=on.isoformat())


@in_transaction
def stop_furnishing(*, write_off: WriteOff, remark: str, on: date, by: Actor, at: datetime) -> FurnishingStop:
    """This debt is told of no more, and deleted with the next file where it was. Raises CannotFurnish."""
    advisory_lock(SUBJECT)
    if FurnishingStop.objects.filter(pk=write_off.pk).exists():
        raise CannotFurnish("It is furnished no more already.")
    if not remark.strip():
        raise CannotFurnish("Say why: it is kept for whoever asks.")
    made = FurnishingStop.objects.create(write_off=write_off, remark=write_remark(remark, at=at), on=on, at=at, by=by)
    record("credit.furnishing.stopped", subject=write_off.subject, account=write_off.account_id, by=by, at=at,
           remark=remark)  # fmt: skip
    return made


@in_transaction
def keep_bureau_file(
    *, month: date, file: StoredFile, debts: Sequence[Telling], on: date, by: Actor, at: datetime
) -> BureauFile:  # fmt: skip
    """What was told, and of whom: none of it is changed."""
    made = BureauFile.objects.create(
        month=month, file=file, records=len(debts), made_on=on, made_at=at, made_by=by
    )  # fmt: skip
    FurnishedDebt.objects.bulk_create(
        FurnishedDebt(
            of=made, write_off=one.write_off, status=one.told.status, dispute=one.told.dispute,
            indicator=one.told.indicator, owed=one.owed,
        )
        for one in debts
    )  # fmt: skip
    record("credit.furnishing.told", subject=SUBJECT, by=by, at=at, records=len(debts), file=file.sha256,
           month=month.isoformat())  # fmt: skip
    return made


def _end(on: date) -> int:
    running = list(FurnishingTerms.objects.filter(period__contains=on))
    for row in running:
        if row.period.start == on:
            row.delete()
            continue
        row.period = row.period.ending(on)
        row.save(update_fields=["period"])
    return len(running)
