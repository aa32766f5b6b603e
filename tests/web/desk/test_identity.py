"""Identity numbers are kept sealed: last digits for who serves, the whole one with permission and a recorded reason."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lamplighter.accounts.models import AccountRole
from lamplighter.customers.models import Identity
from lamplighter.customers.operations import set_identity
from lamplighter.platform.models import AccessRecord, Event

from .conftest import words
from .town import DANA, NOW

NUMBER = "987-65-4321"


@pytest.fixture
def pat(town):
    role = AccountRole.objects.get(account=town.homes["Pat Kowalczyk"].account, role="main")
    set_identity(person=role.person, kind="ssn", number=NUMBER, by=DANA, at=NOW)
    return role.person


@pytest.fixture
def url(pat):
    return f"/desk/people/{pat.number}/identity/"


def test_the_account_leads_to_it_and_only_the_last_digits_are_shown(at_desk, town, pat, url):
    account = town.homes["Pat Kowalczyk"].account.number
    assert url in at_desk("tuan").get(f"/desk/accounts/{account}/").content.decode()
    said = words(at_desk("tuan").get(url))
    assert "Social Security number ending 4321" in said
    assert "98765" not in said
    assert "do/show/" not in at_desk("tuan").get(url).content.decode(), "a clerk sees no way to the whole number"


def test_a_whole_number_needs_the_permission(at_desk, pat, url):
    kept = Identity.objects.get()
    answer = at_desk("tuan").get(f"{url}{kept.pk}/do/show/")
    assert answer.status_code == 403
    assert "Senior customer service representative" in words(answer), "and says who can"


def test_it_is_shown_once_for_a_reason_that_is_kept(at_desk, pat, url):
    dana, show = at_desk("dana"), f"{url}{Identity.objects.get().pk}/do/show/"
    refused = dana.post(show, {"reason": "", "remark": ""})
    assert refused.status_code == 422
    assert not Event.objects.filter(name="customers.identity.shown").exists()
    for headers in ({}, {"HX-Request": "true"}):
        answer = dana.post(show, {"reason": "bureau", "remark": "Case 77"}, headers=headers)
        assert "987654321" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert "98765" not in dana.get(show).content.decode()
    events = list(Event.objects.filter(name="customers.identity.shown"))
    assert [(event.reason, str(event.remark), event.actor) for event in events] == [("bureau", "Case 77", DANA)] * 2
    assert "4321" not in str(events[0].data)
    assert AccessRecord.objects.filter(permission="identity.view").count() == 2


def test_a_number_is_entered_and_sealed(at_desk, pat, url):
    tuan = at_desk("tuan")
    form = {"request_key": str(uuid4()), "kind": "license", "number": "D 123-4567"}
    assert "ending 4567" in words(tuan.post(f"{url}do/enter/", form, follow=True))
    kept = Identity.objects.get(kind="license")
    assert "D1234567" not in kept.sealed
    form = {"request_key": str(uuid4()), "kind": "ein", "number": "1"}
    assert "too short" in words(tuan.post(f"{url}do/enter/", form))


def test_nobody_sees_their_own(at_desk):
    person = AccountRole.objects.get(person__name="Hannah Brandt", role="main").person
    answer = at_desk("hannah").get(f"/desk/people/{person.number}/identity/")
    assert answer.status_code == 403
    assert at_desk("dana").get("/desk/people/nobody/identity/").status_code == 404
