"""How people come into the books of the desk, and change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime, time

from lamplighter.customers import rules
from lamplighter.customers.consent import ASKED, Purpose, Said
from lamplighter.customers.models import (
    AddressProtection,
    Consent,
    ContactPoint,
    Identity,
    MailingAddress,
    OtherName,
    Person,
)
from lamplighter.customers.queries import Contacts, contacts_of
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform import secrets
from lamplighter.platform.models import User
from lamplighter.platform.numbering import next_number, next_numbers
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import in_transaction

NAMES = ("given", "family")
ENVELOPE_LINES = 2
WITHHELD = "(address withheld)"


class ContactsMoved(Exception):
    """Somebody else changed the same fields since they were shown; `now` is what stands."""

    def __init__(self, now: Contacts, names: tuple[str, ...]) -> None:
        super().__init__(f"Changed meanwhile: {', '.join(names)}.")
        self.now, self.names = now, names


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
    clear = _clear(kind, value)
    Person.objects.select_for_update().get(pk=person.pk)
    if primary:
        for old in person.contact_points.filter(kind=kind, primary=True, period__endswith__isnull=True):
            _end(old, on)
    point = ContactPoint.objects.create(person=person, kind=kind, value=clear, primary=primary, period=Period(on))
    record("customers.contact.added", subject=f"person:{person.number}", by=by, at=at, kind=kind)
    return point


@in_transaction
def set_mailing_address(*, person: Person, lines: str, period: Period, by: Actor, at: datetime) -> MailingAddress:
    """Send letters there during a period. An open address that began by then is ended where this one begins."""
    if not lines.strip():
        raise rules.CannotRecord("Enter the mailing address.")
    Person.objects.select_for_update().get(pk=person.pk)
    _refuse_elsewhere(person)
    if period.open:
        for old in person.mailing_addresses.filter(period__endswith__isnull=True, period__startswith__lte=period.start):
            _end(old, period.start)
    address = MailingAddress.objects.create(person=person, lines=lines.strip(), period=period)
    record("customers.mailing_address.set", subject=f"person:{person.number}", by=by, at=at)
    return address


@in_transaction
def change_contacts(
    *, person: Person, seen: Contacts, wanted: Contacts, on: date, by: Actor, at: datetime, account: int | None = None
) -> tuple[str, ...]:
    """Change the fields in which `wanted` differs from what was `seen`; the others stay as they are now.

    A number or address ends on the day on which the new one begins (an empty one: ends), and a planned one gives way; a
    name changes at once, and the former one is still found. Gives the names of the changed fields. Raises CannotRecord,
    and ContactsMoved where somebody else gave one of these fields another value since. `account` is on whose timeline
    it is told.
    """
    held = Person.objects.select_for_update().get(pk=person.pk)
    now, wanted = contacts_of(held, on=on), _tidy(wanted)
    asked = [one.name for one in fields(Contacts) if getattr(wanted, one.name) != getattr(seen, one.name)]
    changed = tuple(name for name in asked if getattr(wanted, name) != getattr(now, name))
    if moved := tuple(name for name in changed if getattr(now, name) != getattr(seen, name)):
        raise ContactsMoved(now, moved)
    if not changed:
        return ()
    final = replace(now, **{name: getattr(wanted, name) for name in changed})
    if not set(NAMES).isdisjoint(changed):
        _rename(held, final)
    for kind in ContactPoint.Kind:
        if kind.value in changed:
            _reach_anew(held, kind, getattr(final, kind.value), on)
    if "mailing" in changed:
        _refuse_elsewhere(held)
        _post_anew(held, final.mailing, on)
    record(
        "customers.contacts.changed", subject=f"person:{held.number}", account=account, by=by, at=at,
        fields=list(changed), start=on.isoformat(),
    )  # fmt: skip
    return changed


def _refuse_elsewhere(person: Person) -> None:
    if AddressProtection.objects.filter(person=person, ended_on=None).exists():
        raise rules.CannotRecord("The address is protected: letters go to the substitute address until that is ended.")


def _tidy(typed: Contacts) -> Contacts:
    """As it would be shown again once it is kept."""
    clean = Contacts(*(" ".join(text.split()) for text in astuple(typed)))
    return replace(
        clean,
        mobile=clean.mobile and rules.shown(rules.e164(clean.mobile)),
        phone=clean.phone and rules.shown(rules.e164(clean.phone)),
        email=clean.email and rules.checked_email(clean.email),
        mailing="\n".join(line.strip() for line in typed.mailing.strip().splitlines()),
    )


def _rename(person: Person, to: Contacts) -> None:
    name = f"{to.given} {to.family}".strip()
    if not name:
        raise rules.CannotRecord("Enter a name.")
    OtherName.objects.create(person=person, kind=OtherName.Kind.FORMER, name=person.name)
    person.name, person.sort_name = name, rules.sort_name(to.given, to.family)
    person.save(update_fields=["name", "sort_name"])


def _reach_anew(person: Person, kind: str, value: str, on: date) -> None:
    for old in person.contact_points.filter(kind=kind, primary=True, period__overlap=Period(on)):
        _end(old, on)
    if value:
        ContactPoint.objects.create(
            person=person, kind=kind, value=_clear(kind, value), primary=True, period=Period(on)
        )  # fmt: skip


def _post_anew(person: Person, lines: str, on: date) -> None:
    for old in person.mailing_addresses.filter(period__contains=on):
        _end(old, on)
    if lines:
        MailingAddress.objects.create(person=person, lines=lines, period=Period(on))


@in_transaction
def protect_address(
    *, person: Person, program: str, evidence: str, substitute: str, until: date | None, on: date, by: Actor,
    at: datetime, account: int | None = None,
) -> AddressProtection:  # fmt: skip
    """From now on every paper to the person goes to the `substitute` address, and where letters went before is told
    no more. Raises CannotRecord."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    lines = "\n".join(line.strip() for line in substitute.strip().splitlines())
    if len(lines.splitlines()) < ENVELOPE_LINES:
        raise rules.CannotRecord("A substitute address has at least two lines: the street or box, then city and ZIP.")
    if not evidence.strip():
        raise rules.CannotRecord("Say what was shown: the participant card's number, or the order's.")
    if until is not None and until <= on:
        raise rules.CannotRecord("What was shown has run out. Ask for one that is in force.")
    if AddressProtection.objects.filter(person=held, ended_on=None).exists():
        raise rules.CannotRecord(f"The address of {held.name} is protected already.")
    held.mailing_addresses.filter(period__startswith__gt=on).delete()
    _post_anew(held, lines, on)
    held.mailing_addresses.exclude(lines=lines).update(lines=WITHHELD)
    made = AddressProtection.objects.create(
        person=held, program=program, evidence=evidence.strip(), substitute=lines, until=until, begun_at=at,
        begun_by=by,
    )  # fmt: skip
    record("customers.address.protected", subject=made.subject, account=account, by=by, at=at, program=program,
           until=until.isoformat() if until else "")  # fmt: skip
    return made


@in_transaction
def end_protection(
    *, protection: AddressProtection, evidence: str, on: date, by: Actor, at: datetime, account: int | None = None
) -> None:
    """Papers go to the home again. Raises CannotRecord."""
    held = AddressProtection.objects.select_for_update().get(pk=protection.pk)
    if held.ended_on is not None:
        raise rules.CannotRecord("It was ended already.")
    if not evidence.strip():
        raise rules.CannotRecord("Say what was shown, or who wrote and when.")
    held.ended_on, held.end_evidence, held.ended_by = on, evidence.strip(), by
    held.save(update_fields=["ended_on", "end_evidence", "ended_by"])
    _post_anew(held.person, "", on)
    record("customers.address.opened", subject=held.subject, account=account, by=by, at=at)


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
def set_language(
    *, person: Person, language: str, interpreter: bool, by: Actor, at: datetime, account: int | None = None
) -> None:
    """In which language somebody is written to, and whether they want an interpreter on calls."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    held.language, held.interpreter = language, interpreter
    held.save(update_fields=["language", "interpreter"])
    record("customers.language.set", subject=f"person:{held.number}", account=account, by=by, at=at, language=language,
           interpreter=interpreter)  # fmt: skip


@in_transaction
def record_death(*, person: Person, on: date, today: date, by: Actor, at: datetime, account: int | None = None) -> None:
    """Somebody died: from now on they are written to as their estate, and the former name is still found."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    if on > today:
        raise rules.CannotRecord("That day is still to come.")
    if held.deceased_on is not None:
        raise rules.CannotRecord("This was recorded before.")
    OtherName.objects.create(person=held, kind=OtherName.Kind.FORMER, name=held.name)
    held.deceased_on = on
    held.name = held.sort_name = f"Estate of {held.name}"[:160]
    held.save(update_fields=["deceased_on", "name", "sort_name"])
    record("customers.person.died", subject=f"person:{held.number}", account=account, by=by, at=at, on=on.isoformat())


@in_transaction
def state_consent(
    *,
    number: str,
    given: Mapping[Purpose, bool],
    how: Said,
    by: Actor,
    at: datetime,
    quiet: tuple[time, time] | None = None,
    subject: str = "consent:number",
    account: int | None = None,
) -> None:
    """What was said about a number (E.164), purpose by purpose, with quiet hours if other than the night's.

    `subject` and `account` are on whose timeline it is told; the number itself is not.
    """
    assert set(given) <= set(ASKED), "nobody is asked about emergencies"
    start, end = quiet or (None, None)
    Consent.objects.bulk_create(
        Consent(digest=secrets.digest(number), purpose=purpose, given=yes, quiet_from=start, quiet_until=end, how=how,
                at=at, by=by)
        for purpose, yes in given.items()
    )  # fmt: skip
    record(
        "customers.consent.stated", subject=subject, account=account, by=by, at=at, reason=how.value,
        given=sorted(purpose.value for purpose, yes in given.items() if yes),
        withdrawn=sorted(purpose.value for purpose, yes in given.items() if not yes),
    )  # fmt: skip


@in_transaction
def show_identity(*, identity: Identity, reason: str, remark: str, by: Actor, at: datetime) -> str:
    """A number in clear, for a reason that is recorded with who asked; the number itself reaches no event."""
    if not reason:
        raise rules.CannotRecord("Say why the number is needed.")
    record(
        "customers.identity.shown", subject=f"person:{identity.person.number}", by=by, at=at, reason=reason,
        remark=remark, kind=identity.kind,
    )  # fmt: skip
    return secrets.decrypt(identity.sealed)


@in_transaction
def give_login(*, person: Person, user: User, by: Actor, at: datetime) -> None:
    """Tie a login to the person that it belongs to; staff never work on accounts of their own person."""
    Person.objects.filter(pk=person.pk).update(login=user)
    record("customers.login.given", subject=f"person:{person.number}", by=by, at=at, user=user.username)


def _end(row: ContactPoint | MailingAddress, on: date) -> None:
    """From `on` it is no more. One that began that day or later goes away: no day of it is left but in the history."""
    if row.period.start < on:
        row.period = row.period.ending(on)
        row.save(update_fields=["period"])
    else:
        row.delete()


@dataclass(frozen=True, slots=True)
class PersonIn:
    """Somebody before they are in the books: a human with a `given` name, else the organisation `family`.

    `contacts` are pairs of a ContactPoint kind and a number or address, primary each; `mailing` the lines of an
    envelope, where letters go elsewhere than to the premise.
    """

    family: str
    given: str = ""
    trade_name: str = ""
    language: str = Person.Language.ENGLISH
    interpreter: bool = False
    contacts: tuple[tuple[str, str], ...] = ()
    mailing: str = ""


@in_transaction
def add_people(*, people: Sequence[PersonIn], on: date, by: Actor, at: datetime) -> list[Person]:
    """The batch form of adding humans and organisations with how they are reached from `on`: all or none."""
    numbers = next_numbers("person", len(people))
    added = Person.objects.bulk_create(_person(one, number) for one, number in zip(people, numbers, strict=True))
    pairs = list(zip(added, people, strict=True))
    OtherName.objects.bulk_create(
        OtherName(person=person, kind=OtherName.Kind.TRADE, name=one.trade_name)
        for person, one in pairs if one.trade_name
    )  # fmt: skip
    ContactPoint.objects.bulk_create(
        ContactPoint(person=person, kind=kind, value=_clear(kind, value), primary=True, period=Period(on))
        for person, one in pairs for kind, value in one.contacts
    )  # fmt: skip
    MailingAddress.objects.bulk_create(
        MailingAddress(person=person, lines=one.mailing.strip(), period=Period(on))
        for person, one in pairs if one.mailing.strip()
    )  # fmt: skip
    record_many((event for person, one in pairs for event in _arrivals(person, one)), by=by, at=at)
    return added


def _person(one: PersonIn, number: str) -> Person:
    name = f"{one.given} {one.family}".strip()
    if not name:
        raise rules.CannotRecord("Enter a name.")
    return Person(
        number=number, kind=Person.Kind.HUMAN if one.given else Person.Kind.ORGANISATION, name=name,
        sort_name=rules.sort_name(one.given, one.family), language=one.language, interpreter=one.interpreter,
    )  # fmt: skip


def _arrivals(person: Person, one: PersonIn) -> list[Happening]:
    subject = f"person:{person.number}"
    told = [Happening("customers.person.added", subject, None, {})]
    told += [Happening("customers.contact.added", subject, None, {"kind": kind}) for kind, _ in one.contacts]
    if one.mailing.strip():
        told.append(Happening("customers.mailing_address.set", subject, None, {}))
    return told


def _clear(kind: str, value: str) -> str:
    return rules.checked_email(value) if kind == ContactPoint.Kind.EMAIL else rules.e164(value)
