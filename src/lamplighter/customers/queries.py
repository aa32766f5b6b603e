"""Questions about people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lamplighter.customers import rules
from lamplighter.customers.consent import ASKED, NIGHT, Purpose, Wish, unsaid
from lamplighter.customers.models import Consent, ContactPoint, MailingAddress, Person
from lamplighter.platform import secrets


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person is reached on a day; empty strings where they gave nothing."""

    phone: str = ""
    email: str = ""
    mailing: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """How a person is called and reached on a day, field by field as a form shows them; "" where there is nothing.

    An organisation has its name in `family`.
    """

    given: str = ""
    family: str = ""
    mobile: str = ""
    phone: str = ""
    email: str = ""
    mailing: str = ""


def contacts_of(person: Person, *, on: date) -> Contacts:
    """Primary contact points and the mailing address; two queries."""
    points = ContactPoint.objects.filter(person=person, primary=True, period__contains=on)
    values = {point.kind: point.value for point in points.order_by("period")}
    address = MailingAddress.objects.filter(person=person, period__contains=on).order_by("period").last()
    given, family = rules.names_in(person.sort_name) if person.kind == Person.Kind.HUMAN else ("", person.name)
    return Contacts(
        given=given, family=family, mobile=rules.shown(values.get(ContactPoint.Kind.MOBILE, "")),
        phone=rules.shown(values.get(ContactPoint.Kind.PHONE, "")), email=values.get(ContactPoint.Kind.EMAIL, ""),
        mailing=address.lines if address else "",
    )  # fmt: skip


def reach(person: Person, *, on: date) -> Reach:
    return reach_many([person.pk], on=on)[person.pk]


def reach_many(people: Collection[int], *, on: date) -> dict[int, Reach]:
    """Primary telephone, email and mailing address of each person; two queries."""
    found: dict[int, dict[str, str]] = {pk: {} for pk in people}
    points = ContactPoint.objects.filter(person__in=people, primary=True, period__contains=on)
    for point in points.order_by("-kind"):  # telephone before mobile, so that the mobile wins
        if point.kind == ContactPoint.Kind.EMAIL:
            found[point.person_id]["email"] = point.value
        else:
            found[point.person_id]["phone"] = rules.shown(point.value)
    addresses = MailingAddress.objects.filter(person__in=people, period__contains=on)
    for address in addresses.order_by("period"):
        found[address.person_id]["mailing"] = address.lines
    return {pk: Reach(**values) for pk, values in found.items()}


def wish_of(number: str, purpose: Purpose) -> Wish:
    """What holds for a number (E.164) and a purpose; one query."""
    return wishes_of(number).get(purpose) or unsaid(purpose)


def wishes_of(number: str) -> dict[Purpose, Wish]:
    """What holds for a number, purpose by purpose; one query."""
    said = Consent.objects.filter(digest=secrets.digest(number)).order_by("id")
    newest = {Purpose(row.purpose): row for row in said}
    return {
        purpose: Wish(row.given, row.quiet_from or NIGHT[0], row.quiet_until or NIGHT[1])
        if (row := newest.get(purpose))
        else unsaid(purpose)
        for purpose in ASKED
    }


def agreed(numbers: Collection[str], purpose: Purpose) -> set[str]:
    """Those numbers (E.164) at which the purpose may be served; one query."""
    digests = {secrets.digest(number): number for number in numbers}
    said = Consent.objects.filter(digest__in=digests, purpose=purpose).order_by("id")
    newest = {row.digest: row.given for row in said}
    return {number for digest, number in digests.items() if newest.get(digest, unsaid(purpose).given)}


def reached_by(value: str, *, on: date) -> list[Person]:
    """Who has this number (E.164) or email address on a day; an email in any case of letters."""
    points = ContactPoint.objects.filter(value__iexact=value, period__contains=on).select_related("person")
    return list({point.person_id: point.person for point in points.order_by("-primary", "id")}.values())
