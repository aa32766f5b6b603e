"""Where open items are shown beside their own page: in the collection calendar, and to the organisation's manager."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from lamplighter.credit.models import Match
from lamplighter.credit.operations.matching import set_style, unmatch
from lamplighter.credit.rules.matching import Style
from lamplighter.journeys.paying import take_payment
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.transactions import unit_of_work
from tests.keyaccounts.conftest import known_as
from tests.web.conftest import make_person

from .conftest import account_of, words
from .town import DANA, NOW, TODAY

HOA = "Thi Hoa Nguyen"
ITEMS = "Its bills, each overdue by itself"


@pytest.fixture
def account(town, number):
    return account_of(number(HOA))


@pytest.fixture
def aged_open(account):
    with unit_of_work(DANA):
        set_style(account=account, style=Style.OPEN, reason="Pays bill by bill", on=TODAY, by=DANA, at=NOW)
    return account


@pytest.fixture
def loose(aged_open):
    """A payment of hers pays no bill any more."""
    match = Match.objects.filter(undoes=None).last()
    with unit_of_work(DANA):
        unmatch(match=match, reason="For another bill", on=TODAY, by=DANA, at=NOW)
    return match


@pytest.fixture
def organisation(town, account):
    joel = make_person("joel", "Joel Castellanos", "account-manager")
    found = known_as(town.homes[HOA], "Harbor Nails", at=NOW)
    keeping.assign(organisation=found, user=joel, part="lead", on=TODAY, by=DANA, at=NOW)
    return found


def last_bills(account) -> list[str]:
    """The numbers of the last four, the oldest first."""
    return list(account.bills.order_by("-issued_on").values_list("number", flat=True)[:4])[::-1]


def rows_of(shown: str) -> list[tuple[str, str, str]]:
    """Bill, open amount and days past due of the panel's rows."""
    return re.findall(r"(\d+-\d) [A-Z][^$-]+\$[\d.]+ \$[\d.]+ (\$[\d.]+) (\d+)", shown.split(ITEMS)[1])


def calendar(client, number):
    return words(client.get(reverse("desk:collection-calendar", args=[number(HOA)])))


def seen(client, organisation):
    return words(client.get(reverse("key:account", args=[organisation.slug])))


def test_the_calendar_lists_each_open_bill_with_what_is_open_and_for_how_long(dana, number, aged_open):
    shown = calendar(dana, number)
    august, september, october, november = last_bills(aged_open)
    assert rows_of(shown) == [(august, "$26.17", "88"), (september, "$78.13", "58"), (october, "$88.67", "27"),
                              (november, "$110.56", "0")]  # fmt: skip
    assert "Together $303.53" in shown
    assert "E Tue, Dec 8, 2026 Earliest day without power" in shown, "the days themselves are as before"


def test_the_calendar_of_an_account_aged_balance_forward_lists_no_bills(dana, number, account):
    assert ITEMS not in calendar(dana, number)


def test_the_calendar_shows_what_a_bill_is_open_with_when_its_payment_pays_it_no_more(dana, number, loose):
    assert rows_of(calendar(dana, number))[0][1:] == ("$86.17", "88")


def test_the_manager_reads_which_bills_are_overdue_and_is_led_to_them(at_desk, number, organisation, aged_open):
    joel = at_desk("joel")
    shown = seen(joel, organisation)
    august, september, october, _ = last_bills(aged_open)
    late = f"{august}: $26.17, 88 days past due; {september}: $78.13, 58 days past due; {october}: $88.67, 27 days"
    assert f"Past due {number(HOA)} {late} past due Open" in shown
    page = reverse("desk:open-items", args=[number(HOA)])
    assert f'href="{page}"' in joel.get(reverse("key:account", args=[organisation.slug])).content.decode()
    assert joel.get(page).status_code == 200


def test_the_manager_reads_what_pays_no_bill(at_desk, organisation, loose):
    shown = seen(at_desk("joel"), organisation)
    assert ": $86.17, 88 days past due" in shown
    assert "27 days past due; $60.00 unapplied" in shown


def test_the_manager_of_an_account_aged_balance_forward_reads_one_sum(at_desk, number, organisation):
    shown = seen(at_desk("joel"), organisation)
    assert f"{number(HOA)} $192.97 past due" in shown
    assert "days past due" not in shown


def test_the_manager_of_an_account_that_paid_everything_reads_that_nothing_is_past_due(
    at_desk, aged_open, organisation, drawer
):
    with unit_of_work(DANA):
        take_payment(key=None, control=drawer, tenders=[TenderIn("check", Money(19297), Money(19297))],
                     payments_to={aged_open: Money(19297)}, on=TODAY, by=DANA, at=NOW)  # fmt: skip
    assert "Nothing is past due." in seen(at_desk("joel"), organisation)
