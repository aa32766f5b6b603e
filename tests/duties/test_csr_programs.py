"""Duties of a representative and a supervisor with programs: tell of them, enroll, set the account up, and report."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.accounts.models import AgreementFact
from lamplighter.billing.models import Bill, Segment
from lamplighter.journeys.control import controls
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.programs.models import BorneShare, Enrollment, IncomePlan, Program
from lamplighter.programs.operations.enrolling import EnrollmentIn, convert_enrollments
from lamplighter.programs.rules.qualifying import Basis
from tests.web.desk.conftest import Clock, words
from tests.web.desk.town import DANA, NOW, TODAY

HOA, ROSA, GWEN = "Thi Hoa Nguyen", "Rosa Maldonado", "Gwen Pruitt"
TERMS = {
    "program": "power-assist", "bases": ["category", "income", "declared"], "categories": ["snap"],
    "income_percent": 200, "months": 24, "fixed_months": 48, "papers_days": 30, "remind": "60, 15",
    "citation": "Resolution 2026-30", "start": "2026-11-20",
}  # fmt: skip


@pytest.fixture
def offered(office) -> Program:
    """The supervisor puts the board's resolution into the program: terms, income table and budget."""
    office.opens("renee", "/lead/programs/terms/do/define/").answers(
        name="Power Assist", words="You can have 25% off your electricity.", fact="power_assist",
        gl_code="assistance-discounts",
    )  # fmt: skip
    assert "power_assist" not in dict(
        office.opens("renee", "/lead/programs/terms/do/define/").form.fields["fact"].choices
    )
    office.opens("renee", "/lead/programs/terms/do/set/").answers(**TERMS)
    office.opens("renee", "/lead/programs/terms/do/guideline/").answers(
        first="15650", more="5500", citation="2025 guidelines", start="2026-01-15"
    )
    office.opens("renee", "/lead/programs/terms/do/budget/").answers(
        program="power-assist", start="2026-07-01", last="2027-06-30", amount="50000", citation="Resolution 2026-20"
    )
    return Program.objects.get()


def test_csr_02_a_caller_hears_what_a_program_would_have_saved_and_is_enrolled_in_the_call(office, offered):
    """From the account to the enrollment, and counted by program, channel and person."""
    page = office.reads("dana", f"{office.account(ROSA)}programs/")
    assert "Say: “You can have 25% off your electricity.”" in page
    saved = re.search(r"Would have saved (\$[\d.,]+) on its last 12 bills", page)
    assert saved, page
    form = office.opens("dana", f"{office.account(ROSA)}programs/power-assist/do/apply/")
    assert "3 people $53,300.00" in form.says
    form.answers(
        agreement=office.agreement(ROSA).pk, basis="declared", household=3, income="40000", per="year",
        channel="phone", consent="recorded",
    )  # fmt: skip
    form.confirms()
    office.opens("dana", f"{office.account(GWEN)}programs/power-assist/do/offer/").answers(
        answer="no", channel="counter"
    )
    assert "Until Sun, Nov 19, 2028" in office.reads("dana", f"{office.account(ROSA)}programs/")
    report = office.reads("renee", "/lead/programs/?panel=participation")
    assert "Power Assist Telephone Dana Reyes 1 1 1" in report
    assert "Power Assist Counter Dana Reyes 1 0 0" in report


def test_csr_07_an_application_with_papers_sets_the_account_up_from_the_day_of_asking(office, offered):
    """CSR-H1: household, income and no papers yet; they come as two photos; result, new last day, letter; the discount
    counts from the first day."""
    form = office.opens("dana", f"{office.account(HOA)}programs/power-assist/do/apply/")
    checked = form.answers(
        agreement=office.agreement(HOA).pk, basis="income", household=2, income="2500", per="month",
        channel="counter", consent="signed",
    )  # fmt: skip
    assert "Still to be shown: proof of income." in checked.content.decode()
    form.confirms()
    application = offered.applications.get()
    here = f"/desk/programs/applications/{application.number}/"
    assert "Papers missing" in office.reads("dana", here)
    assert application.number in office.reads("dana", "/desk/programs/?state=missing")
    photos = [
        SimpleUploadedFile(f"{side}.jpg", f"\xff\xd8\xff\xe0 {side}".encode("latin-1")) for side in ("front", "back")
    ]
    office.opens("dana", f"{here}do/papers/").answers(papers=photos)
    assert application.papers.count() == 2
    assert "Approved: from Fri, Nov 20" in office.reads("dana", here)
    assert "Until Sun, Nov 19, 2028" in office.reads("dana", f"{office.account(HOA)}programs/")
    assert Notice.objects.get(template__code="program-approved").account == office.agreement(HOA).account_id
    fact = AgreementFact.objects.get(agreement=office.agreement(HOA), name="power_assist")
    assert (fact.value, fact.period.start, fact.period.end) == ("yes", TODAY, date(2028, 11, 20))
    again = office.opens("dana", f"{office.account(HOA)}programs/power-assist/do/apply/")
    again.answers(
        agreement=office.agreement(HOA).pk, basis="declared", household=2, income="90000", per="year",
        channel="phone", consent="recorded",
    )  # fmt: skip
    again.confirms()
    newest = offered.applications.latest("pk")
    page = office.reads("dana", f"/desk/programs/applications/{newest.number}/")
    assert "$90,000.00 a year is over the limit of $42,300.00 for 2 people" in page


def test_sup_07_a_year_of_the_program_is_overseen(office, offered):
    """SUP-U11: who must recertify, an audit sample that anybody can draw again, money against the budget, export."""
    ends = {ROSA: date(2026, 11, 29), HOA: date(2027, 11, 20), GWEN: date(2028, 1, 5)}
    convert_enrollments(
        enrollments=[
            EnrollmentIn(offered, office.agreement(who), Period(date(2025, 1, 5), end), Basis.DECLARED)
            for who, end in ends.items()
        ],
        by=DANA, at=NOW,
    )  # fmt: skip
    soon = office.reads("renee", "/desk/programs/recertify/")
    assert office.number(ROSA) in soon
    assert office.number(HOA) not in soon
    renewed = office.opens("dana", f"{office.account(ROSA)}programs/power-assist/do/apply/").answers(
        agreement=office.agreement(ROSA).pk, basis="declared", household=3, income="40000", per="year",
        channel="phone", consent="recorded",
    )  # fmt: skip
    assert "From Sun, Nov 29, when what they have ends" in words(renewed)
    drawn = office.opens("renee", "/lead/programs/samples/do/draw/")
    drawn.answers(program="power-assist", name="2026 Q4", seed="board", size=2, answer_by="2026-12-20")
    again = office.opens("renee", "/lead/programs/samples/do/draw/")
    again.answers(program="power-assist", name="2026 Q4 again", seed="board", size=2, answer_by="2026-12-20")
    first, second = (list(sample.cases.order_by("place").values_list("enrollment", flat=True))
                     for sample in offered.samples.order_by("pk"))  # fmt: skip
    assert first == second
    sample = offered.samples.first()
    case = sample.cases.order_by("place").first()
    office.opens("renee", f"/lead/programs/samples/{sample.pk}/cases/{case.pk}/do/find/").answers(finding="not-shown")
    ended = Enrollment.objects.get(pk=case.enrollment_id)
    assert (ended.ended_why, ended.period.end) == ("no-answer", date(2026, 11, 21))
    findings = office.at_desk("renee").get(f"/lead/programs/samples/{sample.pk}/?export=csv").getvalue().decode()
    assert f"{case.enrollment.account.number}," in findings
    assert len(findings.splitlines()) == 3, "two cases and the head"
    money = office.reads("renee", "/lead/programs/?first=2026-11-01&last=2026-11-30&panel=money-power-assist")
    assert "Budget of the year $50,000.00" in money
    assert "Left" in money
    exported = office.at_desk("renee").get("/lead/programs/?first=2026-11-01&last=2026-11-30&panel=figures&export=csv")
    assert b"Power Assist" in exported.getvalue()
    assert offered.budgets.get().amount == Money(5_000_000)


def test_csr_07_a_household_pays_a_share_of_its_income_and_the_fund_bears_the_rest(office, monkeypatch):
    """Program, terms and application through the pages; the next bill is borne beyond the share since the asking."""
    asked_at = datetime(2026, 11, 9, 18, tzinfo=UTC)
    then = type("Clock", (Clock,), {"now": staticmethod(lambda: asked_at)})
    with monkeypatch.context() as earlier:
        earlier.setattr("lamplighter.web.visits.timezone", then)
        define = office.opens("renee", "/lead/programs/terms/do/define/")
        assert "A share of the household's income" in define.says
        define.answers(
            name="Income Plan", words="You pay 6 % of your income.", fact="income_share", gl_code="income-plans"
        )
        office.opens("renee", "/lead/programs/terms/do/guideline/").answers(
            first="15650", more="5500", citation="2025 guidelines", start="2026-01-15"
        )
        terms = {**TERMS, "program": "income-plan", "bases": ["income", "declared"], "categories": [], "months": 12,
                 "fixed_months": 12, "income_share": "8", "start": "2026-11-09"}  # fmt: skip
        refused = office.opens("renee", "/lead/programs/terms/do/set/").answers(**terms)
        assert "at most 7 % (RCW 54.16.285" in words(refused)
        office.opens("renee", "/lead/programs/terms/do/set/").answers(**terms | {"income_share": "6"})
        here = f"{office.account(GWEN)}programs/"
        assert "6% of their income; the fund bears the rest" in office.reads("dana", here)
        form = office.opens("dana", f"{here}income-plan/do/apply/")
        checked = form.answers(
            agreement=office.agreement(GWEN).pk, basis="declared", household=2, income="500", per="month",
            channel="phone", consent="recorded",
        )  # fmt: skip
        assert "They pay $30.00 a month" in words(checked)
        form.confirms()
    plan = IncomePlan.objects.get()
    assert (plan.yearly, plan.enrollment.period) == (Money(36_000), Period(date(2026, 11, 9), date(2027, 11, 9)))
    assert "$30.00 a month, 6% of income. Until Mon, Nov 8, 2027" in office.reads("dana", here)
    bill = office.opens("iris", f"{office.account(GWEN)}do/bill/")
    bill.answers(service=office.agreement(GWEN).pk, last="2026-11-19")
    bill.confirms()
    segment = Segment.objects.filter(agreement=office.agreement(GWEN)).latest("pk")
    assert segment.period == Period(date(2026, 11, 4), date(2026, 11, 20)), "16 days, of which 11 are of the plan"
    own = Money.nearest(Decimal(360) * 11 / 365)
    borne = BorneShare.objects.get().amount
    assert borne == Money.nearest(segment.total.dollars * 11 / 16) - own
    assert "Income Plan: you pay 6% of your income" in office.reads("dana", office.account(GWEN))
    newest = Bill.objects.latest("pk")
    assert newest.charges == segment.total - borne
    paper = office.reads("dana", f"{office.account(GWEN)}bills/{newest.number}/")
    assert "Income Plan: you pay 6% of your income" in paper
    money = office.reads("renee", "/lead/programs/?first=2026-11-01&last=2026-11-30&panel=figures")
    assert str(borne) in money
    assert [one.differences for one in controls() if one.differences] == []
