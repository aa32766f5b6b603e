"""A draft that was not as authorized is put right in the browser, from the work item to what the timeline says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.looking import assert_accessible, assert_no_sideways_scroll
from tests.browser.views import NARROW
from tests.web.desk.returned_drafts import came_back


@pytest.fixture
def draft(people, number):
    return came_back(number("Thi Hoa Nguyen"), "R11")


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
    expect(dana.get_by_text("$20.00 is drawn on")).to_be_visible()
    dana.goto(f"/desk/autopay/{draft.pk}/")
    expect(dana.get_by_text("Corrected by")).to_be_visible()
    assert_accessible(dana)
