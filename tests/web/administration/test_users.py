"""Users: who signs in and as what; adding, inviting, granting, ending."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lamplighter.platform.models import Event, PastRow, RoleGrant, User
from lamplighter.platform.operations.users import grant_role
from lamplighter.platform.transactions import unit_of_work
from tests.web.administration.conftest import ADA, send, text
from tests.web.conftest import LONG_AGO, make_person

USERS = "/admin-desk/users/"
ADD = f"{USERS}do/add/"
TODAY = date(2026, 11, 20)


@pytest.fixture
def dana(db) -> User:
    return make_person("dana", "Dana Reyes", "csr")


def held(user: User) -> RoleGrant:
    return RoleGrant.objects.get(user=user)


def named(user: User) -> list[str]:
    return list(Event.objects.filter(subject=f"user:{user.username}").order_by("id").values_list("name", flat=True))


ACTS = ["1/do/grant/", "1/do/invite/", "1/do/close/", "1/do/reopen/", "roles/1/do/end/"]


@pytest.mark.parametrize("path", ["", "do/add/", "1/", *ACTS])
def test_users_are_for_administrators(desk, path):
    assert desk.get(USERS + path).status_code == 403


def test_the_list_tells_logins_with_their_roles_and_never_signed_in(ada, dana):
    make_person("thihoa", "Thi Hoa Nguyen")
    page = text(ada.get(USERS))
    assert f'href="{USERS}{dana.pk}/">dana</a>' in page
    assert "Customer service representative" in page
    assert "never" in page
    assert page.index(">dana<") < page.index(">thihoa<"), "staff come first"


def test_the_rail_shows_users_templates_and_audit(ada):
    page = text(ada.get(USERS))
    for path in (USERS, "/admin-desk/templates/", "/admin-desk/audit/"):
        assert f'href="{path}"' in page


def test_the_list_is_filtered_by_login_kind_and_role(ada, dana):
    make_person("thihoa", "Thi Hoa Nguyen")
    assert ">thihoa<" not in text(ada.get(f"{USERS}?login=dan"))
    assert ">dana<" not in text(ada.get(f"{USERS}?kind=customer"))
    by_role = text(ada.get(f"{USERS}?role=csr"))
    assert ">dana<" in by_role
    assert ">administrator<" not in by_role
    assert "Nothing matches this filter." in text(ada.get(f"{USERS}?login=nobody"))


def test_more_logins_and_roles_ask_no_more_questions(ada, dana):
    ada.get(USERS)
    with CaptureQueriesContext(connection) as few:
        ada.get(USERS)
    for number in range(8):
        make_person(f"clerk{number}", f"Clerk {number}", "csr")
    with CaptureQueriesContext(connection) as many:
        ada.get(USERS)
    assert len(few) == len(many)


def test_a_login_is_added_without_a_password_and_its_page_opens(ada):
    answer = send(ada, ADD, username="renee", name="Renee Abernathy", kind="staff", title="Supervisor", email="")
    renee = User.objects.get(username="renee")
    assert answer.status_code == 303
    assert answer["Location"] == f"{USERS}{renee.pk}/"
    assert not renee.has_usable_password()
    page = text(ada.get(answer["Location"]))
    assert "No role yet: this login opens no page of the staff." in page
    assert "Nothing that needs a role." in page
    assert "Login added" in page


@pytest.mark.parametrize(
    ("username", "words"),
    [("dana", "There is a login dana already."), ("Dana R", "Use small letters"), ("", "Fill in “Login”.")],
)
def test_a_login_is_refused_in_words(ada, dana, username, words):
    answer = send(ada, ADD, username=username, name="Dana Rios", kind="staff")
    assert answer.status_code == 422
    assert words in text(answer)
    assert User.objects.filter(name="Dana Rios").count() == 0


def test_a_form_sent_twice_adds_one_login(ada):
    form = {"username": "renee", "name": "Renee Abernathy", "kind": "staff",
            "request_key": "00000000-0000-4000-8000-000000000001"}  # fmt: skip
    assert [ada.post(ADD, form).status_code for _ in range(2)] == [303, 303]
    assert User.objects.filter(username="renee").count() == 1


def test_an_invitation_leads_its_person_to_a_first_password_once(ada):
    send(ada, ADD, username="renee", name="Renee Abernathy", kind="staff")
    renee = User.objects.get(username="renee")
    path = f"{USERS}{renee.pk}/do/invite/"
    shown = text(ada.post(path, HTTP_HX_REQUEST="true"))
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+/)</textarea>", shown)[1]
    assert named(renee)[-1] == "platform.user.invited"
    visitor = Client()
    choose = visitor.get(link, follow=True)
    assert choose.status_code == 200
    new = {"password1": "a lamp on the pier", "password2": "a lamp on the pier"}
    assert visitor.post(choose.redirect_chain[-1][0], new).status_code == 302
    assert User.objects.get(pk=renee.pk).check_password("a lamp on the pier")
    again = Client().get(link, follow=True)
    assert "password1" not in text(again), "the link works once"


def test_without_scripts_the_invitation_stands_on_the_page(ada):
    send(ada, ADD, username="renee", name="Renee Abernathy", kind="staff")
    renee = User.objects.get(username="renee")
    answer = ada.post(f"{USERS}{renee.pk}/do/invite/", follow=True)
    assert "http://testserver/accounts/password/reset/key/" in text(answer)


def test_somebody_who_has_signed_in_is_not_invited(ada, dana):
    User.objects.filter(pk=dana.pk).update(last_login=timezone.now())
    answer = ada.post(f"{USERS}{dana.pk}/do/invite/")
    assert answer.status_code == 422
    assert "has signed in already" in text(answer)
    assert "do/invite/" not in text(ada.get(f"{USERS}{dana.pk}/"))


def test_a_closed_login_is_out_at_once_and_stays_out_when_it_opens_again(ada, dana):
    desk = Client()
    desk.force_login(dana)
    assert desk.get("/desk/accounts/").status_code == 200
    here = f"{USERS}{dana.pk}/"
    assert send(ada, f"{here}do/close/", remark="Left the utility.").status_code == 303
    assert desk.get("/desk/accounts/")["Location"].startswith("/accounts/login/")
    page = text(ada.get(here))
    assert "Login closed" in page
    assert "Left the utility." in page
    assert "do/close/" not in page
    assert send(ada, f"{here}do/reopen/", remark="Came back.").status_code == 303
    assert named(dana)[-2:] == ["platform.user.closed", "platform.user.reopened"]
    assert desk.get("/desk/accounts/").status_code == 302, "the old session does not revive"
    desk.force_login(User.objects.get(pk=dana.pk))
    assert desk.get("/desk/accounts/").status_code == 200, "with the roles that it had"


def test_closing_one_login_ends_no_other_session(ada, dana):
    tuan = Client()
    tuan.force_login(make_person("tuan", "Tuan Pham", "csr"))
    send(ada, f"{USERS}{dana.pk}/do/close/", remark="Left the utility.")
    assert tuan.get("/desk/accounts/").status_code == 200
    assert ada.get(USERS).status_code == 200


def test_nobody_closes_their_own_login_and_none_is_closed_twice(ada, ada_herself, dana):
    here = f"{USERS}{ada_herself.pk}/"
    assert "do/close/" not in text(ada.get(here))
    answer = send(ada, f"{here}do/close/", remark="Gone.")
    assert answer.status_code == 422
    assert "Nobody closes their own login." in text(answer)
    closing = f"{USERS}{dana.pk}/do/close/"
    assert send(ada, closing, remark="").status_code == 422
    assert send(ada, closing, remark="Left.").status_code == 303
    again = send(ada, closing, remark="Left.")
    assert "The login of Dana Reyes is closed already." in text(again)
    assert "closed. Open it again first." in text(send(ada, f"{USERS}{dana.pk}/do/invite/"))


def test_a_role_is_granted_for_a_run_of_days(ada):
    jun = make_person("jun", "Jun Park", kind="staff")
    answer = send(ada, f"{USERS}{jun.pk}/do/grant/", role="csr", start="2026-12-01", last="2026-12-31")
    assert answer.status_code == 303
    assert held(jun).period.last_day == date(2026, 12, 31)
    page = text(ada.get(f"{USERS}{jun.pk}/"))
    assert "Customer service representative" in page
    assert "Dec 31, 2026" in page
    assert "Role granted" in page


def test_duties_that_must_be_apart_are_refused_in_words(ada, dana):
    answer = send(ada, f"{USERS}{dana.pk}/do/grant/", role="head-cashier", start="2026-12-01")
    assert answer.status_code == 422
    assert "who takes cash does not verify it" in text(answer)
    assert RoleGrant.objects.filter(user=dana).count() == 1


def test_duties_are_kept_apart_on_later_days_too(ada):
    jun = make_person("jun", "Jun Park", kind="staff")
    path = f"{USERS}{jun.pk}/do/grant/"
    send(ada, path, role="head-cashier", start="2027-01-01")
    answer = send(ada, path, role="csr", start="2026-12-01")
    assert answer.status_code == 422
    assert "who takes cash does not verify it" in text(answer)
    assert send(ada, path, role="csr", start="2026-12-01", last="2026-12-31").status_code == 303


def test_a_role_held_already_is_refused(ada, dana):
    answer = send(ada, f"{USERS}{dana.pk}/do/grant/", role="csr", start="2026-12-01")
    assert answer.status_code == 422
    assert "is Customer service representative then already" in text(answer)


def test_nobody_grants_to_themselves(ada, ada_herself):
    here = f"{USERS}{ada_herself.pk}/"
    assert "Another administrator grants you roles." in text(ada.get(here))
    answer = send(ada, f"{here}do/grant/", role="auditor", start="2026-12-01")
    assert answer.status_code == 422
    assert "Nobody grants a role to themselves." in text(answer)
    assert not RoleGrant.objects.filter(user=ada_herself, role="auditor").exists()


def test_a_run_of_days_that_ends_before_it_begins_is_refused_at_the_field(ada):
    jun = make_person("jun", "Jun Park", kind="staff")
    answer = send(ada, f"{USERS}{jun.pk}/do/grant/", role="csr", start="2026-12-01", last="2026-11-30")
    assert answer.status_code == 422
    assert "The last day is before the first." in text(answer)


def test_a_role_is_ended_from_a_day(ada, dana):
    path = f"{USERS}roles/{held(dana).pk}/do/end/"
    assert send(ada, path, on="2026-12-01").status_code == 303
    assert held(dana).period.end == date(2026, 12, 1)
    later = send(ada, path, on="2026-12-15")
    assert later.status_code == 422, "an end is not moved to a later day"
    assert "It ends on Dec 1, 2026 already." in text(later)


def test_a_role_taken_back_on_its_first_day_is_gone_and_kept_in_the_history(ada):
    jun = make_person("jun", "Jun Park", kind="staff")
    with unit_of_work(ADA):
        grant = grant_role(user=jun, role="csr", on=TODAY, by=ADA, at=LONG_AGO)
    assert send(ada, f"{USERS}roles/{grant.pk}/do/end/", on="2026-11-20").status_code == 303
    assert not RoleGrant.objects.filter(user=jun).exists()
    assert PastRow.objects.get(table_name="platform_rolegrant", row_id=str(grant.pk)).was["role"] == "csr"
    assert named(jun)[-1] == "platform.role.taken_back"
    page = text(ada.get(f"{USERS}{jun.pk}/"))
    assert "Role taken back" in page


def test_the_page_of_a_login_asks_alike_for_few_roles_and_many(ada, dana, django_assert_max_num_queries):
    ada.get(f"{USERS}{dana.pk}/")
    with CaptureQueriesContext(connection) as few:
        ada.get(f"{USERS}{dana.pk}/")
    for role in ("collections", "program-staff", "investigator"):
        with unit_of_work(ADA):
            grant_role(user=dana, role=role, on=TODAY, by=ADA, at=LONG_AGO)
    with django_assert_max_num_queries(len(few)):
        ada.get(f"{USERS}{dana.pk}/")


def test_what_is_not_there_is_not_found(ada):
    assert ada.get(f"{USERS}999999/").status_code == 404
    assert ada.get(f"{USERS}roles/999999/do/end/").status_code == 404
