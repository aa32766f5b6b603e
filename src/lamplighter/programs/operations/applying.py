"""Receive applications and papers, and write down how they were decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Agreement
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.models import StoredFile
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import Happening, record, record_many, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.programs.kinds import PAPERS
from lamplighter.programs.models import Application, Household, Offer, Paper, Program
from lamplighter.programs.models.applications import Channel
from lamplighter.programs.rules.qualifying import CannotApply, Decision, PaperKind, Said, Verdict
from lamplighter.worklist.operations import Draft, finish_where, raise_items

State = Application.State
DECIDED = {Verdict.APPROVED: State.APPROVED, Verdict.MISSING: State.MISSING, Verdict.DENIED: State.DENIED}


@dataclass(frozen=True, slots=True)
class ApplicationIn:
    """An application before it is written: who asks, by what, how they agreed."""

    program: Program
    agreement: Agreement
    said: Said
    channel: Channel
    consent: Application.Consent
    papers: tuple[tuple[PaperKind, StoredFile], ...] = ()


@in_transaction
def receive(
    *, asked: ApplicationIn, decision: Decision, papers_days: int, on: date, by: Actor, at: datetime
) -> Application:
    """Write an application with the decision that its terms gave. One waits for papers at a time."""
    advisory_lock(f"agreement:{asked.agreement.pk}")
    if Application.objects.filter(program=asked.program, agreement=asked.agreement, state=State.MISSING).exists():
        raise CannotApply("An application waits for papers already. Add them to it.")
    state = DECIDED[decision.verdict]
    waits = state == State.MISSING
    made = Application.objects.create(
        number=next_number("application"), program=asked.program, account=asked.agreement.account,
        agreement=asked.agreement, received_on=on, channel=asked.channel, basis=asked.said.basis,
        consent=asked.consent, received_at=at, received_by=by,
        papers_by=on + timedelta(days=papers_days) if waits else None, state=state,
        decided_on=None if waits else on, decided_by=None if waits else by,
        reasons=write_remark("\n".join(decision.says), at=at),
    )  # fmt: skip
    Household.objects.create(
        application=made, size=asked.said.household, income=asked.said.income, category=asked.said.category,
        fixed=asked.said.fixed,
    )  # fmt: skip
    for kind, file in asked.papers:
        _keep(made, kind, file, by, at)
    _offer(asked, on, by, at)
    record(
        "programs.application.received", subject=made.subject, account=made.account_id, by=by, at=at,
        program=made.program_id, channel=made.channel, basis=made.basis, outcome=state.value,
        number=made.number,
    )  # fmt: skip
    if waits:
        _wait(made, by, at)
    return made


@in_transaction
def add_papers(
    *, application: Application, papers: tuple[tuple[PaperKind, StoredFile], ...], by: Actor, at: datetime
) -> Application:
    """Something more was shown. The same file twice changes nothing."""
    live = _waiting(application)
    for kind, file in papers:
        _keep(live, kind, file, by, at)
    record(
        "programs.papers.received", subject=live.subject, account=live.account_id, by=by, at=at,
        number=live.number, program=live.program_id, count=len(papers),
    )  # fmt: skip
    return live


@in_transaction
def decide_application(
    *, application: Application, decision: Decision, on: date, by: Actor, at: datetime, exception: str = ""
) -> Application:
    """The papers came, or a person decides against the terms (`exception` says why)."""
    live = _waiting(application) if not exception else _locked(application)
    if live.state == State.APPROVED:
        raise CannotApply("This application is approved. End the enrollment instead.")
    state = DECIDED[decision.verdict]
    if state == State.MISSING:
        raise CannotApply(decision.says[-1])
    says = [*decision.says, *([f"Decided otherwise: {exception}"] if exception else [])]
    live.state, live.decided_on, live.decided_by, live.exception = state, on, by, bool(exception)
    live.reasons = write_remark("\n".join(says), at=at)
    live.save(update_fields=["state", "decided_on", "decided_by", "exception", "reasons"])
    _told(live, state.value, by, at, exception=bool(exception))
    return live


@in_transaction
def end_application(*, application: Application, state: Application.State, on: date, by: Actor, at: datetime) -> None:
    """It lapses, or is withdrawn."""
    assert state in {State.LAPSED, State.WITHDRAWN}, state
    live = _waiting(application)
    live.state, live.decided_on, live.decided_by = state, on, by
    live.save(update_fields=["state", "decided_on", "decided_by"])
    _told(live, state.value, by, at, exception=False)


@in_transaction
def record_offer(
    *,
    program: Program,
    agreement: Agreement,
    channel: Channel,
    answer: Offer.Answer,
    saving: Money | None,
    on: date,
    by: Actor,
    at: datetime,
) -> Offer:
    """A customer was told of a program, what it would have saved them, and what they said."""
    made = Offer.objects.create(
        program=program, account=agreement.account, channel=channel, answer=answer, saving=saving, on=on, at=at, by=by
    )
    record(
        "programs.offer.made", subject=program.subject, account=agreement.account_id, by=by, at=at,
        program=program.code, channel=channel.value, answer=answer.value, cents=saving.cents if saving else None,
    )  # fmt: skip
    return made


@in_transaction
def erase_households(*, applications: Collection[int], by: Actor, at: datetime) -> int:
    """Take away what households said of themselves; how many. That it was decided, and how, stays."""
    found = Household.objects.select_for_update(of=("self",)).filter(pk__in=applications, erased_at__isnull=True)
    erased = [one.application for one in found.select_related("application").order_by("pk")]
    Household.objects.filter(pk__in=[one.pk for one in erased]).update(
        size=None, income=None, category="", fixed=None, erased_at=at
    )
    record_many(
        (Happening("programs.household.erased", one.subject, one.account_id, {}) for one in erased), by=by, at=at
    )
    return len(erased)


def _offer(asked: ApplicationIn, on: date, by: Actor, at: datetime) -> None:
    """Who applies was told of the program; the last time today, if somebody wrote that down."""
    told = Offer.objects.filter(program=asked.program, account=asked.agreement.account, on=on)
    if not told.filter(answer=Offer.Answer.APPLIED).exists():
        Offer.objects.create(
            program=asked.program, account=asked.agreement.account, channel=asked.channel,
            answer=Offer.Answer.APPLIED, on=on, at=at, by=by,
        )  # fmt: skip


def _keep(application: Application, kind: PaperKind, file: StoredFile, by: Actor, at: datetime) -> None:
    Paper.objects.get_or_create(
        application=application, file=file, defaults={"kind": kind, "received_at": at, "received_by": by}
    )


def _wait(application: Application, by: Actor, at: datetime) -> None:
    assert application.papers_by
    words = f"{application.program.name}: papers by {application.papers_by:%b %-d}"
    raise_items(drafts=[Draft(PAPERS.key, application.subject, words, account=application.account_id)], by=by, at=at)


def _told(application: Application, outcome: str, by: Actor, at: datetime, *, exception: bool) -> None:
    finish_where(subjects=[application.subject], by=by, at=at, kind=PAPERS.key)
    record(
        "programs.application.decided", subject=application.subject, account=application.account_id, by=by, at=at,
        program=application.program_id, outcome=outcome, exception=exception, number=application.number,
    )  # fmt: skip


def _locked(application: Application) -> Application:
    found = Application.objects.select_for_update(of=("self",)).select_related("program", "account", "agreement")
    return found.get(pk=application.pk)


def _waiting(application: Application) -> Application:
    live = _locked(application)
    if live.state != State.MISSING:
        raise CannotApply(f"This application is {live.get_state_display().lower()} already.")
    return live
