"""Begin a study of a tariff text, and keep what it came to."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Finding, Severity
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.queueing import queue_run
from lamplighter.platform.transactions import in_transaction
from lamplighter.ratestudies.models import Forecast, Study, StudyYear
from lamplighter.ratestudies.queries.studying import Worked
from lamplighter.rating.columnar import CannotCompile, compile
from lamplighter.rating.files import parse
from lamplighter.rating.tariff import Tariff
from lamplighter.tariffs.models import Schedule
from lamplighter.tariffs.operations import keep_text

TASK = "ratestudies.study"


class CannotStudy(Exception):
    """A study is refused; `findings` name line, what was expected and the remedy."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


@in_transaction
def begin_study(
    *, name: str, schedule: Schedule, text: str, scope: str, until: date, by: Actor, at: datetime,
    forecast: Forecast | None = None, queued: bool = True,
) -> Study:  # fmt: skip
    """Keep the text and, unless `queued` is off, ask for the work in the background. With a `forecast` the year is
    the one that it foretells: the bills of the year before it, with its use."""
    studied(text)
    if forecast is not None:
        if forecast.state != Forecast.State.DONE:
            raise CannotStudy("This forecast is not done.")
        until = forecast.first
    if until.day != 1 or until > at.date():
        raise CannotStudy("Choose a year that has ended, by its last month.")
    study = Study.objects.create(
        name=name.strip() or schedule.code, schedule=schedule, source=keep_text(text=text), scope=scope, until=until,
        forecast=forecast, made_by=by, made_at=at,
    )  # fmt: skip
    if queued:
        study.run = queue_run(
            TASK, kind="rate.study", subject=study.name, alone=study.subject, by=by, at=at, study=study.pk
        )
        study.save(update_fields=["run"])
    record("ratestudies.study.begun", subject=study.subject, by=by, at=at, schedule=schedule.pk, sha256=study.source_id)
    return study


def studied(text: str) -> Tariff:
    """The tariff of a text that can be priced for everybody. Its own worked bills need not come out: prices were
    changed. Raises CannotStudy."""
    read = parse(text, "the tariff")
    errors = tuple(finding for finding in read.findings if finding.severity is Severity.ERROR)
    if read.tariff is None or errors:
        raise CannotStudy(f"The tariff has {len(errors)} errors. First: {errors[0]}", errors)
    if read.tariff.rider:
        raise CannotStudy("This is a rider. Study the schedule beside which it stands.")
    try:
        compile(read.tariff)
    except CannotCompile as beyond:
        raise CannotStudy(f"This tariff cannot be priced for everybody at once: {beyond}") from beyond
    return read.tariff


@in_transaction
def keep_study(*, study: Study, worked: Worked, by: Actor, at: datetime) -> Study:
    """What was worked out, once. A study that another attempt has kept meanwhile stays as it is."""
    held = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if held.state == Study.State.DONE:
        return held
    StudyYear.objects.bulk_create(worked.rows, batch_size=2_000)
    held.state, held.result = Study.State.DONE, worked.result
    held.save(update_fields=["state", "result"])
    record(
        "ratestudies.study.done", subject=held.subject, by=by, at=at, customers=worked.result["priced"],
        present=worked.result["present"], proposed=worked.result["proposed"],
    )  # fmt: skip
    return held
