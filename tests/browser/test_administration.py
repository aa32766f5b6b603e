"""Administration in a browser: users, templates and the audit trail, wide and narrow, light and dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lamplighter.kernel.actors import staff, system
from lamplighter.notices.models import Template
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.platform.models import RoleGrant, User
from lamplighter.platform.operations.events import record_access
from lamplighter.platform.transactions import unit_of_work
from tests.browser.looking import assert_accessible, sign_in
from tests.browser.views import ALL_VIEWS
from tests.web.conftest import LONG_AGO, make_person

HOME = "/admin-desk/"
ADA, TOWN = staff("admin"), system("town")


@pytest.fixture(scope="module")
def people(clone) -> None:
    make_person("admin", "Ada Quist", "administrator")
    make_person("dana", "Dana Reyes", "csr")
    make_person("jun", "Jun Park", kind="staff")
    make_person("thihoa", "Thi Hoa Nguyen")
    with unit_of_work(ADA):
        set_sender(
            utility="Marisol Bay Power", phone="(510) 555-0100", website="mbp.example", office="800 Foundry St",
            email="service@mbp.example", by=ADA, at=LONG_AGO,
        )  # fmt: skip
    with unit_of_work(TOWN):
        load_starter_templates(by=TOWN, at=LONG_AGO)
    record_access(subject="person:8812", permission="identity.view", by=staff("dana"), at=LONG_AGO)


@pytest.fixture
def ada(page):
    sign_in(page, "administrator")
    return page


def pages() -> dict[str, str]:
    dana = User.objects.get(username="dana")
    letter = Template.objects.get(code="past-due", channel="letter")
    return {
        "users": "users/",
        "user": f"users/{dana.pk}/",
        "add": "users/do/add/",
        "grant": f"users/{dana.pk}/do/grant/",
        "templates": "templates/",
        "template": f"templates/{letter.pk}/?language=zh-hant",
        "draft": f"templates/{letter.pk}/do/draft/vi/",
        "audit": "audit/",
        "reads": "audit/reads/",
        "rows": "audit/rows/",
        "row": f"audit/rows/platform_user/{User.objects.get(username='admin').pk}/",
    }


@pytest.mark.parametrize("name", ["users", "user", "add", "grant", "templates", "template", "draft", "audit", "reads",
                                  "rows", "row"])  # fmt: skip
def test_every_page_is_accessible_and_fits(ada, name):
    ada.goto(HOME + pages()[name])
    assert_accessible(ada, ALL_VIEWS)


def test_a_role_is_granted_in_the_side_panel_and_what_must_be_apart_is_told_there(ada):
    jun = User.objects.get(username="jun")
    ada.goto(f"{HOME}users/{jun.pk}/")
    ada.get_by_role("link", name="Grant a role").click()
    ada.locator("#id_role").select_option("csr")
    ada.get_by_role("button", name="Grant the role").click()
    expect(ada.locator("#panel-roles")).to_contain_text("Customer service representative")
    ada.get_by_role("link", name="Grant a role").click()
    ada.locator("#id_role").select_option("head-cashier")
    ada.get_by_role("button", name="Grant the role").click()
    expect(ada.locator("#panel .problem")).to_contain_text("who takes cash does not verify it")
    assert RoleGrant.objects.filter(user=jun).count() == 1


def test_an_invitation_is_shown_in_the_panel(ada):
    jun = User.objects.get(username="jun")
    ada.goto(f"{HOME}users/{jun.pk}/")
    ada.get_by_role("link", name="Invite").click()
    ada.get_by_role("button", name="Make the link").click()
    expect(ada.get_by_label("Invitation")).to_have_value(re.compile("/accounts/password/reset/key/"))
