"""Credit at the desk: a plan set up in the call, more time, protection, and why power can or can't go off."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Arrangement, Certificate, Extension, Hold, Process
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.arranging import arrange, end_arrangement
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.journeys.collecting import protect
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.deliveries import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.models import Event
from tests.town import NIGHTLY
from tests.web.desk.town import DANA, NOW, TODAY

from .conftest import account_of, words

HOA = "Thi Hoa Nguyen"
TODAY_BY = {"on": TODAY, "by": DANA, "at": NOW}


class Forms:
    """A form of an account as opened, answered, checked and confirmed."""

    def __init__(self, client: Client, number: str, act: str):
        self.client, self.url = client, f"/desk/accounts/{number}/do/{act}/"
        self.opened = client.get(self.url)
        self.key = self.opened.context["form"]["request_key"].value()

    def sends(self, **answers):
        return self.client.post(self.url, {"request_key": self.key, **answers}, headers={"HX-Request": "true"})


@pytest.fixture
def opens(dana, number):
    return lambda who, act, client=dana: Forms(client, number(who), act)


@pytest.fixture
def panel(dana, number):
    def shown(who):
        return words(dana.get(f"/desk/accounts/{number(who)}/?panel=credit", headers={"HX-Request": "true"}))

    return shown


def confirmed(form: Forms, **answers):
    """Checked on the page, then confirmed with what the page carries."""
    checked = form.sends(**answers)
    assert checked.status_code == 200, words(checked)
    digest = checked.context["form"]["digest"].value()
    return checked, form.sends(**answers, digest=digest, confirmed="1")


def test_csr_a1_a_plan_is_proposed_proves_its_total_and_stops_collection(opens, dana, number, panel):
    pass_a_day(on=TODAY, by=NIGHTLY, at=NOW)
    assert Process.objects.get(account__number=number(HOA)).ended_on is None
    form = opens(HOA, "arrange")
    assert "$192.97 may be paid over time. Proposed: $48.25 Fri, Nov 20, $48.24 Tue, Dec 15" in words(form.opened)
    checked, made = confirmed(form, months="3", consent="recorded")
    assert "Sum of 4 payments $192.97" in words(checked)
    assert "Fri, Jan 15, 2027 $48.24" in words(checked)
    assert made.status_code == 204
    plan = Arrangement.objects.get()
    assert (plan.total.cents, plan.consent) == (19297, "recorded")
    assert Process.objects.get(account__number=number(HOA)).outcome == "arranged"
    letter = Notice.objects.get(template__code="plan-made")
    assert letter.language == "vi"
    assert "Next step On plan $48.25 due Nov 20" in words(dana.get(f"/desk/accounts/{number(HOA)}/"))
    assert "On plan $192.97 since Nov 20 Cancel" in panel(HOA)
    assert "Feb 16, 2027" in panel(HOA)


def test_under_winter_protection_the_plan_asks_for_the_income_and_says_the_most(opens, number, settings):
    settings.UTILITY_LAW = "washington"
    account, april = account_of(number(HOA)), date(2027, 4, 1)
    protect(account=account, kind=HoldKind.WINTER, period=Period(TODAY, april), evidence="Form 12", on=TODAY, by=DANA,
            at=NOW)  # fmt: skip
    form = opens(HOA, "arrange")
    assert "Winter protection runs A winter payment is at most seven percent" in words(form.opened)
    refused = form.sends(months="3", consent="recorded", income="300")
    assert "In winter $37.08 a month is the most (RCW 54.16.285(1)(a))" in words(refused)
    _, made = confirmed(form, months="3", consent="recorded", income="1500")
    assert made.status_code == 204
    assert Arrangement.objects.get().total.cents == 19297


def test_what_protects_says_until_when_somebody_may_complain(opens):
    page = words(opens(HOA, "protect").opened)
    assert "A complaint within five days of receiving the bill is reviewed. Source: Public Utilities Code" in page
    assert "More time can be asked for within 13 days" in page


def test_a_plan_that_is_sent_twice_is_made_once(opens):
    form = opens(HOA, "arrange")
    checked, first = confirmed(form, months="3", consent="signed")
    digest = checked.context["form"]["digest"].value()
    again = form.sends(months="3", consent="signed", digest=digest, confirmed="1")
    assert first.status_code == 204
    assert again.status_code in (204, 422)
    assert Arrangement.objects.count() == 1


def test_a_plan_other_than_the_one_that_was_shown_is_refused(opens, number):
    form = opens(HOA, "arrange")
    checked = form.sends(months="3", consent="signed")
    digest = checked.context["form"]["digest"].value()
    changed = form.sends(months="4", consent="signed", digest=digest, confirmed="1")
    assert changed.status_code == 422
    assert "What is owed has changed since this plan was shown." in words(changed)
    assert not Arrangement.objects.exists()


def test_csr_a2_after_two_broken_plans_a_third_is_refused_with_the_words_to_say(opens, number):
    account = account_of(number(HOA))
    for _ in range(2):
        draft = draft_plan(account, down=None, months=3, on=TODAY)
        plan = arrange(account=account, draft=draft, consent="signed", **TODAY_BY)
        end_arrangement(arrangement=plan, outcome=Outcome.BROKEN, **TODAY_BY)
    form = opens(HOA, "arrange")
    said = words(form.opened)
    assert "No new plan until Nov 20. 2 plans were broken within a year." in said
    assert "I can't set up another plan today. I can take a part payment" in said
    assert "Any part of $" in said
    assert "Who may override" in said
    assert "data-sends" not in form.opened.content.decode(), "nothing to press that can't work"
    assert form.sends(months="3", consent="signed").status_code == 422
    assert not Arrangement.objects.filter(ended_on=None).exists()


def test_who_owes_nothing_is_offered_no_plan(opens):
    assert "a plan is for $25.00 or more" in words(opens("Tess Byrne", "arrange").opened)


def test_a_plan_is_cancelled_from_the_account(opens, panel):
    confirmed(opens(HOA, "arrange"), months="3", consent="signed")
    assert opens(HOA, "cancel-plan").sends(sure="on").status_code == 204
    assert Arrangement.objects.get().outcome == "cancelled"
    assert "On plan" not in panel(HOA)


def test_who_may_have_no_more_time_is_offered_a_plan_and_no_button(opens):
    assert opens(HOA, "more-time").sends(until="2026-12-04").status_code == 204
    again = opens(HOA, "more-time")
    assert "A plan or an extension runs already." in words(again.opened)
    assert "Set up a plan" in words(again.opened)
    assert "data-sends" not in again.opened.content.decode()
    refused = again.sends(until="2026-12-05")
    assert (refused.status_code, "data-sends" in refused.content.decode()) == (422, False)
    nothing = words(opens("Tess Byrne", "more-time").opened)
    assert "Nothing is past due." in nothing
    assert "A part payment" not in nothing


def test_more_time_is_given_and_shown(opens, panel):
    refused = opens(HOA, "more-time").sends(until="2027-06-01")
    assert "More time is given for up to 21 days." in words(refused)
    assert opens(HOA, "more-time").sends(until="2026-12-04").status_code == 204
    assert Extension.objects.get().until == date(2026, 12, 4)
    assert "More time $192.97 by Fri, Dec 4" in panel(HOA)


def test_the_next_step_stands_with_its_earliest_day_and_citation(panel):
    pass_a_day(on=TODAY, by=NIGHTLY, at=NOW)
    said = panel(HOA)
    assert "Past-due notice mailed · Public Utilities Code 10010.1(a)" in said
    assert "Next step Call or visit the customer, from Fri, Dec 4" in said, (
        "two working days before Tuesday, December 8"
    )
    assert "A person reviews it for shut-off · Public Utilities Code 10010.1(a)" in said


def test_csr_d1_power_of_somebody_with_a_medical_certificate_can_not_be_turned_off(opens, dana, number):
    done = opens(HOA, "protect").sends(kind="medical", until="2027-03-03", evidence="MC-2026-114")
    assert done.status_code == 204
    assert Hold.objects.get().period.last_day == date(2027, 3, 3)
    overview = words(dana.get(f"/desk/accounts/{number(HOA)}/"))
    assert "Do not disconnect: medical certificate until Wed, Mar 3, 2027" in overview
    said = words(dana.get(f"/desk/accounts/{number(HOA)}/shutoff/"))
    assert "Power can't be turned off. Medical certificate until Mar 3, 2027." in said
    assert "Only a supervisor can review a protection." in said
    assert "Public Utilities Code 10010(b)(3)" in said
    assert not Certificate.objects.exists(), "looking writes nothing"


def test_csr_d2_it_is_too_early_and_the_first_day_is_right_by_hand(opens, dana, number):
    pass_a_day(on=TODAY, by=NIGHTLY, at=NOW)
    notice = Process.objects.get(account__number=number(HOA)).steps.get(key="past-due").notice
    # Fri Nov 20, five days for the mail: Nov 25; ten more: Sat Dec 5, so Mon Dec 7 is the last day; then Tue Dec 8
    page = words(dana.get(f"/desk/accounts/{number(HOA)}/shutoff/"))
    assert "No notice of this debt that counts has been mailed." in page, "it is written, not handed over"
    record_deliveries(steps=[Step(notice.pk, DeliveryStep.HANDED_OVER, NOW, "tray 7")], by=DANA, at=NOW)
    page = words(dana.get(f"/desk/accounts/{number(HOA)}/shutoff/"))
    assert "Earliest turn-off is Tue, Dec 8." in page


def test_a_protection_that_runs_already_is_told(opens):
    answers = {"kind": "dispute", "evidence": "C-9"}
    assert opens(HOA, "protect").sends(**answers).status_code == 204
    again = opens(HOA, "protect").sends(**answers)
    assert "one already runs in these days" in words(again)


def protected(opens, kind: str) -> Hold:
    assert opens(HOA, "protect").sends(kind=kind, evidence="C-9").status_code == 204
    return Hold.objects.get(kind=kind)


def ends(client, hold: Hold, **answers):
    url = f"/desk/accounts/{hold.account.number}/holds/{hold.pk}/do/end/"
    opened = client.get(url)
    if opened.status_code != 200:
        return opened
    key = opened.context["form"]["request_key"].value()
    return client.post(url, {"request_key": key, **answers}, headers={"HX-Request": "true"})


def test_a_dispute_is_ended_from_its_alert_with_the_reason(opens, dana, number):
    hold = protected(opens, "dispute")
    page = dana.get(f"/desk/accounts/{number(HOA)}/")
    assert f"/holds/{hold.pk}/do/end/" in page.content.decode()
    refused = ends(dana, hold, on="2026-11-21", reason="")
    assert refused.status_code == 422
    assert ends(dana, hold, on="2026-11-21", reason="The meter was right").status_code == 204
    hold.refresh_from_db()
    assert (hold.period.end, hold.ended_by) == (date(2026, 11, 21), DANA)
    event = Event.objects.get(name="credit.hold.ended")
    assert str(event.remark) == "The meter was right"


@pytest.mark.parametrize("day", ["2026-11-19", "2026-11-20"])
def test_a_protection_ends_on_no_day_that_is_over_nor_before_it_ran(opens, dana, day):
    hold = protected(opens, "dispute")
    assert ends(dana, hold, on=day, reason="x").status_code == 422
    hold.refresh_from_db()
    assert hold.ended_at is None


@pytest.mark.parametrize("kind", ["medical", "life-support"])
def test_where_health_depends_on_it_only_a_supervisor_ends_a_protection(opens, at_desk, dana, number, kind):
    hold = protected(opens, kind)
    assert f"/holds/{hold.pk}/do/end/" not in dana.get(f"/desk/accounts/{number(HOA)}/").content.decode()
    assert ends(dana, hold, on="2026-11-21", reason="x").status_code == 403
    renee = at_desk("renee")
    assert f"/holds/{hold.pk}/do/end/" in renee.get(f"/desk/accounts/{number(HOA)}/").content.decode()
    assert ends(renee, hold, on="2026-11-21", reason="The doctor withdrew it").status_code == 204
    hold.refresh_from_db()
    assert hold.period.end == date(2026, 11, 21)


def test_a_protection_of_another_account_is_not_found(opens, dana, number):
    hold = protected(opens, "dispute")
    assert dana.get(f"/desk/accounts/{number('Tess Byrne')}/holds/{hold.pk}/do/end/").status_code == 404


def test_the_panel_leads_whoever_works_credit_to_its_acts_and_nobody_else(dana, at_desk, number):
    address = f"/desk/accounts/{number(HOA)}/"
    acts = [f"{address}do/{act}/" for act in ("more-time", "protect", "call")]

    def led_to(client):
        shown = client.get(f"{address}?panel=credit", headers={"HX-Request": "true"}).content.decode()
        return [act for act in acts if act in shown]

    assert led_to(dana) == acts
    assert led_to(at_desk("audrey")) == []


def test_a_call_is_written_down_on_the_timeline(opens, dana, number):
    assert opens(HOA, "call").sends(how="phone", reached="on").status_code == 204
    assert "Call Phone: reached · you" in words(dana.get(f"/desk/accounts/{number(HOA)}/"))


def test_who_may_only_look_sees_the_steps_and_no_acts(at_desk, number):
    auditor = at_desk("audrey")
    assert auditor.get(f"/desk/accounts/{number(HOA)}/shutoff/").status_code == 200
    assert auditor.get(f"/desk/accounts/{number(HOA)}/do/arrange/").status_code == 403


def test_the_days_of_a_collection_stand_as_a_calendar_with_their_clauses(opens, dana, number, panel):
    """CSR-D2, on paper: the notice of Friday, November 20 counted by hand, and each day with where it stands."""
    page = f"/desk/accounts/{number(HOA)}/collection-calendar/"
    pass_a_day(on=TODAY, by=NIGHTLY, at=NOW)
    notice = Process.objects.get(account__number=number(HOA)).steps.get(key="past-due").notice
    record_deliveries(steps=[Step(notice.pk, DeliveryStep.HANDED_OVER, NOW, "tray 7")], by=DANA, at=NOW)
    assert "Its days From the bill to the last day Calendar" in panel(HOA)
    said = words(dana.get(page))
    for line in (
        "N Fri, Nov 20, 2026 Past-due notice mailed done",
        "T Wed, Nov 25, 2026 The days of the notice begin 5 days after N Public Utilities Code 10010.1(a)",
        "A Thu, Dec 3, 2026 Last day to ask for more time 13 days after N Public Utilities Code 10010(b)",
        "L Mon, Dec 7, 2026 Last day to pay 10 days after T: Sat Dec 5 is closed, so the next working day",
        "C Fri, Dec 4, 2026 Call or visit Two working days before E",
        "E Tue, Dec 8, 2026 Earliest day without power The first day after L that is free",
    ):
        assert line in said
    assert "23 24 25 T 26 · 27 · 28 · 29 ·" in said, "Thanksgiving and the day after"
    assert opens(HOA, "protect").sends(kind="medical", until="2027-03-03", evidence="MC-2026-114").status_code == 204
    assert "No day is counted. Medical certificate: a reminder, no notice of shut-off." in words(dana.get(page))
    assert "Its days" not in panel(HOA)


def test_an_account_without_service_shows_the_steps_that_its_final_bill_takes(dana, number, panel):
    """The last step of it, a person's decision, has its day and its reason, too."""
    stop_service(agreement=account_of(number(HOA)).agreements.get(kind="energy"), on=TODAY, by=DANA, at=NOW)
    pass_a_day(on=TODAY, by=NIGHTLY, at=NOW)
    assert "A person decides what becomes of it · Utility policy" in panel(HOA)
