"""How people come into the books of the desk, and change."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.customers import rules
from lamplighter.customers.models import ContactPoint, Identity, MailingAddress, OtherName, Person
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform import secrets
from lamplighter.platform.models import User
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def add_human(
    *,
    given: str,
    family: str,
    by: Actor,
    at: datetime,
    language: str = Person.Language.ENGLISH,
    interpreter: bool = False,
) -> Person:
    return _add(
        Person(
            kind=Person.Kind.HUMAN, name=f"{given} {family}".strip(), sort_name=rules.sort_name(given, family),
            language=language, interpreter=interpreter,
        ),
        by, at,
    )  # fmt: skip


@in_transaction
def add_organisation(*, name: str, by: Actor, at: datetime, trade_name: str = "") -> Person:
    person = _add(Person(kind=Person.Kind.ORGANISATION, name=name, sort_name=name), by, at)
    if trade_name:
        OtherName.objects.create(person=person, kind=OtherName.Kind.TRADE, name=trade_name)
    return person


def _add(person: Person, by: Actor, at: datetime) -> Person:
    if not person.name.strip():
        raise rules.CannotRecord("Enter a name.")
    person.number = next_number("person")
    person.save(force_insert=True)
    record("customers.person.added", subject=f"person:{person.number}", by=by, at=at)
    return person


@in_transaction
def add_contact_point(
    *, person: Person, kind: str, value: str, on: date, by: Actor, at: datetime, primary: bool = True
) -> ContactPoint:
    """Give a person a number or address; a new primary one ends the primary of the same kind before it."""
    clear = rules.checked_email(value) if kind == ContactPoint.Kind.EMAIL else rules.e164(value)
    if primary:
        for old in person.contact_points.filter(kind=kind, primary=True, period__endswith__isnull=True):
            _end(old, on)
    point = ContactPoint.objects.create(person=person, kind=kind, value=clear, primary=primary, period=Period(on))
    record("customers.contact.added", subject=f"person:{person.number}", by=by, at=at, kind=kind)
    return point


@in_transaction
def set_mailing_address(*, person: Person, lines: str, period: Period, by: Actor, at: datetime) -> MailingAddress:
    """Send letters there during a period. An open address that began before is ended where this one begins."""
    if not lines.strip():
        raise rules.CannotRecord("Enter the mailing address.")
    if period.open:
        for old in person.mailing_addresses.filter(period__endswith__isnull=True, period__startswith__lt=period.start):
            MailingAddress.objects.filter(pk=old.pk).update(period=old.period.ending(period.start))
    address = MailingAddress.objects.create(person=person, lines=lines.strip(), period=period)
    record("customers.mailing_address.set", subject=f"person:{person.number}", by=by, at=at)
    return address


@in_transaction
def set_identity(*, person: Person, kind: str, number: str, by: Actor, at: datetime) -> Identity:
    """Keep an identity number sealed. Only its kind reaches the event."""
    clear = number.replace("-", "").replace(" ", "").upper()
    if len(clear) < 4:
        raise rules.CannotRecord("That identity number is too short.")
    identity, _ = Identity.objects.update_or_create(
        person=person, kind=kind,
        defaults={"sealed": secrets.encrypt(clear), "digest": secrets.digest(clear), "last_four": clear[-4:]},
    )  # fmt: skip
    record("customers.identity.set", subject=f"person:{person.number}", by=by, at=at, kind=kind)
    return identity


@in_transaction
def give_login(*, person: Person, user: User, by: Actor, at: datetime) -> None:
    """Tie a login to the person that it belongs to; staff never work on accounts of their own person."""
    Person.objects.filter(pk=person.pk).update(login=user)
    record("customers.login.given", subject=f"person:{person.number}", by=by, at=at, user=user.username)


def _end(point: ContactPoint, on: date) -> None:
    ContactPoint.objects.filter(pk=point.pk).update(period=point.period.ending(max(on, point.period.start)))
