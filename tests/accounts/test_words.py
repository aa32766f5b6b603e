"""By which words an account is found: the database keeps them as what stands on it changes."""

from __future__ import annotations

from dataclasses import replace

from django.db import connection

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import AccountRole, AccountWords
from lamplighter.accounts.types import AgreementKind
from lamplighter.customers import operations as customers
from lamplighter.customers.models import OtherName
from lamplighter.customers.queries import contacts_of
from lamplighter.journeys.control import accounts_are_found
from lamplighter.journeys.finding import find
from lamplighter.kernel.periods import Period
from lamplighter.premises.operations import seal_address, unseal_address

from .conftest import AT, DANA, ON


def words_of(account):
    return AccountWords.objects.get(account=account).words.splitlines()


def served(account, place):
    accounts.start_agreement(
        account=account, kind=AgreementKind.ENERGY, points=(place.point,), schedule=place.schedule,
        on=ON, by=DANA, at=AT,
    )  # fmt: skip


def test_words_are_those_that_stand_on_the_account_whatever_changes(place):
    account = place.account(place.luis)
    assert words_of(account) == ["LUIS ORTEGA", account.number.replace("-", "")]

    accounts.add_role(
        account=account, person=place.hannah, role=AccountRole.Role.AUTHORIZED, period=Period(ON), by=DANA, at=AT
    )
    served(account, place)
    customers.add_contact_point(person=place.luis, kind="email", value="luis@example.net", on=ON, by=DANA, at=AT)
    also = OtherName.objects.create(person=place.luis, kind=OtherName.Kind.ALIAS, name="Lucho")
    assert words_of(account)[:5] == [
        "LUIS ORTEGA", "HANNAH BRANDT", "LUCHO", "LUIS@EXAMPLE.NET", "1418 PACIFIC AVE APT B",
    ]  # fmt: skip

    also.delete()
    seen = contacts_of(place.hannah, on=ON)
    customers.change_contacts(
        person=place.hannah, seen=seen, wanted=replace(seen, family="Ortega"), on=ON, by=DANA, at=AT
    )
    assert words_of(account)[:3] == ["LUIS ORTEGA", "HANNAH ORTEGA", "HANNAH BRANDT"]
    assert accounts_are_found().differences == ()


def test_a_sealed_address_finds_nobody_until_its_seal_is_broken(place):
    account = place.account(place.luis)
    served(account, place)
    assert [hit.number for hit in find("1418 pacific")] == [account.number]
    seal_address(premise=place.premise, by=DANA, at=AT)
    assert not [line for line in words_of(account) if "PACIFIC" in line]
    assert find("1418 pacific") == []
    unseal_address(premise=place.premise, by=DANA, at=AT)
    assert [hit.number for hit in find("1418 pacific")] == [account.number]


def test_words_that_are_not_those_of_the_account_are_told(place):
    account = place.account(place.luis)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_accountwords SET words = 'SOMEBODY ELSE'")
    (told,) = accounts_are_found().differences
    assert told == f"account {account.number}: its words are not those that stand on it"
