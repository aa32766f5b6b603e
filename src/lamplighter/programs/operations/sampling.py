"""Draw a sample of who is enrolled, and write down what was found."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.programs.kinds import AUDIT
from lamplighter.programs.models import Program, Sample, SampleCase
from lamplighter.programs.queries.enrolled import enrolled_on
from lamplighter.programs.rules.sampling import draw
from lamplighter.worklist.operations import Draft, finish_where, raise_items


class CannotSample(Exception):
    """A sample can't be drawn, or a finding not written, so; the message is fit to be read aloud."""


@in_transaction
def draw_sample(
    *, program: Program, name: str, seed: str, size: int, answer_by: date, on: date, by: Actor, at: datetime
) -> Sample:
    """`size` of everybody enrolled on the day. Each becomes work; a name is used once."""
    if not seed.strip() or not 1 <= size <= 500:
        raise CannotSample("A sample has a seed, and 1 to 500 cases.")
    if answer_by <= on:
        raise CannotSample("Give people a day to come to answer.")
    population = {row.pk: row for row in enrolled_on(program, day=on)}
    if not population:
        raise CannotSample(f"Nobody is enrolled in {program.name} on that day.")
    try:
        with transaction.atomic():
            sample = Sample.objects.create(
                program=program, name=name, on=on, seed=seed, population=len(population), answer_by=answer_by,
                drawn_at=at, drawn_by=by,
            )  # fmt: skip
    except IntegrityError as refused:
        raise CannotSample(f"A sample {name!r} was drawn already. Give it another name.") from refused
    drawn = draw(population, seed=seed, size=size)
    cases = SampleCase.objects.bulk_create(
        SampleCase(sample=sample, enrollment=population[key], place=place) for place, key in enumerate(drawn, start=1)
    )
    raise_items(
        drafts=[
            Draft(AUDIT.key, case.subject, f"{program.name} {name}: papers by {answer_by:%b %-d}",
                  account=case.enrollment.account_id)
            for case in cases
        ],
        by=by, at=at,
    )  # fmt: skip
    record(
        "programs.sample.drawn", subject=sample.subject, by=by, at=at, program=program.code, title=name, seed=seed,
        population=len(population), size=len(cases),
    )  # fmt: skip
    return sample


@in_transaction
def write_finding(
    *, case: SampleCase, finding: SampleCase.Finding, remark: str, on: date, by: Actor, at: datetime
) -> SampleCase:
    """What came of a case; it is written once."""
    live = SampleCase.objects.select_for_update(of=("self",)).select_related("sample", "enrollment").get(pk=case.pk)
    if live.finding:
        raise CannotSample(f"It was found already: {live.get_finding_display().lower()}.")
    live.finding, live.found_on, live.found_by = finding, on, by
    live.remark = write_remark(remark, at=at) if remark else None
    live.save(update_fields=["finding", "found_on", "found_by", "remark"])
    finish_where(subjects=[live.subject], by=by, at=at, kind=AUDIT.key)
    record(
        "programs.sample.found", subject=live.subject, account=live.enrollment.account_id, by=by, at=at,
        finding=finding.value, sample=live.sample_id, program=live.sample.program_id,
    )  # fmt: skip
    return live
