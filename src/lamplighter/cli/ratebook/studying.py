"""Studies of rates at the command line: begun, worked out here and now, kept, and told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from lamplighter.cli.acting import person
from lamplighter.cli.days import today
from lamplighter.cli.ratebook.book import schedule_named
from lamplighter.cli.telling import as_json, columns, finding_line, progress
from lamplighter.kernel.money import ZERO
from lamplighter.notices.queries.templates import sender
from lamplighter.platform.transactions import unit_of_work
from lamplighter.ratestudies.documents import paper, spreadsheet, summary
from lamplighter.ratestudies.models import Study
from lamplighter.ratestudies.operations.advice import keep_advice
from lamplighter.ratestudies.operations.studies import CannotStudy, begin_study, keep_study, studied
from lamplighter.ratestudies.queries.advising import advised
from lamplighter.ratestudies.queries.studying import worked


def study(file: Path, *, schedule: str, name: str, scope: str, before: date | None, username: str) -> Study:
    by, found = person(username, needs="rates.study", on=today()), schedule_named(schedule)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise click.UsageError(f"{file} cannot be read: {fault}.") from fault
    try:
        tariff = studied(text)
        with unit_of_work(by):
            made = begin_study(
                name=name or file.stem, schedule=found, text=text, scope=scope, until=before or today().replace(day=1),
                by=by, at=timezone.now(), queued=False,
            )  # fmt: skip
    except CannotStudy as refused:
        for finding in refused.findings:
            click.echo(finding_line(finding, str(file)), err=True)
        raise click.ClickException(str(refused)) from refused
    with progress(made.name) as tell_progress:
        found_now = worked(made, tariff, on=today(), progress=tell_progress)
    with unit_of_work(by):
        return keep_study(study=made, worked=found_now, by=by, at=timezone.now())


def numbered(number: int) -> Study:
    found = Study.objects.select_related("schedule").filter(pk=number, state=Study.State.DONE).first()
    if found is None:
        raise click.UsageError(f"There is no study {number} that is done. `lamplighter ratelab list` names them.")
    return found


def studies() -> list[dict[str, Any]]:
    rows = Study.objects.filter(state=Study.State.DONE).select_related("schedule").order_by("pk")
    return [
        {
            "study": row.pk, "name": row.name, "rate": row.schedule.code, "before": row.until, "scope": row.scope,
            "customers": row.result["priced"], "change": str(summary.whole(row).change),
        }
        for row in rows
    ]  # fmt: skip


def tell(found: Study, *, as_data: bool, xlsx: Path | None, pdf: Path | None) -> None:
    """In words or as data, and the files that are asked for; ends the command."""
    if xlsx is not None:
        xlsx.write_bytes(spreadsheet.workbook(found))
    if pdf is not None:
        pdf.write_bytes(paper.pdf(found, utility=sender().utility))
    if as_data:
        as_json({"study": found.pk, "name": found.name, "before": found.until, **found.result})
    else:
        click.echo(_words(found))
    raise SystemExit(1 if found.result["left_out"] else 0)


def best(*, before: date | None, username: str) -> dict[str, Any]:
    by = person(username, needs="rates.study", on=today())
    with progress("Best rates") as tell_progress:
        rows = advised(until=before or today().replace(day=1), on=today(), at=timezone.now(), progress=tell_progress)
    with unit_of_work(by):
        keep_advice(found=rows, by=by, at=timezone.now())
    better = [row for row in rows if row.saving.cents > 0]
    saving = sum((row.saving for row in better), ZERO)
    return {"customers": len(rows), "better": len(better), "saving": str(saving.dollars)}


def _words(found: Study) -> str:
    whole, result = summary.whole(found), found.result
    head = (
        f"Study {found.pk}, {found.name}: {result['priced']:,} of {result['customers']:,} customers,"
        f" {result['bills']:,} bills. {whole.present} becomes {whole.proposed}: {whole.change} ({whole.percent}%)."
    )
    bands = [(band.label, f"{band.count:,}", str(band.change)) for band in summary.bands(found)]
    classes = [(row.label, f"{row.count:,}", str(row.present), str(row.proposed), str(row.change))
               for row in summary.classes(found)]  # fmt: skip
    parts = [
        head,
        columns(("class", "customers", "present", "proposed", "change"), classes),
        columns(("change of the year", "customers", "together"), bands),
        f"{result['checked']} years were priced by the second calculator too; {result['differing']} differ.",
        *(f"Left out, {count:,}: {why}" for why, count in summary.left_out(found)),
    ]
    return "\n\n".join(parts)
