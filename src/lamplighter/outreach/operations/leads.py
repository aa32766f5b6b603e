"""Leads without duplicates, each with a follow-up on somebody's day, until it is known what came of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Gathering, Organisation
from lamplighter.keyaccounts.operations.relations import finish_step, set_step
from lamplighter.outreach.models import Campaign, Lead, MaterialRequest, Topic
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction

ANSWER_WITHIN = timedelta(days=5)
"""How soon somebody who showed interest hears from us; the follow-up's owner may set another day."""


@in_transaction
def open_lead(
    *, person: Person, topic: str, owner: User, words: str, on: date, by: Actor, at: datetime,
    account: Account | None = None, organisation: Organisation | None = None, gathering: Gathering | None = None,
    campaign: Campaign | None = None,
) -> Lead:  # fmt: skip
    """Somebody may want something: a lead with its follow-up. Where one of that topic is open it stays the only one,
    and what was said now is told on it."""
    if topic not in Topic.values:
        raise CannotReach("Say what they may want.")
    Person.objects.select_for_update().get(pk=person.pk)
    known = Lead.objects.filter(person=person, topic=topic, closed_at__isnull=True).first()
    if known is not None:
        record("outreach.lead.heard_again", subject=known.subject, by=by, at=at, remark=words.strip(),
               account=known.account_id)  # fmt: skip
        return known
    label = Topic(topic).label.lower()
    step = set_step(words=f"Answer {person.name}: {label}", due_on=on + ANSWER_WITHIN, owner=owner, person=person,
                    account=account, organisation=organisation, by=by, at=at)  # fmt: skip
    made = Lead.objects.create(
        person=person, account=account, organisation=organisation, topic=topic, owner=owner, gathering=gathering,
        campaign=campaign, words=write_remark(words.strip(), at=at) if words.strip() else None, step=step,
        opened_at=at, opened_by=by,
    )  # fmt: skip
    record("outreach.lead.opened", subject=made.subject, account=made.account_id, by=by, at=at, topic=topic)
    return made


@in_transaction
def close_lead(*, lead: Lead, outcome: str, words: str, by: Actor, at: datetime) -> Lead:
    """What came of it. Later, perhaps, is an outcome too: a new lead is opened when they come back."""
    held = Lead.objects.select_for_update(of=("self",)).select_related("step").get(pk=lead.pk)
    if held.closed_at is not None:
        raise CannotReach(f"What came of it is known since {held.closed_at:%b %-d, %Y}.")
    if not words.strip():
        raise CannotReach("Say in a line what came of it.")
    held.outcome, held.closed_at, held.closed_by = outcome, at, by
    held.closing = write_remark(words.strip(), at=at)
    held.save(update_fields=["outcome", "closed_at", "closed_by", "closing"])
    record("outreach.lead.closed", subject=held.subject, account=held.account_id, by=by, at=at, outcome=outcome)
    finish_step(step=held.step, by=by, at=at)
    return held


@in_transaction
def ask_material(
    *, title: str, copies: int, language: str, needed_on: date, on: date, by: Actor, at: datetime,
    gathering: Gathering | None = None, organisation: Organisation | None = None, lead: Lead | None = None,
) -> MaterialRequest:  # fmt: skip
    """Somebody needs material by a day, for an event, an organisation or a lead."""
    if not title.strip() or copies < 1:
        raise CannotReach("Say which material, and how many copies.")
    if needed_on < on:
        raise CannotReach("That day is over: by when is it needed?")
    made = MaterialRequest.objects.create(
        title=title.strip(), copies=copies, language=language, gathering=gathering, organisation=organisation,
        lead=lead, needed_on=needed_on, asked_at=at, asked_by=by,
    )  # fmt: skip
    record("outreach.material.asked", subject=f"material:{made.pk}", by=by, at=at, copies=copies,
           needed_on=needed_on.isoformat())  # fmt: skip
    return made


@in_transaction
def answer_material(*, asked: MaterialRequest, answer: str, how: str, by: Actor, at: datetime) -> MaterialRequest:
    """It went out, by which way; or it can't be had, and why."""
    held = MaterialRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if held.answered_at is not None:
        raise CannotReach(f"It was answered on {held.answered_at:%b %-d}: {held.get_answer_display().lower()}.")
    if not how.strip():
        raise CannotReach("Say by which way it went, or why it can't be had.")
    held.answer, held.how, held.answered_at, held.answered_by = answer, how.strip()[:120], at, by
    held.save(update_fields=["answer", "how", "answered_at", "answered_by"])
    record("outreach.material.answered", subject=f"material:{held.pk}", by=by, at=at, answer=answer)
    return held
