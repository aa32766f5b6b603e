"""What starting service costs: told before it is confirmed, charged once, waived where service is handed on."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Adjustment
from lamplighter.journeys.control import controls
from lamplighter.journeys.parameters import parameters
from lamplighter.journeys.starting import StartFeePolicy
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.policies import CannotSetPolicy
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import balances
from tests.web.filling import PANEL, fills

from .conftest import words
from .town import DANA, NOW

GWEN, TESS, DELE = "Gwen Pruitt", "Tess Byrne", "Dele Adeyemi"
FLAT = "310 Santa Clara Ave"


def sets(**figures: str) -> None:
    parameters()[StartFeePolicy.key].change(figures, on=date(2026, 11, 1), citation="Resolution 26-88", by=DANA, at=NOW)


def shown(client, url, **answers):
    form = client.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    return words(client.post(url, {**first, **answers}, headers=PANEL))


def newest(name: str) -> Agreement:
    return Agreement.objects.filter(account__roles__person__name=name, kind="energy").latest("id")


@pytest.fixture
def url(dana, number):
    """Where Tess starts at the flat that Gwen has left before the weekend."""
    fills(dana, f"/desk/accounts/{number(GWEN)}/do/stop/", on="2026-11-23")
    return f"/desk/accounts/{number(TESS)}/do/start/"


START = {"place": FLAT, "on": "2026-11-24"}


def test_the_program_comes_without_a_fee(dana, url):
    assert "Fee for starting None" in shown(dana, url, **START)
    assert fills(dana, url, **START).status_code == 200
    assert not Adjustment.objects.filter(label="Starting service").exists()


def test_the_fee_is_told_first_and_charged_once_to_its_own_code(dana, url):
    sets(fee="20")
    assert "Fee for starting $20.00, on the next bill" in shown(dana, url, **START)
    assert not Adjustment.objects.filter(label="Starting service").exists(), "nothing is confirmed yet"
    assert fills(dana, url, **START).status_code == 200
    charged = Adjustment.objects.get(label="Starting service")
    assert (charged.amount, charged.agreement, charged.kind) == (Money(2000), newest(TESS), "fee")
    borne = {row.code_id: row.payoff for row in Posting.objects.filter(entry=charged.entry)}
    assert borne == {"receivable": Money(2000), "revenue-start-fees": Money(-2000)}
    assert not [one for one in controls() if one.differences]


def test_a_start_that_is_taken_back_costs_nothing(dana, url, number):
    sets(fee="20")
    fills(dana, url, **START)
    begun = newest(TESS)
    back = f"/desk/accounts/{number(TESS)}/do/take-back/"
    which = next(key for key, _ in dana.get(back).context["form"].fields["which"].choices if str(begun.pk) in key)
    assert fills(dana, back, which=which, reason="Changed their mind").status_code in {200, 204}
    begun.refresh_from_db()
    assert begun.cancelled_at is not None
    assert balances([begun.subledger_id])[begun.subledger_id].payoff == ZERO
    rows = Adjustment.objects.filter(agreement=begun).order_by("pk").values_list("label", "amount")
    assert list(rows) == [("Starting service", Money(2000)), ("Starting service, taken back", Money(-2000))]
    assert not [one for one in controls() if one.differences]


@pytest.mark.parametrize(("asked", "fee"), [("No", "None"), ("Yes", "$20.00, on the next bill")])
def test_where_service_is_handed_on_the_policy_says(dana, number, asked, fee):
    sets(fee="20", handed_on=asked)
    url = f"/desk/accounts/{number(TESS)}/do/start/"
    over = START | {"evidence": "Lease of Nov 24"}
    assert f"Fee for starting {fee}" in shown(dana, url, **over)
    assert fills(dana, url, **over).status_code == 200
    assert Adjustment.objects.filter(label="Starting service").exists() == (asked == "Yes")


@pytest.mark.parametrize("asked", ["No", "Yes"])
def test_where_service_goes_back_to_a_landlord_the_policy_says(dana, number, asked):
    sets(fee="20", landlord=asked)
    fills(dana, f"/desk/accounts/{number(DELE)}/do/standing/", place=FLAT, on="2026-11-20", evidence="2019")
    fills(dana, f"/desk/accounts/{number(GWEN)}/do/stop/", on="2026-11-27")
    landlord = newest(DELE)
    assert landlord.premise.street == FLAT
    charged = Adjustment.objects.filter(label="Starting service").values_list("agreement", "amount")
    assert list(charged) == ([(landlord.pk, Money(2000))] if asked == "Yes" else [])


def test_another_fee_than_was_shown_is_not_charged(dana, url):
    sets(fee="20")
    form = dana.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    page = dana.post(url, {**first, **START}, headers=PANEL)
    kept = {field.html_name: field.value() or "" for field in page.context["form"].hidden_fields()}
    parameters()[StartFeePolicy.key].change(
        {"fee": "45"}, on=date(2026, 11, 20), citation="Resolution 26-91", by=DANA, at=NOW
    )
    again = dana.post(url, {**first, **START, **kept, "confirmed": "1"}, headers=PANEL)
    assert again.status_code == 422
    assert not Adjustment.objects.filter(label="Starting service").exists()


@pytest.mark.parametrize("fee", ["-1", "501"])
def test_a_fee_that_nobody_means_is_refused(db, fee):
    with pytest.raises(CannotSetPolicy, match=r"\$0.00 to \$500.00"):
        sets(fee=fee)
