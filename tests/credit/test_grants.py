"""A fund grants what it has to who may have it: with papers or a second person, counted at once, posted once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.credit.models import Pledge
from lamplighter.credit.queries.debts import owed_for_service, past_due_total
from lamplighter.journeys.control import controls, funds_hold
from lamplighter.journeys.granting import (
    ask_grant,
    bring_certificate,
    offered,
    open_fund,
    pass_a_fund_day,
    take_back,
)
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Entry
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.operations.limits import set_limit
from lamplighter.platform.operations.users import add_user, grant_role
from lamplighter.programs.models import FundMove, Grant
from lamplighter.programs.operations.defining import define_program
from lamplighter.programs.operations.enrolling import EnrollmentIn, convert_enrollments
from lamplighter.programs.operations.granting import put_in, set_fund_terms
from lamplighter.programs.queries.funds import standing_of
from lamplighter.programs.rules.granting import CannotFund, Room
from lamplighter.programs.rules.qualifying import Basis
from tests.credit.conftest import DANA, RENEE, make_ready

pytestmark = pytest.mark.django_db
NOOR = staff("noor")
LIVES = Period(date(2026, 1, 2), date(2027, 1, 2))


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    """Certificates lie here."""
    settings.STATE = tmp_path


@pytest.fixture
def ready(debtor):
    """$186.42 is past due; Dana grants up to $100 alone, Renee decides on the rest."""
    made = make_ready(debtor)
    for name, role, permission, cents in (
        ("dana", "csr", "programs.apply", 10000), ("renee", "supervisor", "adjustments.approve", 100000),
    ):  # fmt: skip
        user = add_user(username=name, name=name.title(), kind="staff", by=NOOR, at=made.at)
        grant_role(user=user, role=role, on=LIVES.start, by=NOOR, at=made.at)
        set_limit(role=role, permission=permission, amount=Money(cents), on=LIVES.start, by=RENEE, at=made.at)
    return made


@pytest.fixture
def opened(ready):
    """$500 put in by the utility; a household has $200 in twelve months."""
    now = {"by": RENEE, "at": ready.at}
    made = open_fund(key="neighbors", name="Neighbor Fund", words="Help.", code="grant-fund", on=ready.today, **now)
    set_fund_terms(
        fund=made, cap=Money(20000), programs=[], papers_days=10, citation="Resolution 2026-41", on=LIVES.start, **now
    )
    put_in(fund=made, amount=Money(50000), citation="Resolution 2026-41", source="first", on=ready.today, **now)
    return made


@pytest.fixture
def fund(opened):
    yield opened
    assert [one.differences for one in controls() if one.differences] == []


@pytest.fixture
def enrolled(ready, fund):
    """The household has a program that opens the fund, so that no paper is wanted."""
    program = define_program(
        code="power-assist", name="Power Assist", words="25% off.", fact="power_assist", gl_code="", by=RENEE,
        at=ready.at,
    )  # fmt: skip
    convert_enrollments(
        enrollments=[EnrollmentIn(program, ready.agreement, LIVES, Basis.DECLARED)], by=RENEE, at=ready.at
    )
    set_fund_terms(
        fund=fund, cap=Money(20000), programs=["power-assist"], papers_days=10, citation="Resolution 2026-42",
        on=date(2026, 6, 1), by=RENEE, at=ready.at,
    )  # fmt: skip


def asks(ready, fund, cents, paper=None):
    return ask_grant(account=ready.account, fund=fund, amount=Money(cents), paper=paper, remark="", **ready.now)


def certificate(ready):
    return store_file([b"%PDF they need it"], name="letter.pdf", media_type="application/pdf", by=DANA, at=ready.at)[0]


def owes(ready):
    return total(one.amount for one in owed_for_service(ready.account))


def test_within_ones_limit_it_is_given_at_once_and_the_customer_owes_less(ready, fund, enrolled):
    grant = asks(ready, fund, 10000)
    assert (grant.state, owes(ready)) == ("given", Money(8642))
    assert standing_of(fund).held == Money(40000)
    assert not Pledge.objects.exists()


def test_over_it_a_second_person_decides_and_it_counts_meanwhile(ready, fund, enrolled):
    grant = asks(ready, fund, 18642)
    assert (grant.state, grant.waits_for, owes(ready)) == ("waits", "a second person", Money(18642))
    assert past_due_total(ready.account, on=ready.today) == ZERO, "it counts as an agency's word"
    assert (standing_of(fund).reserved, standing_of(fund).free) == (Money(18642), Money(31358))
    approvals.approve(approval=Approval.objects.get(), by=RENEE, at=ready.at)
    grant.refresh_from_db()
    assert (grant.state, owes(ready)) == ("given", ZERO)
    assert Pledge.objects.get().outcome == "settled"
    assert FundMove.objects.get(kind="grant").amount == Money(-18642)


def test_nobody_approves_their_own(ready, fund, enrolled):
    asks(ready, fund, 18642)
    with pytest.raises(approvals.CannotDecide, match="Nobody approves their own"):
        approvals.approve(approval=Approval.objects.get(), by=DANA, at=ready.at)


def test_a_refusal_frees_the_money_and_the_debt_is_collected_again(ready, fund, enrolled):
    grant = asks(ready, fund, 18642)
    approvals.refuse(approval=Approval.objects.get(), by=RENEE, at=ready.at, remark="They won the lottery.")
    grant.refresh_from_db()
    assert (grant.state, standing_of(fund).free) == ("refused", Money(50000))
    assert past_due_total(ready.account, on=ready.today) == Money(18642)
    assert pass_a_fund_day(**ready.now).refused == 0


def test_without_a_program_an_agencys_certificate_is_waited_for(ready, fund):
    grant = asks(ready, fund, 9000)
    assert (grant.waits_for, grant.papers_by) == ("the agency's certificate", date(2026, 12, 17))
    assert past_due_total(ready.account, on=ready.today) == Money(9642)
    bring_certificate(grant=grant, paper=certificate(ready), **ready.now)
    grant.refresh_from_db()
    assert (grant.state, owes(ready)) == ("given", Money(9642))
    assert past_due_total(ready.account, on=ready.today) == Money(9642), "it counts once"


def test_a_certificate_that_never_comes_keeps_nothing(ready, fund):
    grant = asks(ready, fund, 9000)
    assert pass_a_fund_day(**ready.on("2026-12-17").now).lapsed == 0
    assert pass_a_fund_day(**ready.on("2026-12-18").now).lapsed == 1
    grant.refresh_from_db()
    assert (grant.state, standing_of(fund).reserved) == ("lapsed", ZERO)
    assert Pledge.objects.get().outcome == "withdrawn"


def test_who_needs_it_no_more_gives_it_back(ready, fund):
    grant = asks(ready, fund, 9000)
    take_back(grant=grant, remark="Paid by an aunt", **ready.now)
    assert Grant.objects.get().state == "withdrawn"
    with pytest.raises(CannotFund, match="waits no more: taken back"):
        bring_certificate(grant=grant, paper=certificate(ready), **ready.now)


def test_a_household_has_no_more_than_the_cap_in_twelve_months(ready, fund, enrolled):
    asks(ready, fund, 10000)
    ready.owes(30000, "2026-11-01")
    with pytest.raises(CannotFund, match=r"at most \$200.00 in twelve months, and had \$100.00"):
        asks(ready, fund, 10001)
    asks(ready, fund, 10000)
    assert offered(ready.account, fund, on=ready.today).room.most == ZERO
    assert offered(ready.account, fund, on=date(2027, 12, 7)).room.had == ZERO, "a year later"


def test_one_waits_at_a_time(ready, fund):
    asks(ready, fund, 5000)
    with pytest.raises(CannotFund, match="waits already"):
        asks(ready, fund, 5000)


def test_what_is_paid_meanwhile_is_not_granted_as_well(ready, fund, enrolled):
    asks(ready, fund, 18642)
    ready.pays(10000)
    with pytest.raises(CannotFund, match=r"\$86.42 is owed for service now, less than the grant"):
        approvals.approve(approval=Approval.objects.get(), by=RENEE, at=ready.at)


def test_a_control_total_finds_a_book_that_is_not_the_ledger(ready, opened):
    wrong = FundMove.objects.create(
        fund=opened, kind="utility", amount=Money(100), entry=Entry.objects.filter(kind="bill").first(), on=ready.today,
        at=ready.at, by=DANA,
    )  # fmt: skip
    assert funds_hold().differences == (
        "fund neighbors: 50100 in its book, 50000 in the ledger",
        f"movement {wrong.pk} of fund neighbors: 100, and 0 posted",
    )


@given(cap=st.integers(0, 300), had=st.integers(0, 300), free=st.integers(0, 300), owed=st.integers(0, 300),
       amount=st.integers(-5, 310))  # fmt: skip
def test_exactly_what_there_is_room_for_is_granted(cap, had, free, owed, amount):
    room = Room(Money(cap), Money(had), Money(free), Money(owed))
    try:
        room.refuse(Money(amount))
    except CannotFund:
        assert not 0 < amount <= room.most.cents
    else:
        assert 0 < amount <= room.most.cents
