"""Programs at the desk: what an account could have, an application in the call, papers, the supervisor's figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.accounts.models import AgreementFact
from lamplighter.accounts.operations import state_fact, stop_agreement
from lamplighter.billing.models import RebillRequest, Segment
from lamplighter.billing.queries import otherwise
from lamplighter.journeys.enrolling import apply_for, decide_otherwise, leave
from lamplighter.journeys.recertifying import pass_a_program_day
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.chart import chart
from lamplighter.notices.models import Notice
from lamplighter.platform.models import AccessRecord, Event
from lamplighter.programs.models import Application, Enrollment, Household, Offer, Program, Reminder, SampleCase
from lamplighter.programs.models.applications import Channel
from lamplighter.programs.operations.applying import ApplicationIn, erase_households
from lamplighter.programs.operations.defining import (
    CannotDefine,
    define_program,
    set_budget,
    set_guideline,
    set_terms,
)
from lamplighter.programs.operations.enrolling import EnrollmentIn, convert_enrollments
from lamplighter.programs.queries.offering import possible, saving_of
from lamplighter.programs.queries.reporting import figures, participation
from lamplighter.programs.rules.qualifying import Basis, Guideline, Said, Terms
from lamplighter.rating.price import price
from lamplighter.worklist.models import Item
from tests.web.desk.town import DANA, NOW, TODAY

from .conftest import words

HOA, ROSA, PAT = "Thi Hoa Nguyen", "Rosa Maldonado", "Gwen Pruitt"
PHOTO = b"\xff\xd8\xff\xe0" + b"a payslip" * 9
BY = {"by": DANA, "at": NOW}
TODAY_BY = {"on": TODAY, **BY}
INCOME = Terms(
    frozenset({Basis.CATEGORY, Basis.INCOME, Basis.DECLARED}), 200, frozenset({"snap"}), months=24, fixed_months=48,
    papers_days=30, remind_days=(60, 15), citation="Resolution 2024-9",
)  # fmt: skip


@pytest.fixture
def assist(town) -> Program:
    """Power Assist: 25 % off, by income or another program; and the medical allowance by certificate."""
    made = define_program(
        code="power-assist", name="Power Assist", words="25% off your electricity.", fact="power_assist",
        gl_code="assistance-discounts", **BY,
    )  # fmt: skip
    set_terms(program=made, terms=INCOME, on=date(2024, 1, 1), **BY)
    set_guideline(guideline=Guideline(Money(1_565_000), Money(550_000), "2025 guidelines"), on=date(2025, 1, 15), **BY)
    year = Period(date(2026, 7, 1), date(2027, 7, 1))
    set_budget(program=made, year=year, amount=Money(9_000_00), citation="Resolution 2026-20", **BY)
    medical = define_program(
        code="medical", name="Medical allowance", words="More at the lower price.", fact="medical", gl_code="", **BY
    )
    only = Terms(frozenset({Basis.MEDICAL}), None, months=24, fixed_months=24, citation="Resolution 2024-9")
    set_terms(program=medical, terms=only, on=date(2024, 1, 1), **BY)
    return made


@pytest.fixture
def agreement(town):
    return lambda who: town.homes[who].agreement


@pytest.fixture
def asks(town, assist, agreement):
    """A household asks through the operations."""

    def ask(who: str, said: Said, program: Program | None = None) -> Application:
        asked = ApplicationIn(program or assist, agreement(who), said, Channel.PHONE, Application.Consent.RECORDED)
        return apply_for(asked=asked, **TODAY_BY)

    return ask


DECLARED = Said(Basis.DECLARED, 3, Money(4_000_000))


def test_what_a_program_would_have_saved_is_a_quarter_of_energy_and_customer_charge(assist, agreement):
    """Twelve bills priced again: the saving is the difference of the lines that the discount names."""
    saving = saving_of(agreement(ROSA), assist, on=TODAY)
    segments = Segment.objects.filter(agreement=agreement(ROSA), period__endswith__gt=date(2025, 11, 20))
    billed = sum(segment.total.cents for segment in segments)
    assert saving.bills == segments.count() == 12
    assert 0.17 < saving.amount.cents / billed < 0.25


def test_frozen_bills_are_priced_once_and_every_later_view_reads_the_same(assist, agreement, monkeypatch):
    monkeypatch.setattr(otherwise, "_known", {})
    calls = []
    monkeypatch.setattr(otherwise, "price", lambda *told: calls.append(1) or price(*told))
    first = possible([agreement(ROSA)], on=TODAY)
    asked = sum(one.saving.bills for one in first if one.saving)
    assert asked == len(calls) >= 12
    assert possible([agreement(ROSA)], on=TODAY) == first
    assert len(calls) == asked, "nothing is priced again"
    Segment.objects.filter(agreement=agreement(ROSA)).update(cancelled_at=NOW, cancelled_by=DANA, cancel_reason="x")
    assert [one.saving for one in possible([agreement(ROSA)], on=TODAY)] == [None] * len(first), "what is live counts"


def test_the_account_says_what_it_could_have_and_the_words_to_say(dana, number, assist):
    page = words(dana.get(f"/desk/accounts/{number(ROSA)}/programs/"))
    assert "Say: “25% off your electricity.”" in page
    assert "Would have saved $" in page
    assert "1 person $31,300.00" in page
    beside = words(dana.get(f"/desk/accounts/{number(ROSA)}/?panel=programs", headers={"HX-Request": "true"}))
    assert "Would have saved $" in beside


def test_an_application_in_the_call_gives_the_discount_from_that_day_with_a_letter(dana, number, assist, agreement):
    form = Form(dana, f"/desk/accounts/{number(HOA)}/programs/power-assist/do/apply/")
    checked = form.sends(
        agreement=agreement(HOA).pk, basis="declared", household=3, income="3,333.00", per="month", channel="phone",
        consent="recorded",
    )  # fmt: skip
    assert "Qualifies" in words(checked)
    assert "$39,996.00 a year is within $53,300.00 for 3 people" in words(checked)
    assert not Application.objects.exists()
    form.confirms(checked)
    made = Application.objects.get()
    assert (made.state, made.household.income, made.received_by) == ("approved", Money(3_999_600), DANA)
    fact = AgreementFact.objects.get(agreement=agreement(HOA), name="power_assist")
    assert (fact.value, fact.evidence) == ("yes", made.number)
    assert str(fact.period) == "2026-11-20 to 2028-11-19"
    assert Notice.objects.filter(source=f"program-approved:{made.number}:approved", language="vi").exists()
    timeline = words(dana.get(f"/desk/accounts/{number(HOA)}/?panel=timeline", headers={"HX-Request": "true"}))
    assert "Power Assist begins: Nov 20 to Nov 19, 2028" in timeline
    assert "Power Assist asked for: approved" in timeline


def test_two_photos_are_kept_while_the_answers_are_checked(dana, number, assist, agreement):
    form = Form(dana, f"/desk/accounts/{number(ROSA)}/programs/power-assist/do/apply/")
    files = [SimpleUploadedFile("one.jpg", PHOTO), SimpleUploadedFile("two.jpg", PHOTO + b"2")]
    checked = form.sends(
        agreement=agreement(ROSA).pk, basis="income", household=1, income="20000", per="year", channel="counter",
        consent="signed", papers=files,
    )  # fmt: skip
    assert "Papers 2" in words(checked)
    form.confirms(checked)
    made = Application.objects.get()
    assert made.state == "approved"
    paper = made.papers.first()
    got = dana.get(f"/desk/programs/applications/{made.number}/papers/{paper.file_id}/")
    assert b"".join(got.streaming_content).startswith(b"\xff\xd8\xff")
    assert AccessRecord.objects.filter(subject=made.subject, actor=str(DANA)).exists()


def test_a_list_of_papers_that_was_tampered_with_is_refused(dana, number, assist, agreement):
    form = Form(dana, f"/desk/accounts/{number(ROSA)}/programs/power-assist/do/apply/")
    sent = form.sends(
        agreement=agreement(ROSA).pk, basis="income", household=1, income="20000", per="year", channel="phone",
        consent="signed", sent="abc:def",
    )  # fmt: skip
    assert sent.status_code == 422
    assert "The papers were lost" in words(sent)


def test_papers_that_come_later_decide_as_of_the_day_of_asking(dana, assist, asks):
    made = asks(ROSA, Said(Basis.INCOME, 1, Money(2_000_000)))
    assert (made.state, made.papers_by) == ("missing", TODAY + timedelta(days=30))
    assert Item.objects.get(kind="programs.papers", subject=made.subject).ended_at is None
    here = f"/desk/programs/applications/{made.number}/"
    form = Form(dana, f"{here}do/papers/")
    assert form.sends(papers=[SimpleUploadedFile("x.exe", b"MZ")]).status_code == 422
    form.sends(papers=[SimpleUploadedFile("slip.pdf", b"%PDF-1.7 slip")])
    made.refresh_from_db()
    assert made.state == "approved"
    assert Item.objects.get(kind="programs.papers", subject=made.subject).ended_at
    assert "Approved: from" in words(dana.get(here))


def test_an_application_that_is_over_the_limit_says_why_and_a_person_may_decide_otherwise(
    at_desk, assist, asks, agreement
):
    made = asks(ROSA, Said(Basis.DECLARED, 1, Money(9_000_000)))
    assert made.state == "denied"
    here = f"/desk/programs/applications/{made.number}/"
    assert "$90,000.00 a year is over the limit of $31,300.00 for 1 person" in words(at_desk("dana").get(here))
    assert at_desk("dana").get(f"{here}do/decide/").status_code == 403
    form = Form(at_desk("renee"), f"{here}do/decide/")
    assert form.sends(approve="yes", why="").status_code == 422
    form.sends(approve="yes", why="Lost the job on Monday; letter seen.")
    made.refresh_from_db()
    assert (made.state, made.exception) == ("approved", True)
    assert Enrollment.objects.get(application=made).period.start == TODAY
    shown = words(at_desk("renee").get(here))
    assert "Lost the job on Monday" in shown


def test_an_answer_counts_for_the_program_the_channel_and_the_person(dana, number, assist):
    form = Form(dana, f"/desk/accounts/{number(PAT)}/programs/power-assist/do/offer/")
    form.sends(answer="thinks", channel="counter")
    told = Offer.objects.get()
    assert (told.answer, told.by) == ("thinks", DANA)
    assert told.saving.cents > 0
    (row,) = participation(period=Period(TODAY, TODAY + timedelta(days=1)))
    assert (row.channel, row.by, row.told, row.applied) == ("Counter", DANA, 1, 0)


def test_who_asks_twice_is_told_that_an_application_waits(dana, number, assist, asks, agreement):
    asks(ROSA, Said(Basis.INCOME, 1, Money(2_000_000)))
    form = Form(dana, f"/desk/accounts/{number(ROSA)}/programs/power-assist/do/apply/")
    checked = form.sends(
        agreement=agreement(ROSA).pk, basis="declared", household=1, income="1", per="year", channel="phone",
        consent="recorded",
    )  # fmt: skip
    assert "An application waits for papers already" in words(form.confirms(checked))


def test_recertifying_goes_on_where_the_running_enrollment_ends(assist, asks, agreement):
    first = asks(ROSA, DECLARED)
    running = Enrollment.objects.get(application=first)
    Enrollment.objects.filter(pk=running.pk).update(period=Period(date(2024, 12, 1), date(2026, 11, 29)))
    second = asks(ROSA, DECLARED)
    renewed = Enrollment.objects.get(application=second)
    assert renewed.follows_id == running.pk
    assert str(renewed.period) == "2026-11-29 to 2028-11-19"


def test_what_was_to_renew_an_enrollment_that_is_ended_never_begins(assist, asks, agreement):
    first = asks(ROSA, DECLARED)
    running = Enrollment.objects.get(application=first)
    Enrollment.objects.filter(pk=running.pk).update(period=Period(date(2024, 12, 1), date(2026, 11, 29)))
    asks(ROSA, DECLARED)
    running.refresh_from_db()
    leave(enrollment=running, why=Enrollment.Ended.CUSTOMER, **TODAY_BY)
    assert [str(one.period) for one in Enrollment.objects.all()] == ["2024-12-01 to 2026-11-19"]
    facts = agreement(ROSA).facts.filter(name="power_assist", value="yes", period__endswith__gt=TODAY)
    assert not facts.exists(), "no discount is left over"
    asks(ROSA, DECLARED)
    assert Enrollment.objects.latest("pk").period.start == TODAY


def test_what_another_system_gave_without_an_end_ends_although_nobody_was_reminded(assist, agreement):
    service = agreement(ROSA)
    ended = Period(service.period.start, service.period.start + timedelta(days=60))
    state_fact(agreement=service, name="power_assist", value="yes", period=Period(service.period.start), **BY)
    convert_enrollments(enrollments=[EnrollmentIn(assist, service, ended, Basis.DECLARED)], **BY)
    assert pass_a_program_day(**TODAY_BY).over == 1
    assert service.facts.get(name="power_assist", period__contains=TODAY).value == "no"
    assert not Notice.objects.filter(source__startswith="program-ended:").exists(), "it ended long ago"


def test_the_day_reminds_once_calls_when_it_is_near_and_tells_the_end(assist, agreement):
    ends = TODAY + timedelta(days=9)
    convert_enrollments(
        enrollments=[EnrollmentIn(assist, agreement(ROSA), Period(date(2024, 12, 1), ends), Basis.DECLARED)], **BY
    )
    for _ in range(2):
        pass_a_program_day(**TODAY_BY)
    (reminder,) = Reminder.objects.all()
    assert (reminder.days, reminder.notice.language) == (15, "es")
    assert Item.objects.filter(kind="programs.renew", ended_at__isnull=True).count() == 1
    done = pass_a_program_day(on=ends, by=DANA, at=NOW + timedelta(days=9))
    assert done.over == 1
    assert Item.objects.filter(kind="programs.renew", ended_at__isnull=True).count() == 0
    assert Notice.objects.filter(source__startswith="program-ended:").count() == 1
    assert pass_a_program_day(on=ends + timedelta(days=1), by=DANA, at=NOW + timedelta(days=10)).over == 0


def test_an_application_without_papers_lapses(assist, asks):
    made = asks(ROSA, Said(Basis.INCOME, 1, Money(2_000_000)))
    on = TODAY + timedelta(days=31)
    assert pass_a_program_day(on=on, by=DANA, at=NOW + timedelta(days=31)).lapsed == 1
    made.refresh_from_db()
    assert made.state == "lapsed"


def test_a_discount_from_before_the_last_bill_asks_for_that_bill_again(assist, asks, agreement):
    """Papers came a month later: the discount counts from the day of asking, and the bill since is made again."""
    made = asks(ROSA, Said(Basis.INCOME, 1, Money(2_000_000)))
    Application.objects.filter(pk=made.pk).update(received_on=date(2026, 10, 1))
    made.refresh_from_db()

    decide_otherwise(application=made, approve=True, why="Papers seen at the counter.", **TODAY_BY)
    request = RebillRequest.objects.get(agreement=agreement(ROSA), reason="discount")
    assert request.period.start == date(2026, 10, 1)


def test_leaving_early_ends_the_discount_and_tells_the_household(at_desk, assist, asks, agreement):
    enrollment = Enrollment.objects.get(application=asks(ROSA, DECLARED))
    form = Form(at_desk("renee"), f"/desk/programs/enrollments/{enrollment.pk}/do/end/")
    form.sends(why="customer", on="2026-12-01")
    enrollment.refresh_from_db()
    assert (str(enrollment.period), enrollment.ended_why) == ("2026-11-20 to 2026-11-30", "customer")
    after = AgreementFact.objects.get(
        agreement=agreement(ROSA), name="power_assist", period__contains=date(2026, 12, 1)
    )
    assert after.value == "no"
    assert Notice.objects.filter(source=f"program-ended:{enrollment.pk}").exists()


def test_terms_can_not_be_changed_behind_applications(assist, asks):
    asks(ROSA, DECLARED)
    with pytest.raises(CannotDefine, match="decided already"):
        set_terms(program=assist, terms=INCOME, on=TODAY, **BY)
    later = set_terms(program=assist, terms=INCOME, on=TODAY + timedelta(days=1), **BY)
    assert later.period.start == TODAY + timedelta(days=1)


def test_the_fund_of_every_program_is_in_the_books(assist):
    assert assist.gl_code in {code.key for code in chart()}


def test_the_supervisor_sees_figures_money_and_participation(at_desk, assist, asks):
    asks(ROSA, DECLARED)
    asks(HOA, Said(Basis.DECLARED, 1, Money(9_000_000)))
    made = figures(assist, period=Period(date(2026, 11, 1), date(2026, 12, 1)))
    assert (made.told, made.applied, made.approved, made.denied, made.begun, made.enrolled) == (2, 2, 1, 1, 1, 1)
    renee, page = at_desk("renee"), "/lead/programs/?first=2026-11-01&last=2026-11-30"
    assert "Power Assist: budget" in words(renee.get(page))
    assert "$9,000.00" in words(renee.get(f"{page}&panel=money-{assist.code}"))
    spoken = words(renee.get(f"{page}&panel=who-{assist.code}"))
    assert "Español 1" in spoken or "Spanish 1" in spoken
    assert at_desk("dana").get("/lead/programs/").status_code == 403


def test_a_sample_is_drawn_looked_into_and_ends_what_does_not_qualify(at_desk, assist, asks, agreement):
    for who in (ROSA, HOA, PAT):
        asks(who, DECLARED)
    renee = at_desk("renee")
    form = Form(renee, "/lead/programs/samples/do/draw/")
    form.sends(program="power-assist", name="2026 Q4", seed="marisol", size=2, answer_by="2026-12-20")
    first, second = SampleCase.objects.order_by("place")
    assert Item.objects.filter(kind="programs.audit", ended_at__isnull=True).count() == 2
    page = words(renee.get(f"/lead/programs/samples/{first.sample_id}/"))
    assert "of 3 by the seed “marisol”" in page
    Form(renee, f"/lead/programs/samples/{first.sample_id}/cases/{first.pk}/do/find/").sends(finding="qualifies")
    found = Form(renee, f"/lead/programs/samples/{first.sample_id}/cases/{second.pk}/do/find/")
    found.sends(finding="over", remark="Payslips show more.")
    second.enrollment.refresh_from_db()
    assert second.enrollment.ended_why == "ineligible"
    assert second.enrollment.period.end == TODAY + timedelta(days=1)
    assert Item.objects.filter(kind="programs.audit", ended_at__isnull=True).count() == 0
    csv = renee.get(f"/lead/programs/samples/{first.sample_id}/?export=csv").getvalue().decode()
    assert "Income over the limit" in csv


def test_what_a_household_said_is_erased_and_the_decision_stays(dana, assist, asks):
    made = asks(ROSA, DECLARED)
    assert erase_households(applications=[made.pk], **BY) == 1
    kept = Household.objects.get(application=made)
    assert (kept.size, kept.income) == (None, None)
    assert "Erased by the retention schedule" in words(dana.get(f"/desk/programs/applications/{made.number}/"))


def test_who_moves_out_takes_no_discount_along(assist, asks, agreement, town):

    enrollment = Enrollment.objects.get(application=asks(ROSA, DECLARED))
    stop_agreement(agreement=agreement(ROSA), on=TODAY + timedelta(days=3), **BY)
    done = pass_a_program_day(on=TODAY + timedelta(days=5), by=DANA, at=NOW + timedelta(days=5))
    enrollment.refresh_from_db()
    assert (done.moved, enrollment.ended_why) == (1, "moved")


def test_an_enrollment_can_not_be_ended_twice(assist, asks):
    enrollment = Enrollment.objects.get(application=asks(ROSA, DECLARED))
    leave(enrollment=enrollment, why=Enrollment.Ended.CUSTOMER, on=TODAY + timedelta(days=2), by=DANA, at=NOW)
    with pytest.raises(Exception, match="Choose a later day"):
        leave(enrollment=enrollment, why=Enrollment.Ended.CUSTOMER, on=TODAY + timedelta(days=1), by=DANA, at=NOW)
    assert Event.objects.filter(name="programs.enrollment.ended").count() == 1


class Form:
    """A form as opened, sent and confirmed."""

    def __init__(self, client, url: str):
        self.client, self.url = client, url
        opened = client.get(url)
        assert opened.status_code == 200, opened.status_code
        self.key = opened.context["form"]["request_key"].value()
        self.said: dict[str, object] = {}

    def sends(self, **answers):
        self.said = {"request_key": self.key, **answers}
        return self.client.post(self.url, self.said, headers={"HX-Request": "true"})

    def confirms(self, checked):
        """With what the checked page carries."""
        kept = checked.context["form"]["sent"].value() or ""
        said = {name: value for name, value in self.said.items() if name != "papers"}
        return self.client.post(self.url, {**said, "sent": kept, "confirmed": "1"}, headers={"HX-Request": "true"})
