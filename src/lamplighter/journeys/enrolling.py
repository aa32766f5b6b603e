"""Apply for a program, bring papers, leave: the decision, the discount on the right bills, and the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from lamplighter.billing.operations.correcting import ask_rebill
from lamplighter.journeys import dunning
from lamplighter.journeys.dunning import Letter
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.notices.rules.fields import Value
from lamplighter.platform.models import StoredFile
from lamplighter.platform.transactions import in_transaction
from lamplighter.programs.kinds import UNTOLD
from lamplighter.programs.models import Application, Enrollment, IncomePlan, Program
from lamplighter.programs.operations import applying, enrolling
from lamplighter.programs.operations.applying import ApplicationIn
from lamplighter.programs.operations.sharing import begin_income_plan
from lamplighter.programs.queries.enrolled import guideline_on, terms_on
from lamplighter.programs.rules.qualifying import (
    Basis,
    CannotApply,
    Decision,
    PaperKind,
    Said,
    Verdict,
    decide,
    months_later,
)

State = Application.State


def draft(program: Program, said: Said, *, on: date) -> Decision:
    """What would be decided, as it would be written. Raises CannotApply where the program is not offered."""
    return decide(said, terms=terms_on(program, on=on), guideline=guideline_on(on=on), on=on)


@in_transaction
def apply_for(*, asked: ApplicationIn, on: date, by: Actor, at: datetime) -> Application:
    """Write the application with what the terms of the day decide, enroll who qualifies, and tell them."""
    terms, decision = terms_on(asked.program, on=on), draft(asked.program, _shown(asked), on=on)
    made = applying.receive(asked=asked, decision=decision, papers_days=terms.papers_days, on=on, by=by, at=at)
    _carry_out(made, decision, on=on, by=by, at=at)
    return made


@in_transaction
def bring_papers(
    *, application: Application, papers: tuple[tuple[PaperKind, StoredFile], ...], on: date, by: Actor, at: datetime
) -> Application:
    """Something was shown. When nothing is missing any more it is decided as of the day on which it was received."""
    live = applying.add_papers(application=application, papers=papers, by=by, at=at)
    decision = _again(live)
    if decision.verdict is Verdict.MISSING:
        return live
    decided = applying.decide_application(application=live, decision=decision, on=on, by=by, at=at)
    _carry_out(decided, decision, on=on, by=by, at=at)
    return decided


@in_transaction
def decide_otherwise(
    *, application: Application, approve: bool, why: str, on: date, by: Actor, at: datetime
) -> Application:
    """A person decides against the terms, or without the papers; the reason is kept and shown."""
    if not why.strip():
        raise CannotApply("Say why: it is kept with the application.")
    terms = terms_on(application.program, on=application.received_on)
    start = application.received_on
    period = Period(start, months_later(start, terms.months)) if approve else None
    decision = Decision(Verdict.APPROVED if approve else Verdict.DENIED, (), period=period)
    decided = applying.decide_application(
        application=application, decision=decision, on=on, by=by, at=at, exception=why.strip()
    )
    _carry_out(decided, decision, on=on, by=by, at=at)
    return decided


@in_transaction
def leave(
    *, enrollment: Enrollment, why: Enrollment.Ended, on: date, by: Actor, at: datetime, remark: str = ""
) -> Enrollment:
    """The program ends before its day; `on` is the first day without it."""
    ended = enrolling.end_enrollment(enrollment=enrollment, why=why, on=on, by=by, at=at, remark=remark)
    if not IncomePlan.objects.filter(enrollment=ended).exists():
        _bill_again(ended, Period(on), by=by, at=at)
    if why is not Enrollment.Ended.MOVED:
        write(ended_letter(ended, why.value, on), ended, on=at.date(), by=by, at=at)
    return ended


def ended_letter(enrollment: Enrollment, how: str, on: date) -> Letter:
    values: dict[str, Value] = {"program": enrollment.program.name, "how": how, "on": on}
    return Letter("program-ended", f"program-ended:{enrollment.pk}", enrollment.subject, values)


def write(letter: Letter, row: Application | Enrollment, *, on: date, by: Actor, at: datetime) -> None:
    dunning.write(letter, account=row.account, on=on, by=by, at=at, untold=UNTOLD.key)


def _shown(asked: ApplicationIn) -> Said:
    return replace(asked.said, papers=frozenset(kind for kind, _ in asked.papers))


def _again(application: Application) -> Decision:
    papers = frozenset(PaperKind(kind) for kind in application.papers.values_list("kind", flat=True))
    said = application.household.said(Basis(application.basis), papers)
    return draft(application.program, said, on=application.received_on)


def _carry_out(application: Application, decision: Decision, *, on: date, by: Actor, at: datetime) -> None:
    """Enroll who is approved, from the day on which they asked; write to them whatever was decided."""
    period = decision.period
    if application.state == State.APPROVED and period is not None:
        made = enrolling.enroll(application=application, period=period, by=by, at=at)
        share = terms_on(application.program, on=application.received_on).income_share
        if share is None:
            _bill_again(made, made.period, by=by, at=at)
        else:  # what was billed already is borne with the next bill
            begin_income_plan(enrollment=made, income=application.household.income, share=share, by=by, at=at)
        period = made.period
    write(_letter(application, period), application, on=on, by=by, at=at)


def _bill_again(enrollment: Enrollment, period: Period, *, by: Actor, at: datetime) -> None:
    """Bills of those days that were issued before anybody knew are asked to be made again."""
    ask_rebill(agreement=enrollment.agreement, period=period, reason="discount", cause=enrollment.subject, by=by, at=at)


def _letter(application: Application, period: Period | None) -> Letter:
    """Papers wanted, approved or denied."""
    program = application.program.name
    source = f"{application.number}:{application.state}"
    match application.state:
        case State.MISSING:
            assert application.papers_by
            values: dict[str, Value] = {
                "program": program, "paper": application.basis, "papers_by": application.papers_by,
            }  # fmt: skip
            return Letter("program-papers", f"program-papers:{source}", application.subject, values)
        case State.APPROVED:
            assert period is not None
            values = {"program": program, "start": period.start, "last": period.last_day}
            return Letter("program-approved", f"program-approved:{source}", application.subject, values)
        case _:
            values = {"program": program, "how": "exception" if application.exception else application.basis}
            return Letter("program-denied", f"program-denied:{source}", application.subject, values)
