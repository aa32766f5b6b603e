"""Outreach played through the pages: an offer to restaurants that cook with gas, an evening with its sheet, leads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lamplighter.customers.models import ContactPoint, Person
from lamplighter.customers.operations import add_contact_point, set_language
from lamplighter.kernel.actors import system
from lamplighter.keyaccounts.models import Gathering
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.outreach.models import Campaign, Lead, MaterialRequest, OptOut, SignUp, Target, Trait
from lamplighter.platform.transactions import unit_of_work
from lamplighter.tariffs.models import Schedule
from tests.duties.playing import fills
from tests.keyaccounts.conftest import JOEL, TODAY
from tests.keyaccounts.world import Clock, answers, world

TOWN = system("town")
SOON = (TODAY + timedelta(days=8)).isoformat()
GRILL, NOODLES, DINER, QUIET, SHOP = "Harborview Grill", "Galley Noodles", "Walnut Diner", "Quiet Cafe", "Rope Shop"
WORDS = "Induction cooks faster and keeps the kitchen cool. We price your own kitchen for nothing."


@pytest.fixture(scope="module")
def built(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("outreach"), django_db_blocker) as made:
        _street(made.town)
        yield made


def _street(town):
    """Five shops on GS-1, four of them restaurants; an email for the first two, and the noodle house reads Chinese."""
    rate = Schedule.objects.get(code="GS-1")
    for name in (GRILL, NOODLES, DINER, QUIET, SHOP):
        home = town.moves_in(name, rate, interval=None)
        person = Person.objects.get(account_roles__account=home.account)
        Person.objects.filter(pk=person.pk).update(name=name, sort_name=name, kind="organisation")
        if name in (GRILL, NOODLES):
            email = f"{name.split()[0].lower()}@example.net"
            add_contact_point(person=person, kind="email", value=email, on=TODAY, by=JOEL, at=town.at)
    noodles = Person.objects.get(name=NOODLES)
    set_language(person=noodles, language="zh-hant", interpreter=False, by=JOEL, at=town.at)
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


def number_of(name):
    return Person.objects.get(name=name).account_roles.get().account.number


def knows_the_kitchens(joel):
    """The list of the health department: one line of it names no account, one no business code."""
    lines = ["account,kind,value"]
    lines += [f"{number_of(name)},{kind}" for name in (GRILL, NOODLES, DINER, QUIET)
              for kind in ("business,722511", "cooking,gas")]  # fmt: skip
    lines += ["999999-9,cooking,gas", f"{number_of(SHOP)},business,rope"]
    file = SimpleUploadedFile("kitchens.csv", "\n".join(lines).encode(), "text/csv")
    return fills(joel, url("do-traits"), file=file, source="County health list", since=TODAY.isoformat())


def plans_it(joel, **more):
    fills(joel, url("do-campaign"), **{
        "name": "Electric kitchens", "business": "722", "trait": "cooking=gas", "rate": "GS-1", "by_way_of": "either",
        "topic": "kitchen", **more,
    })  # fmt: skip
    fills(joel, url("do-words", "electric-kitchens"), language="en", about="A cooler kitchen", words=WORDS)
    return Campaign.objects.get(slug="electric-kitchens")


def test_am_06_restaurants_with_gas_kitchens_on_gs_1_are_found_with_the_reason_for_each(joel):
    told = answers(knows_the_kitchens(joel))
    assert "8 noted" in told
    assert [line in told for line in ("There is no account “999999-9”", "“rope” is no business code")] == [True, True]
    plans_it(joel)
    page = answers(joel.get(url("campaign", "electric-kitchens")))
    assert "business code 722, cooking: gas, on GS-1" in page, "what was asked stands over it in words"
    assert "4 of 4 would be written to." in page
    assert SHOP not in page
    shown = {name: re.search(rf"{name}.*?</tr>", page, re.DOTALL)[0] for name in (GRILL, DINER)}
    assert "business code 722…, cooking: gas, GS-1" in shown[GRILL]
    assert "Email" in shown[GRILL]
    assert "Letter" in shown[DINER], "it gave no email"


@pytest.mark.windowless
def test_am_06_who_wants_no_offers_gets_none_and_nobody_is_written_to_twice(joel):
    knows_the_kitchens(joel)
    fills(joel, url("do-no-offers"), who=number_of(QUIET), how="call")
    plans_it(joel)
    page = answers(joel.get(url("campaign", "electric-kitchens")))
    assert "3 of 4 would be written to." in page
    assert "wants no offers" in page
    fills(joel, url("do-send", "electric-kitchens"))
    assert {one.person.name for one in Target.objects.select_related("person")} == {GRILL, NOODLES, DINER}
    assert Notice.objects.filter(subject="campaign:electric-kitchens").count() == 3
    page = answers(joel.get(url("campaign", "electric-kitchens")))
    assert "0 of 4 would be written to." in page
    assert "written to on Sep 10, 2026" in page
    refused = fills(joel, url("do-send", "electric-kitchens"))
    assert refused.status_code == 422
    assert "This reaches nobody." in refused.content.decode()
    assert Target.objects.count() == 3


@pytest.mark.windowless
def test_am_06_an_offer_that_reaches_others_by_now_is_looked_at_again(city, joel):
    knows_the_kitchens(joel)
    plans_it(joel)
    here = url("do-send", "electric-kitchens")
    joel.get(here)
    assert joel.post(here).status_code == 200
    fills(city.be("joel", 2), url("do-no-offers"), who=number_of(GRILL), how="call")
    answer = joel.post(here, {"confirmed": "1"})
    assert answer.status_code == 422
    assert "changed since you looked" in answer.content.decode()
    assert not Target.objects.exists()


@pytest.mark.windowless
def test_am_06_each_reads_it_in_their_language_where_it_was_written_so_and_else_in_english(joel):
    knows_the_kitchens(joel)
    plans_it(joel)
    fills(
        joel, url("do-words", "electric-kitchens"), language="zh-hant", about="更涼爽的廚房", words="電磁爐煮得更快。"
    )
    fills(joel, url("do-send", "electric-kitchens"))
    noodles, grill = (NoticeWords.objects.get(notice__recipient=f"person:{Person.objects.get(name=name).number}")
                      for name in (NOODLES, GRILL))  # fmt: skip
    assert noodles.read[0].subject == "更涼爽的廚房"
    assert "電磁爐" in noodles.read[0].body
    assert WORDS in grill.read[0].body
    assert "“" not in grill.read[0].subject


def test_am_06_the_link_answers_an_offer_once_and_the_lead_stands_on_the_managers_day(joel, public, windows):
    knows_the_kitchens(joel)
    plans_it(joel)
    fills(joel, url("do-send", "electric-kitchens"))
    grill, noodles = (_link(name) for name in (GRILL, NOODLES))
    second = windows(None, 2)
    second.get(grill)
    assert not Lead.objects.exists(), "mail programs open links: opening is no answer"
    assert public.get(grill).status_code == 200
    assert not Lead.objects.exists()
    for window in (public, second):
        assert "will call or write" in answers(window.post(f"{grill}say/", {"said": "yes"}, follow=True))
    public.get(noodles)
    public.post(f"{noodles}say/", {"said": "stop"})
    assert public.get(grill.replace("/offer/", "/offer/9")).status_code == 404, "nobody makes a link up"
    lead = Lead.objects.get()
    assert (lead.person.name, lead.topic) == (GRILL, "kitchen")
    assert OptOut.objects.get().person.name == NOODLES
    assert f"Answer {GRILL}: electric kitchen" in answers(joel.get(url("today")))
    target = Target.objects.get(person__name=DINER)
    fills(joel, url("do-reply", "electric-kitchens", target.pk), said="no", how="call", words="Next year.")
    page = answers(joel.get(url("campaign", "electric-kitchens")))
    assert "1 interested, 1 not now, 1 no more" in page
    fills(joel, url("do-close-lead", lead.pk), outcome="won", words="Two induction ranges.")
    assert "0 open, 1 went ahead" in answers(joel.get(url("campaign", "electric-kitchens")))
    assert f"Answer {GRILL}" not in answers(joel.get(url("today")))


def _link(name):
    words = NoticeWords.objects.get(notice__recipient=f"person:{Person.objects.get(name=name).number}")
    return "/" + re.search(r"https?://[^/]+/(replies/offer/\S+/)", words.read[0].body)[1]


def an_evening(joel):
    fills(joel, url("do-event"), name="Bright Nights Fair", day=TODAY.isoformat(), place="Harbor Plaza", host="",
          user="joel")  # fmt: skip
    return Gathering.objects.get()


def test_am_06_a_sign_up_sheet_makes_contacts_and_leads_without_duplicates(joel):
    """KAM-K14: contacts, no duplicates."""
    event = an_evening(joel)
    sheet = "\n".join([
        "Ana Diaz, ana@example.net, , Kelp & Kettle Brewing, vehicles",
        "ANA DIAZ, Ana@Example.net, (510) 555-0191",
        "Bo Lund, , (510) 555-0177",
        "bo lund, , 510-555-0177, , solar",
        "Nobody, , ,",
        "Cy Post, cy@example, ",
        "Di Ray, di@example.net, , , unicorns",
    ])  # fmt: skip
    before = Person.objects.count()
    told = answers(fills(joel, url("do-sheet", event.slug), sheet=sheet))
    assert "2 noted, 2 known already, 2 people new to us" in told
    assert "Give an email or a telephone of Nobody" in told
    assert "cy@example is not an email address" in told
    assert "“unicorns” is no topic" in told
    assert Person.objects.count() == before + 2
    assert SignUp.objects.count() == 2
    assert sorted(Lead.objects.values_list("person__name", "topic")) == [("Ana Diaz", "vehicles"), ("Bo Lund", "solar")]
    ana = SignUp.objects.get(person__name="Ana Diaz")
    assert str(ana.organisation) == "Kelp & Kettle Brewing"
    fills(joel, url("do-sign-up", event.slug), name="Ana Diaz", email="ana@example.net", topic="vehicles")
    assert (SignUp.objects.count(), Lead.objects.count()) == (2, 2)
    fills(joel, url("do-came", event.slug), who=[str(ana.pk)])
    page = answers(joel.get(url("event", event.slug)))
    assert "Ana Diaz" in page
    assert "Vehicles and charging" in page
    assert SignUp.objects.get(pk=ana.pk).attended_at is not None
    assert SignUp.objects.get(person__name="Bo Lund").attended_at is None
    assert "Answer Ana Diaz: vehicles and charging" in answers(joel.get(url("today")))


@pytest.mark.windowless
def test_am_06_a_campaign_that_invites_counts_who_signed_up_after_its_letter(joel):
    fills(joel, url("do-event"), name="Kitchen evening", day=SOON, place="The Tern Hotel", host="", user="joel")
    event = Gathering.objects.get()
    knows_the_kitchens(joel)
    plans_it(joel, gathering=event.slug)
    fills(joel, url("do-send", "electric-kitchens"))
    assert "for Kitchen evening" in answers(joel.get(url("campaign", "electric-kitchens")))
    grill = Person.objects.get(name=GRILL)
    Person.objects.filter(pk=grill.pk).update(kind="human")
    assert ContactPoint.objects.filter(person=grill, kind="email").exists()
    fills(joel, url("do-sign-up", event.slug), name=GRILL, email="harborview@example.net", topic="")
    tiles = answers(joel.get(url("campaign", "electric-kitchens"))).split("Signed up")[1]
    assert re.search(r">\s*1\s*<", tiles[:200])
    refused = fills(joel, url("do-came", event.slug), who=[str(SignUp.objects.get().pk)])
    assert "has not been yet" in refused.content.decode(), "nobody came to what is still to be"


@pytest.mark.windowless
def test_am_06_material_is_asked_for_and_stands_on_the_day_until_it_is_sent(joel):
    event = an_evening(joel)
    fills(joel, url("do-material"), title="Rebate brochure for kitchens", copies=40, language="vi", needed_on=SOON,
          purpose=f"event:{event.slug}")  # fmt: skip
    assert "40 Rebate brochure for kitchens, Vietnamese" in answers(joel.get(url("today")))
    asked = MaterialRequest.objects.get()
    fills(joel, url("do-answer-material", asked.pk), answer="sent", how="Courier of the print shop")
    assert "40 Rebate brochure" not in answers(joel.get(url("today")))


@pytest.mark.windowless
def test_am_06_a_campaign_to_everybody_is_refused_and_an_ended_one_writes_no_more(joel):
    refused = fills(joel, url("do-campaign"), name="All of you", by_way_of="email", topic="other")
    assert refused.status_code == 422
    assert "Say whom you mean" in refused.content.decode()
    knows_the_kitchens(joel)
    plans_it(joel)
    fills(joel, url("do-end-campaign", "electric-kitchens"))
    assert "Send " not in answers(joel.get(url("campaign", "electric-kitchens")))
    refused = fills(joel, url("do-send", "electric-kitchens"))
    assert refused.status_code == 422
    assert not Target.objects.exists()


@pytest.mark.windowless
def test_am_06_what_is_known_of_a_site_ends_where_something_newer_begins(joel):
    knows_the_kitchens(joel)
    later = (TODAY + timedelta(days=30)).isoformat()
    fills(
        joel, url("do-trait"), account=number_of(GRILL), kind="cooking", value="electric", source="Visit", since=later
    )
    first, second = Trait.objects.filter(account__number=number_of(GRILL), kind="cooking").order_by("period")
    assert (first.value, first.period.closed_end) == ("gas", TODAY + timedelta(days=30))
    assert (second.value, second.period.open) == ("electric", True)
    refused = fills(joel, url("do-trait"), account=number_of(GRILL), kind="cooking", value="wood", source="Visit")
    assert "cooking: “wood”? Give" in refused.content.decode()


@pytest.mark.windowless
def test_am_06_a_representative_sees_no_campaigns(city):
    with unit_of_work(JOEL):
        assert city.be("dana").get(url("campaigns")).status_code == 403
