"""Confidential addresses: whose home is protected, and that exactly the places where they have service are sealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.billing.models import BillLink
from lamplighter.billing.operations.linking import revoke_links
from lamplighter.customers.models import AddressProtection, MailingAddress, Person
from lamplighter.customers.operations import end_protection, protect_address
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import Premise, SealedAddress
from lamplighter.premises.operations import seal_address, unseal_address


class CannotProtect(Exception):
    """Why an address can't be protected, or opened, so; fit to be read aloud."""


@in_transaction
def protect(
    *, account: Account, program: str, evidence: str, substitute: str, until: date | None, on: date, by: Actor,
    at: datetime,
) -> AddressProtection:  # fmt: skip
    """The customer's home is confidential from now on, at every account of theirs; links to their bills end. Raises
    CannotProtect where others with service there get their letters there, and CannotRecord."""
    _one_at_a_time()
    person = _customer(account, on=on)
    made = protect_address(
        person=person, program=program, evidence=evidence, substitute=substitute, until=until, on=on, by=by, at=at,
        account=account.pk,
    )  # fmt: skip
    _refuse_shared(_homes([person.pk], on=on), on=on)
    keep_sealed(on=on, by=by, at=at)
    revoke_links(bills=_linked_bills(person), by=by, at=at)
    return made


@in_transaction
def end(*, account: Account, evidence: str, on: date, by: Actor, at: datetime) -> None:
    """The customer's home is confidential no longer. Raises CannotProtect, CannotRecord."""
    _one_at_a_time()
    running = protection_of(account, on=on)
    if running is None:
        raise CannotProtect("The address of this account is not protected.")
    end_protection(protection=running, evidence=evidence, on=on, by=by, at=at, account=account.pk)
    keep_sealed(on=on, by=by, at=at)


@in_transaction
def keep_sealed(*, on: date, by: Actor, at: datetime) -> int:
    """Seal the places where protected people have service now or soon, and open those that they left. How many changed.

    Whoever protects, moves or ends calls this; each night it is called for moves whose day has come.
    """
    _one_at_a_time()
    people = AddressProtection.objects.filter(ended_on=None).values_list("person", flat=True)
    wanted = set(_homes(people, on=on).values_list("pk", flat=True))
    sealed = set(SealedAddress.objects.values_list("premise", flat=True))
    for premise in Premise.objects.filter(pk__in=wanted - sealed).order_by("pk"):
        seal_address(premise=premise, by=by, at=at)
    for premise in Premise.objects.filter(pk__in=sealed - wanted).order_by("pk"):
        unseal_address(premise=premise, by=by, at=at)
    return len(wanted ^ sealed)


def protection_of(account: Account, *, on: date) -> AddressProtection | None:
    """What protects the home of the account's customer."""
    customer = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN, period__contains=on)
    rows = AddressProtection.objects.filter(person__in=customer.values("person"), ended_on=None)
    return rows.select_related("person").first()


def _one_at_a_time() -> None:
    advisory_lock("protected-addresses")


def _customer(account: Account, *, on: date) -> Person:
    role = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN, period__contains=on)
    found = role.select_related("person").first()
    if found is None:
        raise CannotProtect("Nobody is the customer of this account now.")
    return found.person


def _linked_bills(person: Person) -> list[int]:
    """Those of a person's accounts to which a link leads: what they tell is from before."""
    mine = AccountRole.objects.filter(person=person, role=AccountRole.Role.MAIN)
    accounts = list(mine.values_list("account", flat=True))
    return list(BillLink.objects.filter(bill__account__in=accounts, revoked_at=None).values_list("bill", flat=True))


def _homes(people: Iterable[int], *, on: date) -> QuerySet[Premise]:
    """Where these people are the customer of service that runs, or is to begin."""
    lasting = Q(period__endswith=None) | Q(period__endswith__gt=on)
    mine = AccountRole.objects.filter(lasting, person__in=people, role=AccountRole.Role.MAIN)
    accounts = list(mine.values_list("account", flat=True))  # few: asked in turn, not as one question of all accounts
    served = Agreement.objects.filter(lasting, account__in=accounts, premise__isnull=False, cancelled_at=None)
    return Premise.objects.filter(pk__in=list(served.values_list("premise", flat=True)))


def _refuse_shared(homes: QuerySet[Premise], *, on: date) -> None:
    """Letters to others at the same place must not go to a cover."""
    places = [home.pk for home in homes]
    there = Agreement.objects.filter(premise__in=places, period__contains=on, cancelled_at=None)
    accounts = list(there.values_list("account", flat=True))
    elsewhere = MailingAddress.objects.filter(person=OuterRef("person"), period__contains=on)
    roles = AccountRole.objects.filter(account__in=accounts, role=AccountRole.Role.MAIN, period__contains=on)
    other = roles.filter(~Exists(elsewhere)).select_related("account").first()
    if other is not None:
        raise CannotProtect(
            f"Account {other.account.number} has service at the same place and gets its letters there. Give it a "
            "mailing address first."
        )
