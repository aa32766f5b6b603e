"""Surveys and complaints played through the pages: asked and answered once, small groups hidden; found, put right."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from lamplighter.cases.models import Contact
from lamplighter.customers.models import Person
from lamplighter.customers.operations import add_contact_point
from lamplighter.jobs.keyaccounts import ask_who_spoke
from lamplighter.kernel.actors import system
from lamplighter.keyaccounts.models import Issue
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.outreach.models import Invitation, Survey, SurveyAnswer
from lamplighter.tariffs.models import Schedule
from tests.duties.playing import DONE, fills
from tests.keyaccounts.conftest import JOEL, TODAY
from tests.keyaccounts.world import NOW, Clock, aims_at, answers, behind, world

TOWN = system("town")
ASKS = "rating: How easy was it?\nrating: How well was it solved?\nwords: What should we do better?"
CALLERS = ("Ana", "Bo", "Cy", "Di", "Eli", "Fay", "Gus")
SOON = (TODAY + timedelta(days=5)).isoformat()


@pytest.fixture(scope="module")
def built(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("asking"), django_db_blocker) as made:
        _callers(made.town)
        yield made


def _callers(town):
    """Seven shops who called yesterday; all but Gus have an email. Six are on GS-1, Ana is on GS-2."""
    for nth, name in enumerate(CALLERS):
        home = town.moves_in(name, Schedule.objects.get(code="GS-2" if name == "Ana" else "GS-1"), interval=None)
        person = Person.objects.get(account_roles__account=home.account)
        if name != "Gus":
            add_contact_point(person=person, kind="email", value=f"{name.lower()}@example.net", on=TODAY, by=JOEL,
                              at=town.at)  # fmt: skip
        called = NOW - timedelta(hours=20 + nth)
        Contact.objects.create(
            means="call", account=home.account, person=person, began_at=called, ended_at=called, wrapped_at=called,
            reason="high-bill", outcome="resolved",
        )  # fmt: skip
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


def begins_after_calls(joel):
    fills(joel, url("do-survey"), name="After a call", when="after")
    fills(joel, url("do-survey-words", "after-a-call"), language="en", intro="You called us. How was it?", text=ASKS)


def asks(joel):
    begins_after_calls(joel)
    fills(joel, url("do-invite", "after-a-call"))


def link_of(name):
    person = Person.objects.get(name=f"{name} Town")
    words = NoticeWords.objects.get(notice__recipient=f"person:{person.number}", notice__template__code="survey")
    return "/" + re.search(r"https?://[^/]+/(replies/survey/\S+/)", words.read[0].body)[1]


def says(public, name, first, second, **more):
    public.get(link_of(name))
    return public.post(link_of(name), {"q1": first, "q2": second, **more})


def test_am_13_who_called_is_asked_once_by_email_and_who_has_none_on_the_phone(joel):
    begins_after_calls(joel)
    page = answers(joel.get(url("survey", "after-a-call")))
    assert "High bill" in page
    assert "no email: ask on the phone" in page
    fills(joel, url("do-invite", "after-a-call"))
    assert Invitation.objects.count() == 6
    assert not Invitation.objects.filter(person__name="Gus Town").exists()
    page = answers(joel.get(url("survey", "after-a-call")))
    assert "Gus Town" in page
    assert "Ana Town" not in page, "who was asked is not due"
    Contact.objects.create(
        means="call", account=Invitation.objects.get(person__name="Ana Town").account, began_at=NOW, ended_at=NOW,
        person=Person.objects.get(name="Ana Town"), wrapped_at=NOW, reason="bill", outcome="resolved",
    )  # fmt: skip
    assert "was asked within 90 days" in answers(joel.get(url("survey", "after-a-call")))
    number = Person.objects.get(name="Gus Town").account_roles.get().account.number
    fills(joel, url("do-phone-answers", "after-a-call"), who=number, q1="4", q2="5", words="You were quick.")
    gus = SurveyAnswer.objects.get()
    assert (gus.how, gus.ratings) == ("phone", {"1": 4, "2": 5})
    assert "Gus Town" not in answers(joel.get(url("survey", "after-a-call")))


def test_am_13_an_invitation_has_one_answer_and_nobody_makes_a_link_up(joel, public, windows):
    asks(joel)
    second = windows(None, 2)
    second.get(link_of("Ana"))
    first = public.get(link_of("Ana"))
    assert "How easy was it?" in answers(first)
    assert not SurveyAnswer.objects.exists()
    lacking = says(public, "Ana", "5", "")
    assert lacking.status_code == 422
    assert "Answer “How well was it solved?”." in lacking.content.decode()
    assert says(public, "Ana", "5", "4", words="Fine.").status_code in DONE
    assert "Thank you." in answers(second.post(link_of("Ana"), {"q1": "1", "q2": "1"}))
    assert SurveyAnswer.objects.get().ratings == {"1": 5, "2": 4}
    assert public.get(link_of("Bo").replace("survey/", "survey/9")).status_code == 404


@pytest.mark.windowless
def test_am_13_who_is_unhappy_or_wants_a_call_stands_on_the_owners_day(joel, public):
    asks(joel)
    says(public, "Ana", "2", "4")
    says(public, "Bo", "5", "5", calls_back="on")
    says(public, "Cy", "5", "5")
    page = answers(joel.get(url("today")))
    assert "Call Ana Town: unhappy in After a call" in page
    assert "Call Bo Town: asked for a call in After a call" in page
    assert "Call Cy Town" not in page


@pytest.mark.windowless
def test_am_10_what_an_accounts_people_answered_measures_a_goal(joel, city, public):
    kelp, account = city.kelp.slug, city.town.homes["Kelp"].account
    score = aims_at(joel, kelp, "survey-score", baseline="3", target="4.5")
    assert "not measured" in answers(joel.get(url("plan", kelp))), "nobody there answered"
    for name in ("Ana Town", "Bo Town"):
        Contact.objects.create(
            means="call", account=account, began_at=NOW, ended_at=NOW, person=Person.objects.get(name=name),
            wrapped_at=NOW, reason="bill", outcome="resolved",
        )  # fmt: skip
    asks(joel)
    says(public, "Ana", "2", "4")
    says(public, "Bo", "5", "5")
    says(public, "Cy", "1", "1")
    assert "4.0 of 5" in answers(joel.get(url("plan", kelp)))
    assert sorted(behind(joel, score)) == [f"{TODAY},After a call,3.0 of 5", f"{TODAY},After a call,5.0 of 5"]


@pytest.mark.windowless
def test_am_13_results_are_told_by_segment_and_groups_too_small_to_hide_in_are_not(joel, public):
    asks(joel)
    for name, rating in zip(CALLERS[:4], "1235", strict=True):
        says(public, name, rating, rating)
    page = answers(joel.get(url("survey", "after-a-call"), {"by": "rate"}))
    assert "Fewer than 5 answers" in page
    assert "GS-1" not in page
    for name in CALLERS[4:6]:
        says(public, name, "5", "5")
    page = answers(joel.get(url("survey", "after-a-call"), {"by": "rate"}))
    assert "6 answers, 3.5 of 5 on average; 50% said 4 or 5." in page
    assert "GS-2" not in page, "Ana alone is on GS-2: with GS-1 and the whole shown she could be told"
    assert "Others together" in page
    csv = joel.get(url("survey", "after-a-call"), {"by": "rate", "panel": "q1", "export": "csv"})
    assert b"GS-2" not in b"".join(csv.streaming_content)


@pytest.mark.windowless
def test_am_13_a_yearly_survey_asks_a_segment_and_words_stay_once_somebody_was_asked(joel, public):
    refused = fills(joel, url("do-survey"), name="Yearly", when="yearly")
    assert "Say whom you mean" in refused.content.decode()
    fills(joel, url("do-survey"), name="Yearly", when="yearly", rate="GS-1")
    fills(joel, url("do-survey-words", "yearly"), language="en", intro="Once a year we ask.", text=ASKS)
    other = fills(
        joel, url("do-survey-words", "yearly"), language="es", intro="Una vez al año.", text="rating: ¿Fácil?"
    )
    assert "the same questions stand in the same order" in other.content.decode()
    fills(joel, url("do-no-offers"), who=Person.objects.get(name="Bo Town").number, how="call")
    fills(joel, url("do-invite", "yearly"))
    asked = set(Invitation.objects.values_list("person__name", flat=True))
    assert asked == {"Cy Town", "Di Town", "Eli Town", "Fay Town"}, "Bo wants none, Gus has no email, Ana is on GS-2"
    changed = fills(joel, url("do-survey-words", "yearly"), language="en", intro="Else?", text="rating: Else?")
    assert "Somebody was asked in these words" in changed.content.decode()
    fills(joel, url("do-end-survey", "yearly"))
    assert "This survey is over." in answers(public.get(link_of("Cy")))


@pytest.mark.windowless
def test_am_13_each_morning_the_program_asks_by_itself_who_spoke_with_us(joel, settings, monkeypatch):
    begins_after_calls(joel)
    settings.PUBLIC_URL = "http://testserver"
    monkeypatch.setattr("lamplighter.jobs.keyaccounts.timezone", Clock)
    assert ask_who_spoke() == "6 people asked"
    assert ask_who_spoke() == "0 people asked"
    assert Invitation.objects.count() == 6


def complains(joel):
    fills(joel, url("do-issue", "kelp-kettle-brewing"), about="complaint", words="Two bills in one month.",
          promised_on=SOON)  # fmt: skip
    return Issue.objects.get()


def test_am_13_a_complaint_is_looked_into_put_right_and_the_customer_told_in_writing(city, joel):
    issue = complains(joel)
    fills(joel, url("do-investigate", issue.number), who="priya", due_on=SOON)
    priya = city.be("priya")
    assert f"Look into issue {issue.number}" in answers(priya.get(url("today")))
    early = fills(joel, url("do-close", issue.number), outcome="solved", words="Done.")
    assert early.status_code == 422
    assert "looked into" in early.content.decode()
    refused = fills(joel, url("do-correct", issue.number), words="Check twice", owner="priya", due_on=SOON)
    assert "Say first what was found" in refused.content.decode()
    fills(joel, url("do-find", issue.number), cause="procedure", words="A rebill was printed beside its original.")
    fills(joel, url("do-correct", issue.number), words="Mark replaced bills on paper", owner="priya", due_on=SOON)
    fills(joel, url("do-tell", issue.number), found="We printed a corrected bill without marking the old one.")
    letter = Notice.objects.get(template__code="complaint-closed")
    assert "without marking the old one" in letter.words.read[0].body
    assert "Mark replaced bills on paper." in letter.words.read[0].body
    page = answers(joel.get(url("issue", issue.number)))
    assert "Our procedure" in page
    assert "Mark replaced bills on paper (Priya Raman, by" in page
    fills(joel, url("do-close", issue.number), outcome="solved", words="Told in writing.")
    listed = answers(joel.get(url("complaints")))
    assert "Our procedure: 1" in listed
    assert "Closed" in listed
    assert "Mark replaced bills on paper" in answers(priya.get(url("today"))), "it is hers until it is done"


@pytest.mark.windowless
def test_am_13_the_letter_is_written_once_and_tells_what_was_found(joel):
    issue = complains(joel)
    fills(joel, url("do-investigate", issue.number), who="joel", due_on=SOON)
    early = fills(joel, url("do-tell", issue.number), found="Nothing yet.", doing="Nothing.")
    assert "Nothing was found yet" in early.content.decode()
    fills(joel, url("do-find", issue.number), cause="none", words="Both bills are right.")
    told = {"found": "Both bills are right.", "doing": "Nothing is to be changed."}
    fills(joel, url("do-tell", issue.number), **told)
    again = fills(joel, url("do-tell", issue.number), **told)
    assert "written already" in again.content.decode()
    later = fills(joel, url("do-find", issue.number), cause="mistake", words="Or not.")
    assert "told already" in later.content.decode()
    assert Notice.objects.filter(template__code="complaint-closed").count() == 1


@pytest.mark.windowless
def test_am_13_a_survey_after_contacts_runs_once_at_a_time(joel):
    begins_after_calls(joel)
    second = fills(joel, url("do-survey"), name="Another", when="after")
    assert "runs already" in second.content.decode()
    assert Survey.objects.count() == 1
