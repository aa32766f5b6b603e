"""Open items at the desk: chosen for an account, shown bill by bill, matched and undone by hand."""

from __future__ import annotations

import pytest

from lamplighter.credit.models import Match
from lamplighter.credit.queries.openitems import stand_of
from tests.web.filling import fills

from .conftest import account_of, words

HOA = "Thi Hoa Nguyen"
MADE = {200, 204, 303}


@pytest.fixture
def renee(at_desk):
    return at_desk("renee")


@pytest.fixture
def page(dana, number):
    return f"/desk/accounts/{number(HOA)}/open-items/"


@pytest.fixture
def opened(renee, page):
    assert fills(renee, f"{page}do/style/", reason="Pays by remittance").status_code in MADE
    return page


def test_an_account_is_aged_balance_forward_until_a_supervisor_says_otherwise(dana, renee, page, number):
    assert "Aged balance forward" in words(dana.get(page))
    assert dana.get(f"{page}do/style/").status_code == 403
    assert fills(renee, f"{page}do/style/", reason="Pays by remittance").status_code in MADE
    shown = words(dana.get(page))
    assert "Open items" in shown
    assert "Days past due" in shown
    assert "Open items: from now on" not in shown
    account = account_of(number(HOA))
    assert f"less {stand_of(account).unapplied} is the balance, {stand_of(account).balance}" in shown


def test_open_bills_are_exported(dana, opened):
    sent = dana.get(f"{opened}?panel=bills&export=csv")
    assert b"".join(sent).decode().splitlines()[0].lstrip("\ufeff").startswith("Bill,Asked on,Due,Amount,Matched,Open")


def test_a_match_is_undone_with_a_reason_and_made_again_by_hand(dana, opened, number):
    account = account_of(number(HOA))
    match = Match.objects.filter(undoes=None).last()
    assert match is not None, "she has paid bills"
    assert fills(dana, f"{opened}{match.pk}/do/unmatch/", reason="It was for another bill").status_code in MADE
    (loose,) = stand_of(account).loose
    bill = stand_of(account).asked[match.owed_on].bill
    made = fills(dana, f"{opened}{loose.credit.posting}/do/match/", bill=bill, amount=str(loose.left.dollars),
                 reason="As it was")  # fmt: skip
    assert made.status_code in MADE, words(made)
    assert stand_of(account).loose == []
    told = dana.get(f"/desk/accounts/{account.number}/?panel=timeline", headers={"HX-Request": "true"})
    assert "pays bill" in words(told)


def test_more_than_a_bill_leaves_open_is_refused(dana, opened, number):
    match = Match.objects.filter(undoes=None).last()
    fills(dana, f"{opened}{match.pk}/do/unmatch/", reason="It was for another bill")
    (loose,) = stand_of(account_of(number(HOA))).loose
    bill = stand_of(account_of(number(HOA))).asked[match.owed_on].bill
    refused = fills(dana, f"{opened}{loose.credit.posting}/do/match/", bill=bill, amount="99999", reason="All of it")
    assert "can pay bill" in words(refused)
