"""Debts after service: letters, write-off by code, agencies with their files, recovery, and an old debt found again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.models import AgencyFile, Process, Recovery, Referral, WriteOff
from lamplighter.credit.operations import agencies
from lamplighter.credit.operations.writingoff import propose, write_off
from lamplighter.credit.queries.closed import draft_write_off, old_debts, owed_of
from lamplighter.credit.queries.debts import dated
from lamplighter.credit.rules.writingoff import AgencyLoad, CannotWriteOff, by_code, next_agency, recovered_by_code
from lamplighter.journeys.control import controls
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.journeys.paying import take_back
from lamplighter.journeys.placing import make_file, untold
from lamplighter.journeys.recovering import move_debt, take_recoveries
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import trial_balance
from lamplighter.notices.models import Notice
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.operations.limits import set_limit
from lamplighter.platform.operations.users import add_user, grant_role
from lamplighter.platform.queries.files import path_of
from lamplighter.worklist.models import Item
from tests.credit.conftest import DANA, RENEE

MONEY = st.integers(1, 10**7).map(Money)


@given(st.dictionaries(st.sampled_from("abcdef"), MONEY, min_size=1), st.lists(st.integers(0, 100), max_size=6))
def test_what_is_recovered_in_any_steps_gives_every_code_what_it_lost(parts, steps):
    whole = total(parts.values())
    before, back = ZERO, dict.fromkeys(parts, ZERO)
    for percent in [*steps, 100]:
        now = Money(whole.cents * percent // 100)
        for code, amount in recovered_by_code(parts, before=before, now=now).items():
            back[code] += amount
        assert total(back.values()) == now
        before = now
    assert back == parts


def test_a_discount_bears_nothing_of_what_is_written_off():
    charged = {"revenue": Money(9000), "tax": Money(1000), "discount": Money(-3000)}
    assert by_code(Money(7000), charged) == {"revenue": Money(6300), "tax": Money(700)}
    assert by_code(Money(7000), {}) == {"uncollectible": Money(7000)}


def test_the_agency_with_the_least_of_ours_is_next():
    assert next_agency([AgencyLoad("b", Money(5)), AgencyLoad("a", Money(5)), AgencyLoad("c", Money(9))]) == "a"
    with pytest.raises(CannotWriteOff, match="Add one first"):
        next_agency([])


@pytest.fixture
def gone(debtor):
    """Two bills with a tax in them, service stopped, 70 days of silence."""
    for since, cents, tax in (("2026-06-20", 10000, 750), ("2026-07-20", 5000, 375)):
        day = date.fromisoformat(since)
        legs = (
            Leg("receivable", Money(cents + tax), debtor.agreement.subledger_id, owed_on=day),
            Leg("revenue-residential", Money(-cents)), Leg("users-tax", Money(-tax)),
        )  # fmt: skip
        ledger.post(draft=Draft(f"bill:{since}", "bill", day, legs), at=debtor.at, by=DANA)
    debtor.on("2026-07-20")
    stop_service(agreement=debtor.agreement, on=debtor.today, by=DANA, at=debtor.at)
    for key in ("bayside", "harbor"):
        agencies.add_agency(key=key, name=key.title(), fee_percent=Decimal(25), by=RENEE, at=debtor.at)
    return debtor.on("2026-11-20")


def writes_off(gone) -> WriteOff:
    draft = draft_write_off(gone.account, on=gone.today)
    return write_off(account=gone.account, draft=draft, reason="uncollectible", **gone.now)


def code(key: str) -> Money:
    return next((one.payoff for one in trial_balance() if one.key == key), ZERO)


def test_where_no_service_runs_letters_are_written_and_no_notice_of_shut_off(gone):
    days = [("2026-11-20", "courtesy-reminder"), ("2026-12-10", "final-notice")]
    for day, _ in days:
        gone.on(day)
        pass_a_day(**gone.now)
    assert list(Notice.objects.order_by("pk").values_list("template__code", flat=True)) == [code for _, code in days]
    gone.on("2027-01-04")
    pass_a_day(**gone.now)
    item = Item.objects.get(kind="credit.write-off")
    assert item.summary == "Letters ran out; $161.25 was owed"
    assert Process.objects.get().ended_on is None
    writes_off(gone)
    assert Process.objects.get().outcome == "written off"
    assert not Item.objects.waiting().exists()


def test_a_debt_is_written_off_by_its_codes_at_its_ages_and_stays_owed(gone):
    made = writes_off(gone)
    assert [(p.owed_on.month, p.code_id, p.amount.cents) for p in made.parts.order_by("owed_on", "code")] == [
        (6, "revenue-residential", 10000), (6, "users-tax", 750),
        (7, "revenue-residential", 5000), (7, "users-tax", 375),
    ]  # fmt: skip
    assert (code("uncollectible"), code("users-tax"), code("written-off-contra")) == (
        Money(15000), ZERO, Money(-16125),
    )  # fmt: skip
    assert owed_of(made) == Money(16125)
    assert gone.balance(AgreementKind.ENERGY).payoff == ZERO
    with pytest.raises(CannotWriteOff, match="Nothing is owed that could be written off"):
        draft_write_off(gone.account, on=gone.today)


def test_service_that_runs_is_not_written_off(debtor):
    debtor.owes(9000, "2026-09-01").on("2026-11-20")
    with pytest.raises(CannotWriteOff, match="Service runs on this account"):
        draft_write_off(debtor.account, on=debtor.today)


def test_a_second_person_decides_on_exactly_what_was_shown(gone):
    renee = add_user(username="renee", name="Renee", kind="staff", by=DANA, at=gone.at)
    grant_role(user=renee, role="supervisor", on=gone.today, by=DANA, at=gone.at)
    set_limit(role="supervisor", permission="credit.decide", amount=Money(100000), on=gone.today, by=DANA, at=gone.at)
    draft = draft_write_off(gone.account, on=gone.today)
    asked = propose(account=gone.account, draft=draft, reason="uncollectible", remark="Moved, no answer", **gone.now)
    assert isinstance(asked, Approval)
    paid = gone.pays(1000)
    with pytest.raises(CannotDecide, match="has changed since this was proposed"), transaction.atomic():
        approvals.approve(approval=asked, by=RENEE, at=gone.at)
    take_back(event=paid, reason="returned", **gone.now)
    approvals.approve(approval=asked, by=RENEE, at=gone.at)
    assert WriteOff.objects.get().amount == Money(16125)


def test_what_is_too_small_to_collect_needs_no_second_person(gone):
    gone.pays(16125 - 480)
    draft = draft_write_off(gone.account, on=gone.today)
    made = propose(account=gone.account, draft=draft, reason="uncollectible", **gone.now)
    assert (made.reason, made.amount) == ("small", Money(480))


def test_money_that_comes_later_gives_its_codes_back_and_its_return_takes_it_again(gone):
    writes_off(gone)
    event = gone.pays(6450)
    assert (code("uncollectible"), code("users-tax")) == (Money(9000), Money(-450))
    take_back(event=event, reason="returned", **gone.now)
    assert (code("uncollectible"), code("users-tax")) == (Money(15000), ZERO)
    assert [one.amount.cents for one in Recovery.objects.order_by("pk")] == [6450, -6450]


def test_an_agency_is_told_once_and_hears_of_payments_and_recalls(gone):
    made = writes_off(gone)
    referral = agencies.refer(write_off=made, **gone.now)
    assert referral.agency_id == "bayside"
    file = make_file(agency=referral.agency, **gone.now)
    text = path_of(file.file_id).read_text().splitlines()
    assert text[0].startswith("H,LAMPLIGHTER-AGENCY-1,Marisol Bay Power,bayside,2026-11-20,1")
    assert text[2].startswith(f'D,placed,{gone.account.number},Luis Ortega,"')
    assert text[2].endswith(",161.25,161.25,2026-06-20,2026-11-20,2026-11-20")
    assert text[3] == "T,1,161.25"
    with pytest.raises(CannotWriteOff, match="knows everything already"):
        make_file(agency=referral.agency, **gone.now)
    gone.pays(5000)
    gone.pays(11125)
    assert [(one.what, one.amount.cents) for one in untold(referral.agency)] == [
        ("paid", 5000), ("paid", 11125), ("recalled", 0),
    ]  # fmt: skip
    assert Referral.objects.get().outcome == "paid"


def recoveries(gone, *lines: str, agency="bayside", totals="") -> str:
    amounts = [line.split(",")[-2:] for line in lines]
    sums = [sum(Decimal(pair[place]) for pair in amounts) for place in (0, 1)]
    rows = [f"H,LAMPLIGHTER-RECOVERY-1,{agency},2026-11-20", *(f"D,{line}" for line in lines),
            totals or f"T,{len(lines)},{sums[0]},{sums[1]}"]  # fmt: skip
    return "\n".join(rows)


def takes(gone, text: str, agency):
    file, _ = store_file([text.encode()], name="rec.csv", media_type="text/csv", by=DANA, at=gone.at)
    return take_recoveries(agency=agency, file=file, text=text, **gone.now)


def test_what_an_agency_collected_pays_the_debt_whole_and_its_fee_is_ours(gone, settings, tmp_path):
    settings.STATE = tmp_path
    referral = agencies.refer(write_off=writes_off(gone), **gone.now)
    number = gone.account.number
    text = recoveries(gone, f"payment,R1,{number},2026-11-18,100.00,25.00", "payment,R2,999-9,2026-11-18,10.00,2.50")
    taken = takes(gone, text, referral.agency)
    assert (taken.payments, taken.amount, taken.fees) == (1, Money(10000), Money(2500))
    assert "Account 999-9 has no debt with this agency." in str(taken.findings[0])
    assert Item.objects.get(kind="credit.recovery")
    assert (code("agency-fees"), code("agency-clearing")) == (Money(2500), Money(7500))
    assert owed_of(referral.write_off) == Money(6125)
    assert not [one for one in untold(referral.agency) if one.what == "paid"], "it knows of its own"
    gone.on("2026-11-21")
    again = takes(gone, recoveries(gone, f"payment,R1,{number},2026-11-18,100.00,25.00",
                                   f"payment,R3,{number},2026-11-20,61.25,15.31"), referral.agency)  # fmt: skip
    assert (again.payments, again.amount) == (1, Money(6125))
    assert Referral.objects.get().outcome == "paid"
    assert [one.differences for one in controls() if one.differences] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nonsense", "does not begin with H,LAMPLIGHTER-RECOVERY-1"),
        ("H,LAMPLIGHTER-RECOVERY-1,bayside\nD,payment,R1,1,2026-11-18,1.00,0.00", "may be cut off"),
        ("H,LAMPLIGHTER-RECOVERY-1,harbor\nD,payment,R1,1,2026-11-18,1.00,0.00\nT,1,1.00,0.00", "is of harbor"),
        ("H,LAMPLIGHTER-RECOVERY-1,bayside\nD,payment,R1,1,2026-11-18,1.00,0.00\nT,2,1.00,0.00", "add up to 1"),
    ],
)
def test_a_file_that_can_not_be_believed_changes_nothing(gone, settings, tmp_path, text, why):
    settings.STATE = tmp_path
    agency = agencies.refer(write_off=writes_off(gone), **gone.now).agency
    taken = takes(gone, text, agency)
    assert taken.file is None
    assert why in " ".join(map(str, taken.findings))
    assert not AgencyFile.objects.exists()


def test_a_debt_that_is_given_back_can_be_placed_elsewhere(gone, settings, tmp_path):
    settings.STATE = tmp_path
    made = writes_off(gone)
    first = agencies.refer(write_off=made, **gone.now)
    text = recoveries(gone, f"returned,R9,{gone.account.number},2026-11-18,0.00,0.00")
    assert takes(gone, text, first.agency).given_back == 1
    assert agencies.refer(write_off=made, **gone.now).agency_id == "bayside"


def test_a_person_who_returns_is_known_and_their_old_debt_is_revived_on_its_own_agreement(gone):
    made = writes_off(gone)
    agencies.refer(write_off=made, **gone.now)
    new = gone.place.account(gone.place.luis)
    start_service(
        account=new, points=(gone.place.point,), schedule=gone.place.schedule, on=gone.today, by=DANA, at=gone.at
    )
    assert old_debts(new, on=gone.today) == [(gone.account, Money(16125))]
    assert move_debt(account=gone.account, to=new, **gone.now) == Money(16125)
    (home,) = new.agreements.filter(kind=AgreementKind.INVOICE)
    assert {one.owed_on for one in home.subledger.postings.all()} == {gone.today}, "nobody was asked for it here before"
    assert {one.late(gone.today) for one in dated([new.pk], on=gone.today)[new.pk]} == {False}, (
        "no letter before the next bill asks"
    )
    assert old_debts(new, on=gone.today) == []
    assert (code("uncollectible"), code("written-off-contra")) == (ZERO, ZERO)
    assert Referral.objects.get().outcome == "recalled"


def test_what_was_discharged_is_never_revived(gone):
    draft = draft_write_off(gone.account, on=gone.today)
    made = write_off(account=gone.account, draft=draft, reason="discharged", **gone.now)
    new = gone.place.account(gone.place.luis)
    start_service(
        account=new, points=(gone.place.point,), schedule=gone.place.schedule, on=gone.today, by=DANA, at=gone.at
    )
    assert old_debts(new, on=gone.today) == []
    with pytest.raises(CannotWriteOff, match="Nothing is owed there"):
        move_debt(account=gone.account, to=new, **gone.now)
    with pytest.raises(CannotWriteOff, match="no agency is told"):
        agencies.refer(write_off=made, **gone.now)
