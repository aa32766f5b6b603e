"""Organisations, who looks after them, who works there, and where the utility is a member."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.text import slugify

from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Assignment, Membership, Organisation, Tie
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction


@in_transaction
def add_organisation(
    *, person: Person, kind: str, by: Actor, at: datetime, segment: str = "", business_code: str = "",
    community: int = 0, slug: str = "",
) -> Organisation:  # fmt: skip
    """Keep a person that is an organisation as one that managers look after."""
    if person.kind != Person.Kind.ORGANISATION:
        raise CannotKeep(f"{person.name} is a person, not an organisation.")
    if Organisation.objects.filter(person=person).exists():
        raise CannotKeep(f"{person.name} is among the organisations already.")
    made = Organisation.objects.create(
        slug=_free(slug or slugify(person.name)[:50]), person=person, kind=kind, segment=segment,
        business_code=business_code, community=community, added_at=at, added_by=by,
    )  # fmt: skip
    record("keyaccounts.organisation.added", subject=made.subject, by=by, at=at, kind=kind)
    return made


@in_transaction
def describe(
    *, organisation: Organisation, segment: str, business_code: str, community: int, by: Actor, at: datetime
) -> None:
    """Its segment, its business code, and how much the town depends on it."""
    Organisation.objects.filter(pk=organisation.pk).update(
        segment=segment, business_code=business_code, community=community
    )
    record("keyaccounts.organisation.described", subject=organisation.subject, by=by, at=at, community=community)


@in_transaction
def assign(*, organisation: Organisation, user: User, part: str, on: date, by: Actor, at: datetime) -> Assignment:
    """From `on` that manager leads or covers it. Who led until then leads no more; the history of both stays."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    running = list(Assignment.objects.filter(organisation=organisation, period__contains=on))
    same = next((one for one in running if one.user_id == user.pk and one.part == part), None)
    if same is not None:
        return same
    for one in running:
        if one.user_id == user.pk or (part == Assignment.Part.LEAD and one.part == part):
            _end(one, on)
    made = Assignment.objects.create(organisation=organisation, user=user, part=part, period=Period(on), assigned_by=by)
    record("keyaccounts.organisation.assigned", subject=organisation.subject, by=by, at=at, part=part,
           user=user.username, start=on.isoformat())  # fmt: skip
    return made


@in_transaction
def tie(
    *, organisation: Organisation, person: Person, part: str, on: date, by: Actor, at: datetime, title: str = ""
) -> Tie:
    """From `on` that person has this part there."""
    if person.kind != Person.Kind.HUMAN:
        raise CannotKeep("Only people have a part in an organisation.")
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = Tie.objects.filter(organisation=organisation, person=person, part=part, period__contains=on).first()
    if same is not None:
        return same
    made = Tie.objects.create(organisation=organisation, person=person, part=part, title=title, period=Period(on))
    record("keyaccounts.tie.made", subject=organisation.subject, by=by, at=at, part=part, person=person.number)
    return made


@in_transaction
def end_tie(*, tie: Tie, on: date, by: Actor, at: datetime) -> None:
    held = Tie.objects.select_for_update().get(pk=tie.pk)
    _end(held, on)
    record("keyaccounts.tie.ended", subject=tie.organisation.subject, by=by, at=at, part=tie.part)


@in_transaction
def join(
    *, organisation: Organisation, user: User, renew_on: date, on: date, by: Actor, at: datetime, purpose: str = ""
) -> Membership:
    """The utility is a member there; `user` stands for it, and it is to be renewed by a day."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    for running in Membership.objects.filter(organisation=organisation, period__contains=on):
        if running.period.start == on:
            raise CannotKeep(f"The utility has been a member of {organisation} since today already.")
        _end(running, on)
    made = Membership.objects.create(
        organisation=organisation, user=user, renew_on=renew_on, period=Period(on),
        purpose=write_remark(purpose, at=at) if purpose else None,
    )  # fmt: skip
    record("keyaccounts.membership.kept", subject=organisation.subject, by=by, at=at, renew_on=renew_on.isoformat())
    return made


def _end(row: Assignment | Tie | Membership, on: date) -> None:
    """From `on` it is no more; one that began that day or later goes away, and its history keeps it."""
    if row.period.start < on:
        row.period = row.period.ending(on)
        row.save(update_fields=["period"])
    else:
        row.delete()


def _free(slug: str) -> str:
    taken = set(Organisation.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(one for one in (slug, *(f"{slug}-{n}" for n in range(2, 1000))) if one not in taken)
