"""A draft that was not as authorized is put right in the browser, from the work item to what the timeline says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lamplighter.payments.models import Autopay
from tests.browser.looking import assert_accessible, assert_no_sideways_scroll
from tests.browser.views import NARROW
from tests.web.desk.returned_drafts import came_back


@pytest.fixture
def draft(people, number):
    """Of somebody who has no AutoPay yet: a second try finds what the first one did."""
    taken = set(Autopay.objects.values_list("account__number", flat=True))
    name = next(name for name in ("Thi Hoa Nguyen", "Rosa Maldonado") if number(name) not in taken)
    return came_back(number(name), "R11")


def test_a_returned_draft_is_corrected(dana, draft, number):
    dana.goto(f"/desk/autopay/{draft.pk}/")
    expect(dana.get_by_text("corrected and drawn once more within 60 days")).to_be_visible()
    dana.set_viewport_size(NARROW)
    assert_no_sideways_scroll(dana)
    dana.get_by_role("button", name="Correct it").or_(dana.get_by_role("link", name="Correct it")).first.click()
    dana.get_by_label("Amount, as it was authorized").fill("20.00")
    dana.get_by_label("What was wrong").fill("Last month's bill was drawn twice.")
    assert_accessible(dana)
    dana.get_by_role("button", name="Draw it corrected").click()
    expect(dana.get_by_text("Drawn instead")).to_be_visible()
    dana.get_by_role("button", name="Draw it corrected").click()
    expect(dana.get_by_role("region", name="Messages")).to_contain_text("$20.00 is drawn on")
    dana.goto(f"/desk/autopay/{draft.pk}/")
    expect(dana.get_by_text("Corrected by")).to_be_visible()
    assert_accessible(dana)
