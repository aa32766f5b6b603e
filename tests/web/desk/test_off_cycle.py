"""The billing analyst bills an account outside its cycle: shown first, then exactly that."""

from __future__ import annotations

import pytest

from lamplighter.billing.models import Bill

from .conftest import words


@pytest.fixture
def page(number):
    return f"/desk/accounts/{number('Gwen Pruitt')}/do/bill/"


def test_what_would_be_billed_is_shown_and_then_it_is(at_desk, page):
    iris = at_desk("iris")
    form = iris.get(page).context["form"]
    sent = {name: form[name].value() for name in ("request_key", "last")}
    sent["service"] = form.fields["service"].choices[0][0]
    shown = iris.post(page, sent)
    assert "Check before you confirm" in words(shown)
    before = Bill.objects.count()
    assert " kWh" in words(shown)
    confirmed = {**sent, "digest": shown.context["form"]["digest"].value(), "confirmed": "1"}
    assert iris.post(page, {**confirmed, "digest": "another"}).status_code == 422
    assert Bill.objects.count() == before
    done = words(iris.post(page, confirmed, follow=True))
    bill = Bill.objects.latest("pk")
    assert f"Bill {bill.number}: {bill.charges}" in done
    assert (bill.kind, Bill.objects.count()) == ("off-cycle", before + 1)
    again = iris.get(page).context["form"]["request_key"].value()
    assert "These days are billed already" in words(iris.post(page, {**sent, "request_key": again}))


def test_a_day_that_is_not_over_is_not_billed(at_desk, page):
    iris = at_desk("iris")
    form = iris.get(page).context["form"]
    sent = {"request_key": form["request_key"].value(), "service": form.fields["service"].choices[0][0]}
    assert "Choose a day that is over" in words(iris.post(page, {**sent, "last": "2026-11-20"}))


def test_who_runs_no_bills_makes_none(at_desk, page, number):
    assert at_desk("dana").get(page).status_code == 403
    assert "Bill now" not in words(at_desk("dana").get(f"/desk/accounts/{number('Gwen Pruitt')}/do/more/"))


def test_what_is_not_read_is_told_and_not_billed(at_desk, number):
    iris, page = at_desk("iris"), f"/desk/accounts/{number('Dele Adeyemi')}/do/bill/"
    form = iris.get(page).context["form"]
    sent = {name: form[name].value() for name in ("request_key", "last")}
    said = words(iris.post(page, {**sent, "service": form.fields["service"].choices[0][0]}))
    assert "24 of 384 readings" in said
    assert "are missing from Nov 4 to Nov 19, 2026" in said
