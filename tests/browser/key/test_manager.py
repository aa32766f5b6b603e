"""An account manager's day: a contact logged by keyboard in ten seconds, three what-ifs, a visit without a signal."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from playwright.sync_api import expect
from pypdf import PdfReader

from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Organisation, Scenario, Step, Touch
from lamplighter.keyaccounts.operations import plans
from lamplighter.keyaccounts.operations.relations import set_step
from lamplighter.platform.models import User
from tests.browser.looking import assert_accessible, press, tab_to
from tests.keyaccounts.conftest import JOEL, TODAY
from tests.keyaccounts.world import NOW

HERE = "/key/accounts/kelp-kettle-brewing/"
TEN_SECONDS = 10.0
A_KEY = 0.12
"""Seconds, of somebody who types a hundred words a minute."""
PHOTO = {"name": "kettle.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + b"\0" * 2000}


def test_k2_a_contact_is_logged_from_anywhere_by_keyboard_within_ten_seconds(joel):
    """KAM-K2."""
    joel.goto("/key/contracts/")
    before, said, then = Touch.objects.count(), "Asks about a later start of the kettle", "Send the two curves"
    keys = press(joel, "l")
    expect(joel.locator("select[name=organisation]")).to_be_focused()
    keys += press(joel, "Kelp")
    keys += tab_to(joel, "input[name=words]") + press(joel, said)
    keys += tab_to(joel, "input[name=step]") + press(joel, then) + press(joel, "⏎")
    expect(joel.locator("select[name=organisation]")).to_have_count(0)
    assert keys * A_KEY < TEN_SECONDS
    touch = Touch.objects.latest("pk")
    assert Touch.objects.count() == before + 1
    assert str(touch.organisation) == "Kelp & Kettle Brewing"
    joel.goto(HERE)
    expect(joel.locator("main")).to_contain_text(said)
    assert Step.objects.filter(touch=touch).count() == 1
    joel.goto("/key/")
    expect(joel.locator("main")).to_contain_text(then)


def test_k8_a_visit_without_a_signal_stays_on_the_phone_with_its_photo_and_is_sent_once(phone):
    """KAM-K8."""
    before = Touch.objects.count()
    phone.goto("/key/visits/kelp-kettle-brewing/")
    assert phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    phone.get_by_label("What was seen and said").fill("The kettle starts with the chillers at 10:15.")
    phone.locator("input[type=file]").set_input_files(PHOTO)
    button = phone.get_by_role("button", name="Keep the visit")
    button.click()
    expect(phone.locator("#outbox li")).to_have_count(1)
    button.click(force=True)
    expect(phone.locator("#outbox li")).to_have_count(1)
    assert Touch.objects.count() == before
    phone.context.set_offline(False)
    expect(phone.locator("#outbox")).to_be_hidden()
    touch = Touch.objects.latest("pk")
    assert (Touch.objects.count(), touch.kind, touch.photos.count()) == (before + 1, "visit", 1)
    phone.goto("/key/visits/kelp-kettle-brewing/")
    expect(phone.locator("#outbox")).to_be_hidden()
    assert Touch.objects.count() == before + 1, "sent once"
    assert_accessible(phone)


def test_k5_a_slider_asks_for_its_answer_alone_and_three_what_ifs_stand_side_by_side(joel):
    """KAM-K5."""
    for level in (290, 320, 350):
        joel.goto(f"{HERE}advice/?m=stagger&stagger.level_kw={level}")
        joel.wait_for_load_state("networkidle")
        joel.get_by_role("link", name="Keep it").click()
        joel.locator("#panel input[name=name]").fill(f"Hold at {level}")
        joel.keyboard.press("Enter")
        expect(joel.locator("#panel-kept")).to_contain_text(f"Hold at {level}")
    assert Scenario.objects.count() == 3
    rows = joel.locator("#panel-kept tbody tr")
    expect(rows).to_have_count(3)
    slider = joel.locator("input[type=range]").first
    asked: list[str] = []
    joel.on("request", lambda request: asked.append(request.url))
    for place, level in enumerate(("300", "310", "330"), 1):
        with joel.expect_response(lambda answer: "panel=answer" in answer.url) as answered:
            slider.fill(level)
        answered.value.finished()
        others = [url for url in asked if HERE in url and "panel=rates" not in url]  # these follow whoever pauses
        assert len(others) == place, "a change asks for the answer alone"
    assert_accessible(joel)


def test_k6_a_plan_that_has_much_to_say_prints_on_four_pages_and_the_rest_in_its_annex(joel):
    """KAM-K7."""
    with transaction.atomic():
        says_much()
    joel.goto(f"{HERE}plan/")
    joel.get_by_role("link", name="Print").click()
    four = printed(joel)
    assert len(four) == 4
    heads = ("Where it stands", "A year of power", "Goals", "What is being done")
    assert [head in page for head, page in zip(heads, four, strict=True)] == [True] * 4
    assert "In the annex: 2 more goals, 4 more actions." in four[3]
    joel.get_by_role("link", name="With the annex").click()
    whole = printed(joel)
    assert len(whole) > 4
    assert "Goal 9 of the year" in "".join(whole[4:])
    assert "Action 13" in "".join(whole[4:])
    assert_accessible(joel)


def says_much() -> None:
    """A plan with more goals and actions, and more of a situation, than its pages hold."""
    plan = plans.start_plan(
        organisation=Organisation.objects.get(slug="kelp-kettle-brewing"),
        period=Period(TODAY - timedelta(days=30), TODAY + timedelta(days=300)),
        situation="The kettle sets the peak, and much else is to be told of it. " * 29, review_on=TODAY,
        by=JOEL, at=NOW,
    )  # fmt: skip
    goals = [
        plans.set_goal(plan=plan, title=f"Goal {n} of the year, with all that belongs to it", measure="touches",
                       agreement=None, baseline=Decimal(0), target=Decimal(9), due_on=TODAY + timedelta(days=90),
                       by=JOEL, at=NOW)
        for n in range(10)
    ]  # fmt: skip
    user = User.objects.get(username="joel")
    for n in range(14):
        set_step(words=f"Action {n}: ask again how far the work on it has come, and write it down", owner=user,
                 due_on=TODAY + timedelta(days=n), organisation=plan.organisation, goal=goals[0], by=JOEL,
                 at=NOW)  # fmt: skip


def printed(page) -> list[str]:
    """The words of each page, as the browser prints it."""
    page.wait_for_load_state("networkidle")
    paper = page.pdf(prefer_css_page_size=True)
    return [" ".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(paper)).pages]
