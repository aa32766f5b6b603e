"""Names, numbers and addresses are changed at the desk; two clerks on one field are told of each other."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lamplighter.customers.queries import contacts_of

from .conftest import account_of, words
from .town import SCHOOL, TODAY


@pytest.fixture
def page(number):
    return f"/desk/accounts/{number('Thi Hoa Nguyen')}/do/contact/"


def shown(client, page) -> dict[str, str]:
    """What the opened form would send if nobody changed anything."""
    form = client.get(page).context["form"]
    html = unescape(client.get(page).content.decode())
    sent = {name: str(form[name].value() or "") for name in form.fields}
    return sent | {f"initial-{name}": sent[name] for name in form.fields if f'name="initial-{name}"' in html}


def standing(number):
    person = account_of(number("Thi Hoa Nguyen")).roles.get(role="main").person
    return contacts_of(person, on=TODAY)


def test_a_changed_number_stands_on_the_page_and_in_the_timeline(dana, page, number):
    answer = dana.post(page, shown(dana, page) | {"mobile": "510-555-0177"}, follow=True)
    said = words(answer)
    assert "(510) 555-0177" in said
    assert "Contact Mobile changed from Nov 20 · you" in said
    assert standing(number).email == "thihoa@example.net", "what was left alone stays"


def test_nothing_changed_changes_nothing(dana, page):
    assert "Nothing was changed." in words(dana.post(page, shown(dana, page), follow=True))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("mobile", "555", "555 is not a telephone number."),
        ("email", "nobody", "nobody is not an email address."),
        ("family", "", "Fill in “Family name”."),
        ("on", "2026-11-01", "Choose today or a later day."),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(dana, page, field, typed, said):
    answer = dana.post(page, shown(dana, page) | {field: typed})
    assert answer.status_code == 422
    assert said in words(answer)


def test_the_second_of_two_clerks_on_one_field_chooses(dana, at_desk, page, number):
    tuan = at_desk("tuan")
    mine, theirs = shown(dana, page), shown(tuan, page)
    tuan.post(page, theirs | {"mobile": "(510) 555-0177"})
    late = mine | {"mobile": "(510) 555-0199", "email": "hoa@example.net"}
    answer = dana.post(page, late)
    assert answer.status_code == 409
    said = words(answer)
    assert "Tuan Pham changed this Fri, Nov 20, 9:02 am" in said
    assert "Mobile (510) 555-0177 (510) 555-0199" in said
    assert standing(number).mobile == "(510) 555-0177"
    over = re.search(r'name="over" value="(\w+)"', answer.content.decode())[1]
    assert dana.post(page, late | {"over": over}).status_code == 303
    assert (standing(number).mobile, standing(number).email) == ("(510) 555-0199", "hoa@example.net")


def test_a_choice_made_before_a_third_change_is_asked_again(dana, at_desk, page, number):
    tuan, mine = at_desk("tuan"), shown(dana, page)
    tuan.post(page, shown(tuan, page) | {"mobile": "(510) 555-0177"})
    late = mine | {"mobile": "(510) 555-0199"}
    over = re.search(r'name="over" value="(\w+)"', dana.post(page, late).content.decode())[1]
    tuan.post(page, shown(tuan, page) | {"mobile": "(510) 555-0133"})
    assert dana.post(page, late | {"over": over}).status_code == 409
    assert standing(number).mobile == "(510) 555-0133"


def test_clerks_on_different_fields_do_not_meet(dana, at_desk, page, number):
    tuan = at_desk("tuan")
    mine, theirs = shown(dana, page), shown(tuan, page)
    tuan.post(page, theirs | {"mobile": "(510) 555-0177"})
    assert dana.post(page, mine | {"mailing": "PO Box 7\r\nMarisol Bay CA 90555"}).status_code == 303
    assert (standing(number).mobile, standing(number).mailing) == ("(510) 555-0177", "PO Box 7\nMarisol Bay CA 90555")


def test_an_organisation_has_one_name(dana, number):
    said = words(dana.get(f"/desk/accounts/{number(SCHOOL)}/do/contact/"))
    assert "Given name" not in said
    assert "Family name" not in said


def test_only_who_may_change_accounts_sees_the_act(at_desk, page):
    omar = at_desk("omar")
    assert "Contact" not in words(omar.get(page.removesuffix("do/contact/"))).partition("Overview")[0]
    assert omar.get(page).status_code == 403
