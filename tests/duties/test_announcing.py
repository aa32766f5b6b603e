"""AM-04 through the pages: planned work on a feeder told to the right people, confirmed, moved and delivered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from lamplighter.customers.models import Person
from lamplighter.customers.operations import add_contact_point, add_human, set_language
from lamplighter.kernel.actors import system
from lamplighter.keyaccounts.models import Issue, Tie
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.notices.channels import Channel
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import Step, load_starter_templates, record_deliveries, set_sender
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.outreach.models import Announcement, Confirmation, Told
from lamplighter.outreach.operations.traits import note_trait
from lamplighter.platform.models import Approval
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule
from lamplighter.worklist.models import Item
from tests.duties.playing import fills
from tests.keyaccounts.conftest import JOEL, TODAY
from tests.keyaccounts.world import NOW, Clock, answers, fill, world
from tests.web.conftest import make_person
from tests.web.wording import wording

TOWN = system("town")
MADE = {200, 204, 303}
DOCK = "Dock 102"
DAY, LATER = TODAY + timedelta(days=12), TODAY + timedelta(days=14)
CLINIC, CHANDLER = "Three Herons Clinic", "Rope Shop"


@pytest.fixture(scope="module")
def built(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("notices"), django_db_blocker) as made:
        _dock(made)
        yield made


def _dock(made):
    """The brewery with its night contact and its facility, a clinic that is critical, a shop and a home on one feeder;
    another shop is elsewhere."""
    town = made.town
    rate = Schedule.objects.get(code="GS-1")
    for name in (CLINIC, CHANDLER, "Elsewhere"):
        home = town.moves_in(name, rate, interval=None)
        Person.objects.filter(account_roles__account=home.account).update(
            name=name, sort_name=name, kind="organisation"
        )
    ServicePoint.objects.exclude(pk=town.homes["Elsewhere"].point.pk).update(feeder=DOCK)
    for given, part, kind, value in (
        ("Ines", Tie.Part.OUTAGE, "mobile", "(510) 555-0161"), ("Tobias", Tie.Part.FACILITY, "email", "t@example.net"),
        ("Paula", Tie.Part.BILLING, "email", "p@example.net"),
    ):  # fmt: skip
        person = add_human(given=given, family="Kelp", by=JOEL, at=town.at)
        add_contact_point(person=person, kind=kind, value=value, on=TODAY, by=JOEL, at=town.at)
        keeping.tie(organisation=made.kelp, person=person, part=part, title="", on=TODAY, by=JOEL, at=town.at)
    set_language(person=Person.objects.get(name="Tobias Kelp"), language="es", interpreter=False, by=JOEL, at=town.at)
    clinic = town.homes[CLINIC].account
    note_trait(account=clinic, kind="critical", value="hospital", source="Visit", on=TODAY, by=JOEL, at=town.at)
    load_starter_templates(by=TOWN, at=town.at, demo_town=True)
    set_sender(utility="Marisol Bay Power", phone="(510) 555-0100", website="marisolbaypower.example",
               office="800 Foundry St", email="service@example.net", by=JOEL, at=town.at)  # fmt: skip


@pytest.fixture
def city(built, db, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    return built


@pytest.fixture
def joel(city):
    return city.be("joel")


def url(name, *args):
    return reverse(f"key:{name}", args=args)


def plans(joel, **said):
    known = {"kind": "outage", "title": "Replace a pole on Dock Street", "reason": "pole", "feeder": DOCK,
             "day": DAY.isoformat(), "begins": "06:00", "ends": "09:00", "contact": "joel"}  # fmt: skip
    answer = fills(joel, url("do-plan-notice"), **{**known, **said})
    assert answer.status_code in MADE, wording(answer)
    return Announcement.objects.latest("pk")


def approves(client, decision="yes", remark=""):
    waiting = Approval.objects.get(kind="outreach.announcement", state="waiting")
    return fills(client, reverse("lead:approval", args=[waiting.pk]), decision=decision, remark=remark)


def sends(city, joel, found):
    assert fills(joel, url("do-ask-notice", found.pk)).status_code in MADE
    assert approves(city.be("renee")).status_code in MADE
    found.refresh_from_db()
    return found


def names_told(found):
    return {(one.person.name, one.part, one.notice.channel) for one in Told.objects.filter(announcement=found)}


def test_am_04_planned_work_is_told_to_the_right_people_after_a_second_person_looked(city, joel):
    """KAM-K10: counted by language and channel, previewed, approved by a second person."""
    found = plans(joel)
    page = answers(joel.get(url("notice", found.pk)))
    assert "1 by email in Spanish, 2 by letter in English, 1 by text" in page, "counts by language and channel"
    assert "Cortaremos la electricidad" in page, "each language is read before anything goes out"
    assert "We will turn off power to" in page
    assert "Elsewhere" not in page
    assert fills(joel, url("do-ask-notice", found.pk)).status_code in MADE
    assert not Notice.objects.filter(subject=found.subject).exists(), "nothing goes out on one person's word"
    own = approves(joel)
    assert "Nobody approves their own" in own.content.decode()
    renee = city.be("renee")
    waiting = Approval.objects.get(kind="outreach.announcement", state="waiting")
    asked = answers(renee.get(reverse("lead:approval", args=[waiting.pk])))
    assert "Critical customers to confirm" in asked
    assert approves(renee).status_code in MADE
    assert "Replace a pole" in answers(joel.get(url("today"))), "KAM-K1: planned work stands on the manager's day"
    assert names_told(found) == {
        ("Ines Kelp", "24-hour outage contact", "text"), ("Tobias Kelp", "Facility", "email"),
        (CLINIC, "Customer", "letter"), (CHANDLER, "Customer", "letter"),
    }  # fmt: skip
    tobias = Notice.objects.get(subject=found.subject, channel="email")
    assert tobias.language == "es"
    text = Notice.objects.get(subject=found.subject, channel="text").words.read[0].body
    assert "6:00–9:00 am" in text
    assert "The work: a pole is replaced." in text
    timeline = answers(joel.get(reverse("desk:account", args=[tobias_account(found).number]) + "?panel=timeline"))
    assert "Planned outage" in timeline


def tobias_account(found):
    return Told.objects.get(announcement=found, part="Facility").account


def test_am_04_a_critical_customer_waits_until_somebody_notes_who_confirmed(city, joel):
    found = sends(city, joel, plans(joel))
    clinic = city.town.homes[CLINIC].account
    item = Item.objects.get(kind="outreach.confirm")
    assert (item.account, item.subject) == (clinic.pk, found.subject)
    assert url("notice", found.pk) in joel.get(reverse("desk:item", args=[item.pk])).content.decode()
    assert "Not yet" in answers(joel.get(url("notice", found.pk)))
    fills(joel, url("do-confirm-notice", found.pk, clinic.number), who="Charge nurse Amy Ode", how="call")
    item.refresh_from_db()
    assert item.state == "done"
    page = answers(joel.get(url("notice", found.pk)))
    assert "Charge nurse Amy Ode" in page
    assert "noted by Joel Castellanos" in page
    twice = fills(joel, url("do-confirm-notice", found.pk, clinic.number), who="Somebody else", how="visit")
    assert "confirmed already" in twice.content.decode()
    assert Confirmation.objects.get().at == NOW
    shop = city.town.homes[CHANDLER].account.number
    other = fills(joel, url("do-confirm-notice", found.pk, shop), who="The owner", how="call")
    assert "has to confirm" in other.content.decode(), "only who was asked can have confirmed"


@pytest.mark.windowless
def test_am_04_what_somebody_ended_in_the_worklist_stays_in_sight(city, joel):
    found = sends(city, joel, plans(joel))
    item = Item.objects.get(kind="outreach.confirm")
    assert fills(joel, reverse("desk:do-finish", args=[item.pk]), outcome="elsewhere").status_code in MADE
    page = answers(joel.get(url("notice", found.pk)))
    assert "confirmed another way" in page
    assert "Not yet" not in page


@pytest.mark.windowless
def test_am_04_a_place_with_nobody_to_write_to_is_named_before_anything_goes_out(city, joel):
    shop = city.town.homes[CHANDLER].account
    Person.objects.filter(account_roles__account=shop).update(deceased_on=TODAY)
    found = plans(joel)
    assert f"Nobody is told at {shop.number}" in answers(joel.get(url("notice", found.pk)))
    shown = fill(joel, url("do-ask-notice", found.pk)).content.decode()
    assert "Nobody is told at" in shown
    assert shop.number in shown


@pytest.mark.windowless
def test_am_04_a_notice_that_was_refused_and_dropped_leaves_its_request_readable(city, joel):
    found = plans(joel)
    fills(joel, url("do-ask-notice", found.pk))
    renee = city.be("renee")
    asked = Approval.objects.get(kind="outreach.announcement", state="waiting")
    assert approves(renee, decision="no", remark="Not before the feast.").status_code in MADE
    assert fills(joel, url("do-drop-notice", found.pk)).status_code in MADE
    assert "nobody was told" in answers(renee.get(reverse("lead:approval", args=[asked.pk])))


@pytest.mark.windowless
def test_am_04_what_is_approved_too_late_does_not_go_out(city, joel, monkeypatch):
    found = plans(joel, day=(TODAY + timedelta(days=3)).isoformat())
    fills(joel, url("do-ask-notice", found.pk))
    monkeypatch.setattr(Clock, "now", staticmethod(lambda: NOW + timedelta(days=1)))
    late = approves(city.be("renee"))
    assert "too soon" in late.content.decode()
    assert not Told.objects.exists()


@pytest.mark.windowless
def test_am_04_what_fails_is_told_again_by_another_way(city, joel):
    """KAM-K10: the log says what was delivered and what failed."""
    found = sends(city, joel, plans(joel))
    letter = Told.objects.get(announcement=found, person__name=CLINIC)
    with unit_of_work(TOWN):
        step = Step(letter.notice_id, DeliveryStep.HANDED_OVER, NOW, "batch L-1")
        back = Step(letter.notice_id, DeliveryStep.RETURNED, NOW, "tray of returned mail", "moved")
        record_deliveries(steps=[step, back], by=TOWN, at=NOW)
        email = {"kind": "email", "value": "clinic@example.net", "on": TODAY}
        add_contact_point(person=letter.person, **email, by=JOEL, at=NOW)
    page = answers(joel.get(url("notice", found.pk)))
    assert "Returned" in page
    assert url("do-tell-again", found.pk, letter.pk) in page
    assert fills(joel, url("do-tell-again", found.pk, letter.pk), channel="email").status_code in MADE
    again = Notice.objects.get(replaces=letter.notice)
    assert (again.channel, again.words.address) == (Channel.EMAIL, ["clinic@example.net"])
    assert "Told again by" in answers(joel.get(url("notice", found.pk)))
    twice = fills(joel, url("do-tell-again", found.pk, letter.pk), channel="letter")
    assert "sent again already" in twice.content.decode()
    with unit_of_work(TOWN):
        handed = Step(again.pk, DeliveryStep.HANDED_OVER, NOW, "queue 5")
        bounced = Step(again.pk, DeliveryStep.BOUNCED, NOW, "report 5", "No such box.")
        record_deliveries(steps=[handed, bounced], by=TOWN, at=NOW)
    page = answers(joel.get(url("notice", found.pk)))
    assert "Bounced" in page, "the second failure is seen as well"
    assert fills(joel, url("do-tell-again", found.pk, letter.pk), channel="letter").status_code in MADE
    assert Notice.objects.get(replaces=again).channel == Channel.LETTER


@pytest.mark.windowless
def test_am_04_work_that_moves_is_told_to_the_same_people_and_confirmed_anew(city, joel):
    first = sends(city, joel, plans(joel))
    clinic = city.town.homes[CLINIC].account
    same = fills(joel, url("do-move-notice", first.pk))
    assert "same day and the same hours" in same.content.decode()
    assert fills(joel, url("do-move-notice", first.pk), day=LATER.isoformat()).status_code in MADE
    wrong = Announcement.objects.get(follows=first)
    assert fills(joel, url("do-drop-notice", wrong.pk)).status_code in MADE
    assert fills(joel, url("do-move-notice", first.pk), day=LATER.isoformat()).status_code in MADE
    second = Announcement.objects.get(follows=first)
    town = city.town
    with unit_of_work(TOWN):
        town.moves_in("New Bakery", Schedule.objects.get(code="GS-1"), interval=None, on=TODAY)
        ServicePoint.objects.filter(pk=town.homes["New Bakery"].point.pk).update(feeder=DOCK)
    sends(city, joel, second)
    assert names_told(second) == names_told(first), "the same people, though somebody new is on the feeder"
    words = Notice.objects.get(subject=second.subject, channel="text").words.read[0].body
    assert "has moved" in words
    assert Item.objects.get(kind="outreach.confirm", ended_at__isnull=True).subject == second.subject
    assert Item.objects.filter(kind="outreach.confirm", subject=first.subject, state="done").exists()
    assert "Moved since" in answers(joel.get(url("notice", first.pk)))
    assert fills(joel, url("do-cancel-notice", second.pk)).status_code in MADE
    third = sends(city, joel, Announcement.objects.get(follows=second))
    assert "is cancelled" in Notice.objects.get(subject=third.subject, channel="text").words.read[0].body
    assert not Item.objects.filter(kind="outreach.confirm", ended_at__isnull=True).exists(), "nobody waits for it now"
    assert clinic.pk in {one.account_id for one in Told.objects.filter(announcement=third)}


@pytest.mark.windowless
def test_am_04_a_change_of_rates_goes_to_whoever_pays_the_bills_in_words_of_its_own(city, joel):
    found = plans(joel, kind="bill", title="GS-2 from July", reason=None, feeder=None, portfolio="joel", begins=None,
                  ends=None)  # fmt: skip
    assert "Write what changes first" in answers(joel.get(url("notice", found.pk)))
    about = "Your rate from July"
    fills(joel, url("do-word-notice", found.pk), language="en", about=about, words="Nights cost less, 4 to 9 pm more.")
    sends(city, joel, found)
    assert names_told(found) == {("Paula Kelp", "Billing", "email")}
    sheet = Notice.objects.get(subject=found.subject).words.read[0]
    assert sheet.subject == about
    assert "Nights cost less" in sheet.body


@pytest.mark.windowless
def test_am_04_trees_are_told_by_a_list_and_a_wrong_list_is_refused(city, joel):
    shop = city.town.homes[CHANDLER].account.number
    wrong = fills(joel, url("do-plan-notice"), kind="trees", title="Elm", reason="trim", accounts="999999-9",
                  feeder=None, day=DAY.isoformat())  # fmt: skip
    assert "There is no account 999999-9" in wrong.content.decode()
    both = fills(joel, url("do-plan-notice"), kind="trees", title="Elm", reason="trim", portfolio="joel", feeder=DOCK,
                 day=DAY.isoformat())  # fmt: skip
    assert "a portfolio by itself" in both.content.decode()
    found = sends(city, joel, plans(joel, kind="trees", title="Elm", reason="trim", accounts=shop, portfolio="",
                                    feeder=""))  # fmt: skip
    assert names_told(found) == {(CHANDLER, "Customer", "letter")}
    assert not Item.objects.filter(kind="outreach.confirm").exists(), "nobody loses power by it"


@pytest.mark.windowless
def test_am_04_people_who_changed_since_they_were_shown_stop_the_sending(city, joel):
    found = plans(joel)
    assert fills(joel, url("do-ask-notice", found.pk)).status_code in MADE
    ServicePoint.objects.filter(pk=city.town.homes[CHANDLER].point.pk).update(feeder="Harbor 101")
    refused = approves(city.be("renee"))
    assert refused.status_code == 422
    assert "changed since it was asked" in refused.content.decode()
    assert not Told.objects.exists()


@pytest.mark.windowless
def test_am_04_an_issue_has_one_owner_until_it_is_closed(city, joel):
    make_person("lena", "Lena Ortiz", "csr")
    soon = (TODAY + timedelta(days=5)).isoformat()
    fills(joel, url("do-issue", "kelp-kettle-brewing"), about="quality", words="Lights dip.", promised_on=soon)
    issue = Issue.objects.get()
    assert issue.owner.username == "joel"
    assert "Lights dip." in answers(joel.get(url("today")))
    fills(joel, url("do-close", issue.number), outcome="solved", words="A loose neutral was mended.")
    issue.refresh_from_db()
    assert issue.closed_by == JOEL
    assert "A loose neutral was mended." in answers(joel.get(url("issue", issue.number)))
    assert city.be("lena").get(url("notices")).status_code == 403
