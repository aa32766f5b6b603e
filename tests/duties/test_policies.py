"""Policies, knowledge and requirements of systems, played through the pages by those who write and adopt them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from lamplighter.billing.models import BillingPolicy
from lamplighter.billing.queries.policies import policy_on
from lamplighter.cases.models import Request, Requirement
from lamplighter.credit.queries.standing import law, plan_policy
from lamplighter.credit.rules.arranging import PlanPolicy
from lamplighter.jobs.policies import remind_of_reviews
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Approval, ApprovalLimit
from lamplighter.platform.queries.limits import limit_of
from lamplighter.policies.models import Adoption, Text
from lamplighter.worklist.models import Item
from tests.duties.playing import fills
from tests.web.conftest import make_person
from tests.web.desk.conftest import Clock, words

MADE = {200, 204, 303}
"""A form that was done: where it leads, or that the panel closes."""

TODAY, NEW_YEAR = date(2026, 11, 20), date(2027, 1, 1)
LATE = (
    "A bill is late five days after it is due.\n\n## The charge\n\n**One percent** of what is past due, once a month."
)
LESS = LATE.replace("One percent", "Three quarters of a percent")


@pytest.fixture
def people(town, at_desk, monkeypatch):
    """Joel and Priya beside the town's own people; the night's work reads the same clock."""
    make_person("joel", "Joel Castellanos", "account-manager")
    make_person("priya", "Priya Raman", "lead-account-manager")
    monkeypatch.setattr("lamplighter.jobs.policies.timezone", Clock)
    return at_desk


def url(name, *args):
    return reverse(f"desk:{name}", args=args)


def writes_policy(client, governs=("billing",), **said):
    known = {"title": "Late charges", "about": "billing", "words": LATE, "citation": "Resolution 26-098"}
    assert fills(client, url("do-begin-text", "policy"), governs=list(governs), **{**known, **said}).status_code in MADE


def proposes(client, slug, number, since=TODAY, review_on=None):
    review_on = review_on or since + timedelta(days=365)
    return fills(client, url("do-propose-text", slug, number), since=since.isoformat(),
                 review_on=review_on.isoformat())  # fmt: skip


def decides(client, decision="yes", remark=""):
    waiting = Approval.objects.get(state="waiting", kind="policies.adoption")
    return fills(client, reverse("lead:approval", args=[waiting.pk]), decision=decision, remark=remark)


def in_force(people, slug="late-charges", number=1, **said):
    assert proposes(people("renee"), slug, number, **said).status_code in MADE
    assert decides(people("omar")).status_code in MADE


def test_sup_15_a_policy_is_in_force_by_a_second_person_and_the_page_of_its_figures_names_it(people):
    renee, omar, noor = people("renee"), people("omar"), people("admin")
    writes_policy(renee)
    draft = words(renee.get(url("text", "late-charges")))
    assert "a draft" in draft
    assert "Late charge (percent)" in draft, "the figures that it governs stand beside the words"
    assert proposes(renee, "late-charges", 1).status_code in MADE
    refused = decides(renee)
    assert refused.status_code == 422
    assert "Nobody approves their own request" in words(refused)
    assert "Governed by" not in words(noor.get(reverse("admin-desk:policies")))
    assert decides(omar).status_code in MADE
    assert "Governed by “Late charges”" in words(noor.get(reverse("admin-desk:policies")))
    read = words(people("dana").get(url("text", "late-charges")))
    assert "In force from" in read
    assert "Resolution 26-098" in read
    assert "One percent of what is past due" in read
    assert not BillingPolicy.objects.filter(citation="Resolution 26-098").exists(), "no figure was to change"


@pytest.mark.windowless
def test_sup_15_the_boards_change_of_a_charge_is_a_change_of_the_figure_from_its_day(people):
    renee = people("renee")
    writes_policy(renee)
    in_force(people)
    before = policy_on(NEW_YEAR)
    fills(renee, url("do-draft-text", "late-charges"), words=LESS, why="The board lowers it",
          citation="Resolution 26-114", governs=["billing"])  # fmt: skip
    fills(renee, url("do-change-figures", "late-charges", 2, "billing"), percent="0.75")
    assert proposes(renee, "late-charges", 2, since=NEW_YEAR).status_code in MADE
    waiting = Approval.objects.get(state="waiting", kind="policies.adoption")
    asked = words(people("omar").get(reverse("lead:approval", args=[waiting.pk])))
    assert "Rules of billing: Late charge (percent)" in asked
    assert f"{before.late.percent.normalize():f} % to 0.75 %" in asked
    assert decides(people("omar")).status_code in MADE
    assert policy_on(NEW_YEAR - timedelta(days=1)) == before
    after = policy_on(NEW_YEAR)
    assert after.late.percent == Decimal("0.75")
    assert (after.due_days, after.back, after.budget) == (before.due_days, before.back, before.budget)
    assert BillingPolicy.objects.get(period__contains=NEW_YEAR).citation == "Resolution 26-114"
    compared = renee.get(url("text-version", "late-charges", 2)).content.decode()
    assert "<del>**One</del>" in compared
    assert "<ins>**Three quarters of a</ins>" in compared
    today = words(renee.get(url("text", "late-charges")))
    assert "One percent of what is past due" in today, "until New Year the old words hold"


@pytest.mark.windowless
def test_sup_15_what_the_figures_would_refuse_is_refused_before_anybody_is_asked(people):
    renee = people("renee")
    writes_policy(renee)
    fills(renee, url("do-change-figures", "late-charges", 1, "billing"), percent="25")
    refused = proposes(renee, "late-charges", 1, since=NEW_YEAR)
    assert refused.status_code == 422
    assert "A late charge is 0 to 10 percent, not 25" in words(refused)
    assert not Approval.objects.filter(kind="policies.adoption").exists()
    assert not BillingPolicy.objects.filter(period__contains=NEW_YEAR, citation="Resolution 26-098").exists()
    typed = fills(renee, url("do-change-figures", "late-charges", 1, "billing"), percent="a lot")
    assert "“a lot” is not a number" in words(typed)


@pytest.mark.windowless
def test_sup_15_a_figure_that_was_set_meanwhile_stops_the_adoption_whole(people):
    renee, noor = people("renee"), people("admin")
    writes_policy(renee)
    fills(renee, url("do-change-figures", "late-charges", 1, "billing"), percent="0.5")
    assert proposes(renee, "late-charges", 1, since=NEW_YEAR).status_code in MADE
    fills(noor, reverse("admin-desk:do-set-policy"), late_percent="2", citation="Emergency order",
          start="2026-12-01")  # fmt: skip
    refused = decides(people("omar"))
    assert refused.status_code == 422
    assert "late charge (percent) is 2 % by now" in words(refused)
    assert not Adoption.objects.exists(), "neither words nor figures"
    assert policy_on(NEW_YEAR).late.percent == 2


@pytest.mark.windowless
def test_sup_15_nobody_adopts_a_limit_of_their_own_role(people):
    key = "limit:supervisor:adjustments.approve"
    joel, renee = people("joel"), people("renee")
    writes_policy(joel, governs=[key], title="Credits")
    fills(joel, url("do-change-figures", "credits", 1, key), amount="5,000")
    assert proposes(joel, "credits", 1, since=NEW_YEAR).status_code in MADE
    refused = decides(renee)
    assert "It sets a limit of your own role" in words(refused)
    assert decides(people("priya")).status_code in MADE
    assert limit_of(staff("renee"), "adjustments.approve", on=NEW_YEAR) == Money(500_000)
    assert ApprovalLimit.objects.get(role="supervisor", permission="adjustments.approve",
                                     period__contains=NEW_YEAR).period.start == NEW_YEAR  # fmt: skip


def test_am_09_an_article_is_found_by_its_words_and_its_owner_reminded_to_read_it_again(people):
    joel = people("joel")
    fills(joel, url("do-begin-text", "article"), title="Explaining a ratchet", about="key", owner="joel",
          words="The **highest** demand of a year is billed at 80 percent.\n\n<script>alert(1)</script>")  # fmt: skip
    assert proposes(joel, "explaining-a-ratchet", 1, review_on=TODAY + timedelta(days=5)).status_code in MADE
    assert decides(people("renee")).status_code in MADE
    dana = people("dana")
    assert "Explaining a ratchet" in words(dana.get(url("knowledge"), {"q": "billing demands"}))
    assert "Nothing holds “pool pump”" in words(dana.get(url("knowledge"), {"q": "pool pump"}))
    shown = dana.get(url("text", "explaining-a-ratchet")).content.decode()
    assert "<strong>highest</strong>" in shown
    assert "<script>alert" not in shown
    assert remind_of_reviews() == "1 texts to be read again"
    assert remind_of_reviews() == "0 texts to be read again"
    item = Item.objects.get(kind="policies.review")
    assert item.owner == staff("joel")
    assert url("text", "explaining-a-ratchet") in joel.get(url("item", item.pk)).content.decode()
    fills(joel, url("do-review-text", "explaining-a-ratchet"), words="Held it to the rate page.",
          next_on=(TODAY + timedelta(days=300)).isoformat())  # fmt: skip
    item.refresh_from_db()
    assert item.state == "done"
    assert "Held it to the rate page." in words(dana.get(url("text", "explaining-a-ratchet")))
    assert remind_of_reviews() == "0 texts to be read again"


@pytest.mark.windowless
def test_am_09_only_those_who_keep_texts_write_them(people):
    tuan = people("tuan")
    assert tuan.get(url("do-begin-text", "article")).status_code == 403
    assert "Write an article" not in words(tuan.get(url("knowledge")))


def test_kam_02_a_manager_writes_a_procedure_and_what_was_said_before_stays_readable(people):
    joel = people("joel")
    writes_policy(joel, governs=["law"], title="Key account notices", words="We call critical customers.")
    assert proposes(joel, "key-account-notices", 1).status_code in MADE
    assert decides(people("renee")).status_code in MADE
    same = fills(joel, url("do-draft-text", "key-account-notices"), why="Nothing", governs=["law"])
    assert "word for word" in words(same)
    fills(joel, url("do-draft-text", "key-account-notices"), words="We call critical customers, and note who answered.",
          why="A name is kept", citation="Resolution 26-120", governs=["law"])  # fmt: skip
    early = proposes(joel, "key-account-notices", 2, since=TODAY - timedelta(days=1))
    assert "is over" in words(early)
    late = proposes(joel, "key-account-notices", 2, since=TODAY)
    assert "Choose a later day" in words(late), "one version a day"
    assert proposes(joel, "key-account-notices", 2, since=TODAY + timedelta(days=3)).status_code in MADE
    assert decides(people("renee"), "no", "The board has not met.").status_code in MADE
    page = words(joel.get(url("text", "key-account-notices")))
    assert "We call critical customers." in page
    assert "Version 2: newer drafted" in page
    assert Text.objects.get(slug="key-account-notices").versions.count() == 2


def test_kam_02_a_requirement_of_a_system_is_followed_from_its_reason_to_its_use(people):
    joel, renee = people("joel"), people("renee")
    fills(joel, url("do-raise-requirement"), kind="change", system="meters", title="Voltage every five minutes",
          reason="Lantern Dock complains of sags that hourly readings do not show.", benefit="Four visits a year less",
          cost="18,000", saving="6,000", wanted_on="2027-02-01", owner="joel")  # fmt: skip
    found = Requirement.objects.get()
    here = url("requirement", found.pk)
    assert "Pays back in" in words(joel.get(here))
    assert "3.0 years" in words(joel.get(here))
    own = people("joel").get(url("do-move-requirement", found.pk, "approved"))
    assert own.status_code == 403, "who raises does not decide"
    assert (
        fills(renee, url("do-move-requirement", found.pk, "approved"), words="In the budget of the year.").status_code
        in MADE
    )
    asked = Request.objects.get()
    assert (asked.department, asked.due_on) == ("technology", date(2027, 2, 1))
    assert f"Q-{asked.pk}" in words(joel.get(here))
    for to, said in (("built", "The vendor began."), ("tested", "On ten meters."), ("live", "All meters of Dock 102.")):
        assert fills(joel, url("do-move-requirement", found.pk, to), words=said).status_code in MADE
    history = words(joel.get(here))
    for said in ("In the budget of the year.", "The vendor began.", "On ten meters.", "All meters of Dock 102."):
        assert said in history
    listed = words(joel.get(url("requirements"), {"state": "live"}))
    assert "Voltage every five minutes" in listed
    late = fills(renee, url("do-move-requirement", found.pk, "declined"), words="Too dear.")
    assert "that can't be done now" in words(late)


@pytest.mark.windowless
def test_kam_02_nobody_decides_on_a_requirement_that_they_keep(people):
    priya = people("priya")
    fills(priya, url("do-raise-requirement"), kind="new", system="maps", title="Feeders on a map",
          reason="To see them.", benefit="Minutes at night", wanted_on="2027-02-01", owner="priya")  # fmt: skip
    found = Requirement.objects.get()
    refused = fills(priya, url("do-move-requirement", found.pk, "approved"), words="Of course.")
    assert "Nobody decides on what they raised" in words(refused)
    assert not Request.objects.exists()


def test_sup_15_the_boards_terms_of_paying_over_time_are_in_force_by_a_second_person(people):
    renee = people("renee")
    writes_policy(renee, governs=("plans",), title="Paying over time")
    fills(renee, url("do-change-figures", "paying-over-time", 1, "plans"), minimum="40", extension_days="30")
    assert proposes(renee, "paying-over-time", 1, since=NEW_YEAR).status_code in MADE
    assert "Nobody approves their own request" in words(decides(renee))
    assert plan_policy(on=NEW_YEAR) == PlanPolicy()
    assert decides(people("omar")).status_code in MADE
    before, after = plan_policy(on=NEW_YEAR - timedelta(days=1)), plan_policy(on=NEW_YEAR)
    assert (before.minimum, after.minimum, after.extension_days) == (Money(2500), Money(4000), 30)
    assert after.citation == "Resolution 26-098"
    assert "A plan is for at least" in words(renee.get(reverse("lead:compliance")))


def test_sup_15_the_boards_least_debt_for_a_shut_off_is_in_force_by_a_second_person(people):
    renee = people("renee")
    writes_policy(renee, governs=("shut-off",), title="Turning power off")
    refused = fills(renee, url("do-change-figures", "turning-power-off", 1, "shut-off"), opens="half past eight")
    assert "is not a time of the day, like 8:30 or 17:00" in words(refused)
    fills(renee, url("do-change-figures", "turning-power-off", 1, "shut-off"), minimum_debt="80", opens="9:00")
    assert proposes(renee, "turning-power-off", 1, since=NEW_YEAR).status_code in MADE
    assert decides(people("omar")).status_code in MADE
    before, after = law(on=NEW_YEAR - timedelta(days=1)), law(on=NEW_YEAR)
    assert (before.minimum_debt.value, after.minimum_debt.value) == (Money(5000), Money(8000))
    assert (after.minimum_debt.cites, after.notice_days.cites) == ("Resolution 26-098", before.notice_days.cites)
    assert "The office is open from 9:00 to 17:00" in after.office.says
