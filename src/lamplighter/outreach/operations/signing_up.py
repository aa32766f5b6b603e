"""Places at events: a sheet of names becomes contacts without duplicates, then who came, and what they may want."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.customers.models import ContactPoint, Person
from lamplighter.customers.operations import add_contact_point, add_human
from lamplighter.customers.queries import reached_by
from lamplighter.customers.rules import CannotRecord, checked_email, e164
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Gathering, Organisation
from lamplighter.outreach.models import SignUp, TakenList, Topic
from lamplighter.outreach.operations.leads import open_lead
from lamplighter.outreach.operations.lists import Unused, keep_list
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody on a sheet: a name, an email or a telephone (one of them is needed), whom they stand for, and the topic
    that they ask about."""

    name: str
    email: str = ""
    phone: str = ""
    of: str = ""
    topic: str = ""


@in_transaction
def sign_up(*, gathering: Gathering, guest: Guest, on: date, by: Actor, at: datetime) -> tuple[SignUp, bool]:
    """A place for them, and whether it is new; somebody who is known by the email or number is not added again.

    Raises CannotReach or CannotRecord.
    """
    advisory_lock(f"outreach.sign-up:{gathering.pk}")
    person = contact_of(guest, on=on, by=by, at=at)
    known = SignUp.objects.filter(gathering=gathering, person=person).first()
    of = _organisation(guest.of)
    place = known or SignUp.objects.create(
        gathering=gathering, person=person, organisation=of, of="" if of else guest.of.strip()[:80], signed_at=at,
        signed_by=by,
    )  # fmt: skip
    if known is None:
        record("outreach.place.taken", subject=f"gathering:{gathering.slug}", by=by, at=at, place=place.pk)
    if guest.topic:
        open_lead(person=person, topic=guest.topic, owner=gathering.user, account=_account(person, on),
                  organisation=of, gathering=gathering, words=f"Asked at {gathering}.", on=on, by=by,
                  at=at)  # fmt: skip
    return place, known is None


@in_transaction
def take_sheet(*, gathering: Gathering, text: str, on: date, by: Actor, at: datetime) -> TakenList:
    """A sheet, a line each: name, email, telephone, organisation, topic, by commas. Good lines are signed up, the
    others kept with their reason."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise CannotReach("The sheet is empty: a line for each guest, such as Ana Diaz, ana@example.net.")
    if len(lines) > MOST_LINES:
        raise CannotReach(f"{len(lines):,} lines are too many for one sheet; send {MOST_LINES} at most.")
    before = Person.objects.count()
    signed, again, unused = 0, 0, []
    for number, line in lines:
        try:
            _, new = sign_up(gathering=gathering, guest=guest_of(line), on=on, by=by, at=at)
        except (CannotReach, CannotRecord) as why:
            unused.append(Unused(number, line, str(why)))
            continue
        signed, again = (signed + 1, again) if new else (signed, again + 1)
    return keep_list(noted=signed, known=again, unused=unused, gathering=gathering,
                     new_people=Person.objects.count() - before, by=by, at=at)  # fmt: skip


@in_transaction
def note_attendance(*, places: Iterable[SignUp], by: Actor, at: datetime) -> int:
    """They came. Said again it changes nothing."""
    came = SignUp.objects.select_for_update(of=("self",)).filter(
        pk__in=[one.pk for one in places], attended_at__isnull=True
    )
    found = list(came.select_related("gathering"))
    SignUp.objects.filter(pk__in=[one.pk for one in found]).update(attended_at=at, attended_by=str(by))
    for one in found:
        record("outreach.place.attended", subject=f"gathering:{one.gathering.slug}", by=by, at=at, place=one.pk)
    return len(found)


def guest_of(line: str) -> Guest:
    """A guest from a line of a sheet. Raises CannotReach with what is wrong."""
    parts = [part.strip() for part in line.split(",")]
    if len(parts) > 5:
        raise CannotReach("More than five parts: name, email, telephone, organisation, topic.")
    guest = Guest(*parts)
    if guest.topic:
        topics = {str(label).lower(): key for key, label in Topic.choices} | {key: key for key in Topic.values}
        if (topic := topics.get(guest.topic.lower())) is None:
            raise CannotReach(f"“{guest.topic}” is no topic; give {', '.join(Topic.values)}.")
        guest = Guest(guest.name, guest.email, guest.phone, guest.of, topic)
    return guest


def contact_of(guest: Guest, *, on: date, by: Actor, at: datetime) -> Person:
    """The person at this email, else the one of this name at this number; else somebody new."""
    if not re.search(r"\w", guest.name):
        raise CannotReach("A guest has a name.")
    if not guest.email and not guest.phone:
        raise CannotReach(f"Give an email or a telephone of {guest.name}: else nobody can answer them.")
    email = checked_email(guest.email) if guest.email else ""
    phone = e164(guest.phone) if guest.phone else ""
    humans = [one for one in reached_by(email, on=on) if one.kind == Person.Kind.HUMAN] if email else []
    same = [one for one in reached_by(phone, on=on) if _same_name(one, guest.name)] if phone else []
    named = [one for one in humans if _same_name(one, guest.name)]
    if known := next(iter([*named, *humans, *same]), None):
        return known
    given, _, family = guest.name.strip().rpartition(" ")
    made = add_human(given=given, family=family, by=by, at=at)
    for kind, value in ((ContactPoint.Kind.EMAIL, email), (ContactPoint.Kind.MOBILE, phone)):
        if value:
            add_contact_point(person=made, kind=kind, value=value, on=on, by=by, at=at)
    return made


def _same_name(person: Person, name: str) -> bool:
    return person.name.casefold() == " ".join(name.split()).casefold()


def _organisation(name: str) -> Organisation | None:
    return Organisation.objects.filter(person__name__iexact=name.strip()).first() if name.strip() else None


def _account(person: Person, on: date) -> Account | None:
    """The account whose customer they are."""
    role = AccountRole.objects.filter(person=person, role=AccountRole.Role.MAIN, period__contains=on).first()
    return role.account if role else None
