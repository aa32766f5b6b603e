"""An application from the asking to its money, and every way in which it ends before."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from lamplighter.billing.models import Adjustment
from lamplighter.customers.operations import add_organisation
from lamplighter.journeys.paying_out import payee_of
from lamplighter.journeys.rebating import pass_a_rebate_day
from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.payments.models import Refund
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.rebates.models import AppliedIncentive, Commitment, RebateBudget
from lamplighter.rebates.operations import applying, deciding, defining, paying
from lamplighter.rebates.queries.offers import RebateIn, draft_rebate
from lamplighter.rebates.queries.standing import due_of, rebates
from lamplighter.rebates.rules.qualifying import Way
from lamplighter.rebates.rules.savings import Measured
from lamplighter.rebates.rules.stages import HOLDS, CannotRebate, Party, State
from lamplighter.rebates.rules.worth import Form
from lamplighter.worklist.models import Item
from tests.rebates.conftest import FACTOR, JOEL, ON, PETRA, RENEE, TERMS, YEAR, gives, program_of
from tests.town import noon

pytestmark = pytest.mark.django_db
DONE = ON + timedelta(days=20)
AT = noon(DONE)


def budget():
    """Its row; what the row says is committed is what its commitments add up to."""
    row = RebateBudget.objects.get()
    assert row.committed == (Commitment.objects.aggregate(all=Sum("amount"))["all"] or ZERO)
    held = sum(one.amount.cents for one in rebates() if one.stage in {*HOLDS, State.PAID})
    assert row.committed.cents == held, "what is reserved or paid, and nothing else"
    return row


def state(one):
    one.refresh_from_db()
    return one.stage


def ready(shop, **more):
    one = shop.asks(**more)
    shop.finishes(one)
    return deciding.accept_papers(application=one, factor=FACTOR, on=DONE, by=PETRA, at=AT)


def test_it_is_reserved_done_checked_and_paid_on_the_bill(shop):
    one = shop.asks()
    assert (state(one), one.amount) == (State.RESERVED, Money(270_000))
    assert one.stage.waits_for is Party.CUSTOMER
    assert budget().left == Money(730_000)
    shop.finishes(one, cost=Money(500_000))
    assert state(one) is State.REVIEW
    assert one.amount == Money(250_000), "half of what it cost in the end"
    assert budget().left == Money(750_000)
    assert Item.objects.get(subject=one.subject, ended_at__isnull=True).summary.endswith("check the papers")
    deciding.accept_papers(application=one, factor=FACTOR, on=DONE, by=PETRA, at=AT)
    assert state(one) is State.READY
    assert one.saving.kwh == 60 * 210
    assert one.saving.kg == Decimal(3150)
    payment = paying.pay_rebate(application=one, on=DONE, by=PETRA, at=AT)
    assert payment.amount == Money(250_000)
    credit = Adjustment.objects.get()
    assert (credit.amount, credit.agreement) == (Money(-250_000), shop.home.agreement)
    legs = {leg.code_id: leg.payoff for leg in Posting.objects.filter(entry=credit.entry)}
    assert legs == {"receivable": Money(-250_000), "rebates-efficiency": Money(250_000)}
    assert not Item.objects.filter(subject=one.subject, ended_at__isnull=True).exists()
    with pytest.raises(CannotRebate, match="It is paid"):
        paying.pay_rebate(application=one, on=DONE, by=PETRA, at=AT)
    budget()


def test_a_check_goes_through_the_refunds_and_a_contractors_is_made_out_to_them(shop):
    volt = add_organisation(name="Volt & Sons", by=JOEL, at=AT)
    one = ready(shop, way=Way.CONTRACTOR, contractor=volt)
    assert {"w9", "assignment"} <= set(one.papers.values_list("kind", flat=True))
    payment = paying.pay_rebate(application=one, on=DONE, by=PETRA, at=AT)
    check = Refund.objects.get()
    assert payment.refund == check
    assert payee_of(check, DONE) == "Volt & Sons"
    legs = {leg.code_id: leg.payoff for leg in Posting.objects.filter(entry=check.entry)}
    assert legs == {"rebates-efficiency": Money(270_000), "refund-checks": Money(-270_000)}
    assert shop.town.books().count("receivable") == 0, "the account's balance is untouched"


def test_above_the_limit_a_second_person_pays_exactly_what_was_asked(shop):
    defining.set_rebate_budget(program=program_of(shop), year=YEAR, amount=Money(2_000_000), citation="More", by=RENEE,
                               at=AT)  # fmt: skip
    one = ready(shop, quantity="150", cost=2_000_000)
    asked = paying.pay_rebate(application=one, on=DONE, by=PETRA, at=AT)
    assert isinstance(asked, Approval)
    assert asked.amount == Money(675_000)
    for act in (lambda: deciding.deny(application=one, words="No", on=DONE, by=PETRA, at=AT),
                lambda: deciding.withdraw(application=one, on=DONE, by=PETRA, at=AT)):  # fmt: skip
        with pytest.raises(CannotRebate, match="second person"):
            act()
    with pytest.raises(approvals.CannotDecide, match="already waiting"):
        paying.pay_rebate(application=one, on=DONE, by=PETRA, at=AT)
    with pytest.raises(approvals.CannotDecide, match="own request"):
        approvals.approve(approval=asked, by=PETRA, at=AT)
    approvals.approve(approval=asked, by=RENEE, at=AT)
    assert state(one) is State.PAID
    assert one.payment.amount == Money(675_000)
    budget()


def test_the_budget_is_never_overdrawn_and_who_waits_gets_what_others_leave_in_their_order(shop):
    first = shop.asks("150", 2_000_000)
    rate = shop.town.homes["Buoy"].agreement.rates.get().schedule
    others = [shop.town.moves_in(name, rate) for name in ("Next", "Last")]
    second, third = (shop.asks("100", 2_000_000, home=home) for home in others)
    assert [state(one) for one in (first, second, third)] == [State.RESERVED, State.QUEUED, State.QUEUED]
    assert second.stage.waits_for is Party.BUDGET
    assert budget().left == Money(325_000)
    robot = system("programs")
    assert pass_a_rebate_day(on=DONE, by=robot, at=AT).reserved == 0
    deciding.withdraw(application=first, on=DONE, by=JOEL, at=AT)
    assert pass_a_rebate_day(on=DONE, by=robot, at=AT).reserved == 2
    assert [state(one) for one in (first, second, third)] == [State.WITHDRAWN, State.RESERVED, State.RESERVED]
    assert second.done_by == DONE + timedelta(days=180)
    assert budget().left == Money(100_000)
    assert pass_a_rebate_day(on=DONE, by=robot, at=AT).reserved == 0


def test_the_database_itself_refuses_to_overdraw(shop):
    shop.asks()
    with pytest.raises(IntegrityError, match="rebate_budget_never_overdrawn"), transaction.atomic():
        RebateBudget.objects.update(committed=1_000_001)
    with pytest.raises(defining.CannotDefineRebate, match=r"\$2,700.00 of it is committed"):
        defining.set_rebate_budget(program=program_of(shop), year=YEAR, amount=Money(260_000), citation="Less",
                                   by=RENEE, at=AT)  # fmt: skip


def test_what_others_give_is_worked_out_by_the_day_and_kept(shop):
    grant = gives(shop, Form.PERCENT, "90")
    loan = gives(shop, Form.FIXED, "2000", stacks=False, name="Loan")
    one = shop.asks(incentives=(grant, loan))
    assert (one.others, one.amount) == (Money(810_000), Money(90_000))
    assert AppliedIncentive.objects.get().incentive == grant
    shop.finishes(one)
    assert due_of(one).amount == Money(90_000)


def test_what_does_not_qualify_is_written_down_as_denied_with_the_reason(shop):
    home = shop.town.moves_in("House", shop.town.adopts_book("marisol-bay-power/r-1_2026-07-01.toml"))
    one = shop.asks(home=home)
    assert state(one) is State.DENIED
    assert "residential" in str(one.reasons)
    assert not Commitment.objects.exists()
    shop.asks()
    assert state(shop.asks()) is State.DENIED, "the same measure at the same service waits already"


def test_a_draft_that_came_to_something_else_meanwhile_is_refused(shop):
    asked = RebateIn(shop.lamps, shop.home.agreement, Decimal(60), Money(900_000), Way.CREDIT)
    shown = draft_rebate(asked, on=ON).digest
    assert state(shop.asks("200", 9_000_000, home=shop.town.moves_in("Other", shop.home.agreement.rates.get().schedule)
                           )) is State.RESERVED  # fmt: skip
    with pytest.raises(CannotRebate, match="something else by now"):
        applying.apply_for_rebate(asked=asked, shown=shown, on=ON, by=JOEL, at=noon(ON))


def test_papers_are_asked_for_and_sent_back_and_early_work_has_no_rebate(shop):
    one = shop.asks()

    def done(installed_on):
        return applying.tell_done(application=one, installed_on=installed_on, quantity=Decimal(60),
                                  cost=Money(900_000), on=DONE, by=JOEL, at=AT)  # fmt: skip

    with pytest.raises(CannotRebate, match="Still to be brought: paid invoice, data sheet"):
        done(ON)
    shop.brings(one)
    with pytest.raises(CannotRebate, match="before it was asked for"):
        done(ON - timedelta(days=1))
    with pytest.raises(CannotRebate, match="lies ahead"):
        done(DONE + timedelta(days=1))
    done(ON)
    with pytest.raises(CannotRebate, match="Say what is wrong"):
        deciding.send_back(application=one, words=" ", on=DONE, by=PETRA, at=AT)
    late = one.done_by + timedelta(days=5)
    deciding.send_back(application=one, words="The invoice is not paid.", on=late, by=PETRA, at=noon(late))
    assert state(one) is State.RESERVED
    assert one.done_by == late + timedelta(days=30), "sent back late, there are thirty days more"


def test_days_for_the_work_run_out(shop):
    one = shop.asks()
    with pytest.raises(CannotRebate, match="reserved until"):
        deciding.lapse(application=one, on=one.done_by, by=PETRA, at=AT)
    day = one.done_by + timedelta(days=1)
    assert pass_a_rebate_day(on=day, by=system("programs"), at=noon(day)).lapsed == 1
    assert state(one) is State.LAPSED
    assert budget().committed == ZERO


def test_an_inspector_who_did_not_check_the_papers_finds_less_and_less_is_paid(shop):
    always = TERMS.__class__(180, 100, "seed-1", None, 60, 90, 80, "Resolution 2026-6")
    defining.set_rebate_terms(program=program_of(shop), terms=always, on=ON, by=RENEE, at=AT)
    one = shop.asks()
    shop.finishes(one)
    deciding.accept_papers(application=one, factor=FACTOR, on=DONE, by=PETRA, at=AT)
    assert state(one) is State.INSPECTION
    assert "seed-1" in one.lot
    look = {"application": one, "photo": None, "factor": FACTOR, "on": DONE, "at": AT}
    with pytest.raises(CannotRebate, match="You checked the papers"):
        deciding.inspect(found=Decimal(50), words="", by=PETRA, **look)
    with pytest.raises(CannotRebate, match="60 were told"):
        deciding.inspect(found=Decimal(61), words="", by=staff("sam"), **look)
    deciding.inspect(found=Decimal(50), words="Ten are still in boxes.", by=staff("sam"), **look)
    assert (state(one), one.amount, one.saving.kwh) == (State.READY, Money(225_000), Decimal(10_500))
    assert budget().left == Money(775_000)
    other = shop.asks(home=shop.town.moves_in("Twin", shop.home.agreement.rates.get().schedule))
    shop.finishes(other)
    deciding.accept_papers(application=other, factor=FACTOR, on=DONE, by=PETRA, at=AT)
    deciding.inspect(found=Decimal(0), words="Nothing is there.", by=staff("sam"), **(look | {"application": other}))
    assert state(other) is State.DENIED
    budget()


def test_a_measured_one_is_paid_by_the_meter_up_to_what_was_reserved(shop):
    one = shop.asks("20000", 1_000_000, measure=shop.custom)
    assert one.amount == Money(240_000)
    shop.finishes(one)
    deciding.accept_papers(application=one, factor=FACTOR, on=DONE, by=PETRA, at=AT)
    assert state(one) is State.MEASURING
    assert one.stage.waits_for is Party.METER
    act = {"application": one, "factor": FACTOR, "on": DONE, "by": PETRA, "at": AT}
    with pytest.raises(CannotRebate, match="shows no saving"):
        deciding.record_measured(measured=Measured(Decimal(-5), Decimal(1), ""), **act)
    deciding.record_measured(measured=Measured(Decimal(15_000), Decimal(900), "fits"), **act)
    assert (state(one), one.amount) == (State.READY, Money(180_000))
    assert one.saving.off_kwh == 900
    budget()


def test_what_was_taken_out_too_soon_is_asked_back_and_can_be_spent_again(shop):
    one = ready(shop)
    paying.pay_rebate(application=one, on=DONE, by=PETRA, at=AT)
    gone = DONE + timedelta(days=200)
    claw = {"application": one, "words": "The lamps were sold.", "by": PETRA, "at": noon(gone), "on": gone}
    with pytest.raises(CannotRebate, match="to today"):
        paying.claw_back(gone_on=gone + timedelta(days=1), **claw)
    back = paying.claw_back(gone_on=gone, **claw)
    assert back.amount == Money(270_000 * 54 // 60)
    charge = Adjustment.objects.get(kind="charge")
    assert charge.amount == back.amount
    assert state(one) is State.CLAWED
    assert RebateBudget.objects.get().committed == Money(270_000) - back.amount
    with pytest.raises(CannotRebate, match="nothing to ask back"):
        paying.claw_back(gone_on=gone, **claw)


def test_after_the_fiscal_year_what_is_clawed_back_is_not_the_programs_any_more(shop):
    one = ready(shop)
    paying.pay_rebate(application=one, on=DONE, by=PETRA, at=AT)
    later = date(2027, 7, 2)
    paying.claw_back(application=one, gone_on=later, words="Sold.", on=later, by=PETRA, at=noon(later))
    assert RebateBudget.objects.get().committed == Money(270_000)


def test_the_manual_of_the_day_counts_and_a_day_that_is_set_is_not_set_again(shop):
    before = shop.asks()
    entry = defining.EntryIn("MB-TRM 2027", "Invented", before.entry.one, Decimal(30), 50, None, ("commercial",),
                             ("invoice",))  # fmt: skip
    defining.set_entry(measure=shop.lamps, entry=entry, on=DONE, by=RENEE, at=AT)
    with pytest.raises(defining.CannotDefineRebate, match="set already"):
        defining.set_entry(measure=shop.lamps, entry=entry, on=ON, by=RENEE, at=AT)
    shop.finishes(before, on=DONE + timedelta(days=5))
    before.refresh_from_db()
    assert due_of(before).amount == Money(270_000), "it keeps the entry of the day on which it was asked"
    after = shop.asks(home=shop.town.moves_in("Twin", shop.home.agreement.rates.get().schedule), on=DONE)
    assert after.amount == Money(180_000)
