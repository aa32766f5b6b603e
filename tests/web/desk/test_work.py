"""Worklists: who, why, until when; taken, finished with what came of it, and on to the next."""

from __future__ import annotations

import pytest

from lamplighter.platform.models import User
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import assign
from tests.web.desk.town import DANA, NOW

from .conftest import words


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


@pytest.fixture
def parked(town):
    return Item.objects.get(kind="billing.parked")


def test_a_list_says_what_who_why_until_when_and_whose(iris):
    said = words(iris.get("/desk/work/"))
    assert "Accounts that could not be billed Carvalho, Ines" in said
    assert "14 days late nobody yet" in said
    assert "Readings of unknown meters" in said


def test_an_item_says_why_in_words(iris, parked):
    said = words(iris.get(f"/desk/work/{parked.pk}/"))
    assert "Why 553 of 769 readings of meter E-77120006 (kWh) are missing" in said
    assert "What to do Import or estimate them; missing use is never billed as zero." in said
    assert "Meter E-77120006 Open" in said


def test_the_list_says_why_in_words_too(iris, parked):
    said = words(iris.get("/desk/work/?kind=billing.parked"))
    assert "Carvalho, Ines 553 of 769 readings of meter E-77120006 (kWh) are missing" in said
    assert "usage.missing" not in said
    assert "553 of 769 readings" in iris.get("/desk/work/?export=csv").getvalue().decode()


def test_a_code_is_read_as_it_is_spoken(iris, parked):
    Item.objects.filter(pk=parked.pk).update(kind="billing.rebill", summary="corrected-read: from Sep 14, 2026")
    assert "Corrected read: from Sep 14, 2026" in words(iris.get(f"/desk/work/{parked.pk}/"))
    assert "Corrected read: from Sep 14, 2026" in words(iris.get("/desk/work/"))


def test_only_who_may_work_an_item_is_led_to_it_from_the_account(dana, iris, number):
    page = f"/desk/accounts/{number('Dele Adeyemi')}/"
    item = Item.objects.get(kind="usage.exceptions")
    link = f'href="/desk/work/{item.pk}/"'
    assert link in iris.get(page).content.decode()
    told = dana.get(page)
    assert link not in told.content.decode(), "it would only be refused"
    assert "an exception since Nov 14, 2026, due in" in words(told)


def test_each_sees_only_the_lists_of_their_work(dana, iris):
    assert "Nothing waits for you." in words(dana.get("/desk/work/"))
    assert dana.get(f"/desk/work/{Item.objects.first().pk}/").status_code == 403
    only = words(iris.get("/desk/work/?kind=billing.parked"))
    assert "Carvalho, Ines" in only
    assert "Adeyemi" not in only


def test_an_item_is_taken_and_put_back(iris, parked):
    url = f"/desk/work/{parked.pk}/"
    assert iris.post(f"{url}do/hold/")["Location"] == url
    assert "Owner: Iris Kim" in words(iris.get(url))
    assert "Carvalho" in words(iris.get("/desk/work/?whose=mine"))
    iris.post(f"{url}do/hold/", {"release": "1"})
    said = words(iris.get(url))
    assert "Owner: nobody yet" in said
    assert "Taken Iris Kim" in said
    assert "Put back Iris Kim" in said


def test_what_a_colleague_has_is_not_taken_from_them(iris, at_desk, parked, town):
    assign(item=parked, to=User.objects.get(username="omar"), by=DANA, at=NOW)
    taken = iris.post(f"/desk/work/{parked.pk}/do/hold/", follow=True)
    assert "Omar Haddad has had this since Fri, Nov 20 at 9:02 am." in words(taken)
    assert "Finish" not in words(taken)


def test_finishing_says_what_came_of_it_and_goes_on(iris, parked):
    url = f"/desk/work/{parked.pk}/do/finish/"
    assert iris.post(url, {}).status_code == 422
    done = iris.post(url, {"outcome": "corrected", "remark": "Meter answers again."})
    assert done["Location"] == "/desk/work/"
    parked.refresh_from_db()
    assert (parked.state, parked.outcome) == ("done", "corrected")
    assert "Meter answers again. · Iris Kim" in words(iris.get(f"/desk/work/{parked.pk}/"))


def test_dismissing_needs_a_reason(iris, parked):
    url = f"/desk/work/{parked.pk}/do/dismiss/"
    assert "Fill in “Why nothing is to be done”." in words(iris.post(url, {"remark": ""}))
    assert iris.post(url, {"remark": "Billed by hand."}).status_code == 303


def test_an_item_opens_the_page_on_which_it_is_worked(iris):
    readings = Item.objects.get(kind="usage.exceptions")
    page = iris.get(f"/desk/work/{readings.pk}/").content.decode()
    assert f'href="/desk/readings/channels/{readings.subject.partition(":")[2]}/"' in page
    file = Item.objects.get(kind="usage.unknown-meter")
    assert (
        f'href="/desk/readings/imports/{file.subject.partition(":")[2]}/"'
        in iris.get(f"/desk/work/{file.pk}/").content.decode()
    )


def test_what_is_not_there_is_not_found(iris):
    assert iris.get("/desk/work/999999/").status_code == 404
