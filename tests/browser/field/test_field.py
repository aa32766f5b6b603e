"""A crew's day on the phone: big targets, a lost signal, sent once when it is back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from lamplighter.fieldwork.models import Order, Report
from lamplighter.fieldwork.operations import ordering
from lamplighter.fieldwork.types import OrderKind
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import RegisterRead
from tests.browser.looking import assert_accessible, sign_in
from tests.browser.views import NARROW
from tests.web.desk.town import DANA, NOW

SMALL = (
    "nodes => nodes.filter(node => node.offsetParent && node.getBoundingClientRect().height < 44).map(n => n.outerHTML)"
)


def last_of(order: Order) -> int:
    return RegisterRead.objects.filter(channel__meter=order.meter).latest("at").count


def opened(phone, order) -> None:
    phone.goto("/field/")
    phone.locator("[data-route]").get_by_role("link", name=order.premise.address).click()
    expect(phone.locator("h1")).to_have_text(order.label)


def test_a_crew_goes_from_its_route_to_done(phone, stop):
    order = stop("Pat Kowalczyk", note="Big dog")
    opened(phone, order)
    assert phone.locator(".field-first").bounding_box()["y"] < phone.locator("h1").bounding_box()["y"]
    expect(phone.locator(".field-first")).to_contain_text("Big dog")
    phone.get_by_role("button", name="Start").click()
    expect(phone.locator("[data-state]")).to_have_text("In progress")
    phone.get_by_label("Meter E-").fill(str(last_of(order) + 40))
    phone.get_by_role("button", name="It is done").click()
    expect(phone.locator("[data-state]")).to_have_text("Complete")
    assert RegisterRead.objects.latest("id").count == last_of(order)
    assert [report.outcome for report in Report.objects.filter(order=order)] == ["done"]


def test_a_read_that_does_not_fit_is_looked_at_twice_on_the_phone_itself(phone, stop):
    order = stop("Pat Kowalczyk")
    opened(phone, order)
    phone.get_by_text("Done", exact=True).click()
    phone.get_by_label("Meter E-").fill(str(last_of(order) + 20_000))
    phone.context.set_offline(True)
    phone.get_by_role("button", name="It is done").click()
    expect(phone.locator(".field-error")).to_contain_text("Look at the dials again")
    expect(phone.get_by_label("I looked twice")).to_be_focused()
    expect(phone.locator("#outbox")).to_be_hidden()


def test_what_is_entered_without_a_signal_is_sent_once_when_it_is_back(phone, stop):
    order, then = stop("Pat Kowalczyk"), NOW + timedelta(minutes=2)
    phone.clock.set_fixed_time(then)
    opened(phone, order)
    count = last_of(order) + 5
    phone.context.set_offline(True)
    expect(phone.locator("#offline")).to_contain_text("No signal.")
    phone.get_by_role("button", name="Start").click()
    expect(phone.locator("#outbox")).to_contain_text(f"Start {order.premise.address}")
    phone.get_by_text("Done", exact=True).click()
    phone.get_by_label("Meter E-").fill(str(count))
    button = phone.get_by_role("button", name="It is done")
    button.click()
    expect(phone.locator("#outbox li")).to_have_count(2)
    button.click(force=True)
    expect(phone.locator("#outbox li")).to_have_count(2)
    assert Report.objects.filter(order=order).count() == 0
    phone.context.set_offline(False)
    expect(phone.locator("[data-state]")).to_have_text("Complete")
    expect(phone.locator("#outbox")).to_be_hidden()
    assert Report.objects.filter(order=order).count() == 1
    assert list(RegisterRead.objects.filter(count=count).values_list("at", flat=True)) == [then]
    phone.reload()
    expect(phone.locator("#outbox")).to_be_hidden()
    assert Report.objects.filter(order=order).count() == 1


def test_the_days_pages_open_without_a_signal_and_what_waits_survives_the_browser_page(phone, stop):
    order = stop("Gwen Pruitt", OrderKind.INVESTIGATE)
    phone.goto("/field/")
    expect(phone.locator("[data-route][data-kept]")).to_be_visible()
    phone.wait_for_function("navigator.serviceWorker.controller")
    phone.context.set_offline(True)
    phone.locator("[data-route]").get_by_role("link", name=order.premise.address).click()
    expect(phone.locator("h1")).to_have_text("Investigate")
    phone.get_by_text("Done", exact=True).click()
    phone.get_by_label("Signs of tampering").check()
    phone.locator("#done_photos").set_input_files(
        {"name": "meter.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + b"\0" * 2000}
    )
    phone.get_by_role("button", name="It is done").click()
    expect(phone.locator("#outbox")).to_contain_text("Investigate, 310 Santa Clara Ave")
    phone.goto("/field/")
    expect(phone.locator("#outbox")).to_contain_text("Investigate, 310 Santa Clara Ave")
    phone.context.set_offline(False)
    expect(phone.locator("#outbox")).to_be_hidden()
    expect(phone.get_by_role("heading", name="Over")).to_be_visible()
    report = Report.objects.get(order=order)
    assert (report.data["found"], report.photos.count()) == ("tamper", 1)


def test_what_did_not_get_through_is_tried_again_though_the_phone_believes_in_its_signal(phone, stop):
    order, tries = stop("Pat Kowalczyk"), []
    phone.clock.install(time=NOW)
    opened(phone, order)
    phone.route(
        "**/start/", lambda route: tries.append(route.request) or (route.continue_() if tries[1:] else route.abort())
    )
    phone.get_by_role("button", name="Start").click()
    expect(phone.locator("#outbox li")).to_have_count(1)
    while not tries:
        phone.wait_for_timeout(20)
    for _ in range(60):  # twenty minutes; after eight hours its session would end and load the page again
        if not tries[1:]:
            phone.clock.run_for(20_000)
    expect(phone.locator("[data-state]")).to_have_text("In progress")
    expect(phone.locator("#outbox")).to_be_hidden()


def test_what_is_refused_stays_on_the_phone_and_is_corrected(phone, stop):
    order = stop("Pat Kowalczyk", OrderKind.EXCHANGE)
    phone.clock.set_fixed_time(NOW + timedelta(minutes=3))
    opened(phone, order)
    phone.get_by_text("Done", exact=True).click()
    phone.get_by_label("Number of the meter that was set").fill("E-0000")
    phone.get_by_label("Meter E-").fill(str(last_of(order) + 1))
    phone.get_by_role("button", name="It is done").click()
    expect(phone.locator("#outbox")).to_contain_text("No meter E-0000 is known.")
    phone.get_by_role("link", name="Correct it").click()
    expect(phone.get_by_label("Number of the meter that was set")).to_have_value("E-0000")
    phone.get_by_role("button", name="Throw away").click()
    expect(phone.locator("#outbox")).to_be_hidden()


def test_a_cancelled_order_is_said_to_be_over_though_the_phone_did_not_know(phone, stop):
    order = stop("Gwen Pruitt", OrderKind.DISCONNECT, reason="move-out")
    opened(phone, order)
    with unit_of_work(DANA):
        ordering.cancel_order(order=order, reason="not-needed", by=DANA, at=NOW)
    phone.get_by_role("button", name="Start").click()
    expect(phone.locator("#outbox")).to_contain_text("Do nothing there, and call the desk.")


def test_the_phone_is_clean_for_axe_in_both_lights_with_targets_for_gloves(phone, stop):
    order = stop("Pat Kowalczyk", OrderKind.DISCONNECT, reason="move-out", note="Big dog")
    for path in ("/field/", f"/field/orders/{order.number}/"):
        phone.goto(path)
        for summary in phone.locator("summary").all():
            summary.click()
        assert_accessible(phone, [(NARROW, "light"), (NARROW, "dark")])
        phone.set_viewport_size(NARROW)
        assert (
            phone.locator("main :is(a, button, summary, .row-choice, .form-check, .form-control)").evaluate_all(SMALL)
            == []
        )


PAGES = (
    "/desk/orders/", "/desk/orders/board/", "/desk/orders/board/2026-12-01/", "/desk/orders/board/do/places/",
    "/desk/crews/", "/desk/crews/truck-1/", "/desk/crews/do/area/", "/desk/crews/areas/harbor/do/change/",
    "/desk/crews/do/crew/", "/desk/crews/truck-1/do/join/", "/desk/crews/truck-1/do/days/",
    "/desk/crews/truck-1/do/end/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_the_desks_pages_of_orders_are_clean_for_axe(page, stop, path):
    stop("Gwen Pruitt")
    sign_in(page, username="dora")
    page.goto(path)
    assert_accessible(page)


def test_an_order_is_raised_from_the_account_with_the_keyboard(page, people, stop):
    sign_in(page, username="dana")
    home = people.homes["Jun Park"]
    page.goto(f"/desk/accounts/{home.account.number}/")
    page.keyboard.press("o")
    expect(page.locator("#panel-title")).to_have_text("Raise an order")
    page.get_by_label("Read the meter").check()
    page.get_by_label("Fri, Nov 20, noon to 5 pm").check()
    page.get_by_label("Safety at the place").fill("Loose step")
    page.get_by_role("button", name="Raise it").click()
    expect(page.locator("h1")).to_contain_text("Read the meter")
    expect(page.locator("main")).to_contain_text("Loose step")
    expect(page.locator("#panel-about")).to_contain_text("Fri, Nov 20, noon to 5 pm, Truck 1, promised")
    assert_accessible(page)
