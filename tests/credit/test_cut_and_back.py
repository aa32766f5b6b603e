"""The certificate and the truck together: sent, checked at the door, called back by money, and power given back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from lamplighter.accounts.operations import start_agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations import depositing
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Arrangement, Certificate, Process
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.credit.rules.facts import Evidence, Reason, Tenants
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import CannotRaise
from lamplighter.fieldwork.reports import FieldRead, ReportIn
from lamplighter.journeys.arranging import end_plan, give_time, make_plan
from lamplighter.journeys.bankruptcy import enter_petition
from lamplighter.journeys.bereavement import customer_died
from lamplighter.journeys.collecting import protect, tenants_depend
from lamplighter.journeys.completing import registers_of, report_order
from lamplighter.journeys.corresponding import came_back
from lamplighter.journeys.disconnecting import order_off
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.journeys.paying import move_payment, take_back, take_batch, take_payment
from lamplighter.journeys.receiving import Sent, receive
from lamplighter.journeys.restoring import CannotRestore, restore, services_off
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.journeys.severing import begin_order
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances
from lamplighter.metering.models import SwitchState
from lamplighter.notices.models import Notice
from lamplighter.payments.operations import EventIn
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import TenderIn
from tests.credit.conftest import DANA, MONDAY, make_ready, skies

pytestmark = pytest.mark.django_db
SAM, RENEE = staff("sam"), staff("renee")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ready(debtor):
    return make_ready(debtor)


def send(ready, reason=Reason.NON_PAYMENT, evidence=None, at=MONDAY):
    return order_off(agreement=ready.agreement, reason=reason, on=ready.today, by=DANA, at=at, evidence=evidence)


def report(order, at, switch="off") -> ReportIn:
    reads = tuple(FieldRead(channel.pk, 1, confirmed=True) for channel in registers_of(order, at=at))
    return ReportIn(uuid4(), done=True, found_at=at, reads=reads, switch=switch, safe=True)


def cuts(ready, at=MONDAY + 5 * MINUTE) -> Order:
    """The crew goes and does it."""
    (order,) = send(ready).orders
    assert begin_order(order=order, on=ready.today, by=SAM, at=at) == ""
    report_order(order=order, report=report(order, at + MINUTE), by=SAM, at=at + 2 * MINUTE)
    return order


def state(ready, at=MONDAY + timedelta(hours=2)) -> str:
    return SwitchState.objects.get(point=ready.place.point, span__contains=at).state


def plans(ready):
    draft = draft_plan(ready.account, down=None, months=3, on=ready.today)
    return make_plan(account=ready.account, draft=draft, consent="signed", **ready.now)


def is_credited(ready):
    return adjust(
        agreement=ready.agreement, kind="credit", label="Goodwill credit", amount=Money(-18642), against="goodwill",
        source="desk", **ready.now,
    )  # fmt: skip


def gives_its_deposit(ready):
    depositing.charge_deposit(account=ready.account, amount=Money(20000), source="old", **ready.now)
    ready.pays(20000)
    return depositing.apply_deposit(
        account=ready.account, to=ready.agreement, amount=Money(18642), source="final", **ready.now
    )


def held(kind: HoldKind):
    return lambda r: protect(account=r.account, kind=kind, period=Period(r.today), evidence="P-1", **r.now)


def pays_by(tender: str):
    taken = [TenderIn(tender, Money(18642), Money(18642), "7734")]
    return lambda r: take_payment(
        key=None, control=r.drawer, tenders=taken, payments_to={r.account: Money(18642)}, **r.now
    )


def pays_by_mail(r):
    came = EventIn((TenderIn("check", Money(18642), Money(18642), "101"),), {r.account: Money(18642)}, r.at)
    return take_batch(control=r.drawer, events=[came], **r.now)


def pays_elsewhere(r):
    """The agent of a bank sends it by the interface."""
    sent = Sent(uuid4(), r.account.number, Money(18642), "cash")
    (answer,) = receive(control=r.drawer, sent=[sent], **r.now)
    assert answer.state == "posted"


def is_paid_with_what_went_astray(r):
    other = r.place.account(r.place.hannah)
    start_agreement(account=other, kind=AgreementKind.INVOICE, on=r.today, by=DANA, at=r.at)
    event = take_payment(
        key=None, control=r.drawer, tenders=[TenderIn("cash", Money(18642), Money(18642))],
        payments_to={other: Money(18642)}, **r.now,
    )  # fmt: skip
    return move_payment(payment=event.payments.get(), to=r.account, amount=Money(18642), **r.now)


def files_for_bankruptcy(r):
    petition = Petition(7, "26-40001", "N.D. Cal.", r.today, r.today)
    return enter_petition(account=r.account, petition=petition, **r.now)


def dies(r):
    return customer_died(
        account=r.account, person=r.place.luis, died_on=r.today, evidence="E-1", cares="", mailing="", **r.now
    )  # fmt: skip


WAYS = {
    "pays cash": lambda r: r.pays(18642),
    "pays by check": pays_by("check"),
    "pays by card": pays_by("card"),
    "pays by mail": pays_by_mail,
    "pays elsewhere": pays_elsewhere,
    "is paid with what went astray": is_paid_with_what_went_astray,
    "is credited": is_credited,
    "gives its deposit": gives_its_deposit,
    "arranges": plans,
    "is given time": lambda r: give_time(account=r.account, until=date(2026, 12, 18), **r.now),
    "files for bankruptcy": files_for_bankruptcy,
    "dies": dies,
    **{f"is protected: {kind.value}": held(kind) for kind in HoldKind},
}


def test_an_order_leaves_with_the_certificate_of_its_sending(ready):
    cut = send(ready)
    (order,) = cut.orders
    assert (order.certificate, order.reason, order.state) == (cut.certificate.number, "non-payment", "waiting")
    assert cut.certificate.sending
    with pytest.raises(CannotRaise, match="is open for the same"):
        send(ready)


def test_what_is_refused_raises_no_order_and_is_kept(ready):
    cut = send(ready, at=MONDAY - timedelta(days=3))
    assert (cut.orders, cut.certificate.allowed) == ((), False)
    assert not Order.objects.exists()


def test_the_crew_is_stopped_at_the_door_and_the_refusal_is_kept(ready):
    (order,) = send(ready).orders
    skies(MONDAY + MINUTE, "Heat Advisory")
    assert begin_order(order=order, on=ready.today, by=SAM, at=MONDAY + 2 * MINUTE) == (
        "Do not disconnect. Heat Advisory today."
    )
    kept = Certificate.objects.latest("id")
    assert (kept.allowed, kept.rechecks.number) == (False, order.certificate)
    order.refresh_from_db()
    assert order.state == "waiting", "tomorrow may be cooler"


@pytest.mark.parametrize("comes", WAYS.values(), ids=WAYS)
def test_what_comes_before_the_truck_calls_it_back_in_its_own_transaction(ready, comes):
    (order,) = send(ready).orders
    comes(ready)
    order.refresh_from_db()
    assert (order.state, order.steps.last().reason) == ("discarded", "paid")
    assert not Process.objects.filter(account=ready.account, ended_on__isnull=True).exists(), "nothing collects it"


def their_notice_comes_back(r):
    came_back(notice=Notice.objects.get(template__code="past-due"), why="moved", by=DANA, at=r.at)


UNTOLD = {
    "has tenants": lambda r: tenants_depend(agreement=r.agreement, how=Tenants.MASTER, evidence="lease", **r.now),
    "never had the notice": their_notice_comes_back,
}


@pytest.mark.parametrize("comes", UNTOLD.values(), ids=UNTOLD)
def test_who_turns_out_to_be_untold_is_not_turned_off_for_now(ready, comes):
    (order,) = send(ready).orders
    comes(ready)
    order.refresh_from_db()
    assert (order.state, order.steps.last().reason) == ("discarded", "not-needed")


def hannah_moves_in(ready, on):
    hannah = ready.place.account(ready.place.hannah)
    start_service(account=hannah, points=(ready.place.point,), schedule=ready.place.schedule, on=on, by=DANA,
                  at=ready.at, back_to_back=True)  # fmt: skip


def test_whoever_moves_in_is_not_turned_off_for_whoever_moved_out(ready):
    (order,) = send(ready).orders
    hannah_moves_in(ready, ready.today)
    order.refresh_from_db()
    assert (order.state, order.steps.last().reason) == ("discarded", "not-needed")
    ready.agreement.refresh_from_db()
    assert "The customer has no service here today." in send(ready).certificate.why_not


def test_nor_on_the_day_on_which_they_come(ready):
    (order,) = send(ready).orders
    hannah_moves_in(ready, ready.today + timedelta(days=1))
    order.refresh_from_db()
    assert order.state == "discarded"


def test_a_part_payment_that_leaves_enough_recalls_nothing(ready):
    (order,) = send(ready).orders
    ready.pays(2000)
    order.refresh_from_db()
    assert order.state == "waiting"


def test_a_crew_that_was_there_already_is_undone_free_of_charge(ready):
    (order,) = send(ready).orders
    assert begin_order(order=order, on=ready.today, by=SAM, at=MONDAY + MINUTE) == ""
    ready.pays(18642)
    order.refresh_from_db()
    assert order.state == "discarded"
    report_order(order=order, report=report(order, MONDAY + 2 * MINUTE), by=SAM, at=MONDAY + 9 * MINUTE)
    assert state(ready) == "off", "the record says what is so"
    back = Order.objects.get(kind="reconnect")
    assert (back.state, back.priority, str(back.instructions)) == (
        "waiting", "urgent", "Turned off although it was not to be: free of charge.",
    )  # fmt: skip
    assert not Adjustment.objects.filter(kind="fee").exists()


FREE = {"files for bankruptcy", "is protected: bankruptcy"}
"""A fee for old debt's shut-off would be old debt, too."""


@pytest.mark.parametrize("how", WAYS)
def test_whoever_was_cut_off_gets_power_back_in_the_transaction_of_the_payment_or_promise(ready, how):
    cuts(ready)
    (off,) = services_off(ready.account, at=ready.at)
    assert (off.restoration.now, off.restoration.next_bill) == (Money(18642), Money(2500))
    assert off.restoration.words == "$186.42 restores power. $25.00 comes with the next bill."
    WAYS[how](ready)
    back = Order.objects.get(kind="reconnect")
    assert (back.state, back.raised_at, back.due_at) == ("waiting", ready.at, ready.at + timedelta(hours=4))
    fees = [one.amount for one in Adjustment.objects.filter(kind="fee")]
    assert fees == ([] if how in FREE else [Money(2500)])
    (off,) = services_off(ready.account, at=ready.at)
    assert off.under_way == back
    report_order(order=back, report=report(back, ready.at + MINUTE, "on"), by=SAM, at=ready.at + 2 * MINUTE)
    assert services_off(ready.account, at=ready.at + timedelta(hours=1)) == []


def test_too_little_restores_nothing_and_says_what_does(ready):
    cuts(ready)
    ready.pays(10000)
    assert not Order.objects.filter(kind="reconnect").exists()
    with pytest.raises(CannotRestore, match=r"\$86.42 restores power"):
        restore(account=ready.account, **ready.now)


def test_after_hours_costs_more_only_for_who_asks_for_it(ready):
    cuts(ready)
    ready.today = date(2026, 12, 12)  # a Saturday
    (off,) = services_off(ready.account, at=ready.at)
    assert "After hours, if they ask for it now" in [line.what for line in off.restoration.lines]
    ready.pays(18642)
    assert [each.amount for each in Adjustment.objects.filter(kind="fee")] == [Money(2500)]


def test_a_heat_alert_gives_power_back_without_money(ready):
    cuts(ready)
    skies(MONDAY + timedelta(minutes=30), "Extreme Heat Warning")
    made = restore(account=ready.account, on=ready.today, by=DANA, at=MONDAY + timedelta(hours=1))
    assert [order.kind for order in made] == ["reconnect"]
    assert not Adjustment.objects.filter(kind="fee").exists()


def test_a_customers_own_request_is_done_from_their_day_on_and_costs_nothing_before_power_is_back(debtor):
    debtor.on("2026-12-07")
    wish = Evidence("call 7", MONDAY, str(DANA), for_day=debtor.today)
    (order,) = send(debtor, Reason.REQUEST, wish).orders
    assert order.reason == "customer-request"
    assert begin_order(order=order, on=debtor.today, by=SAM, at=MONDAY + MINUTE) == ""
    report_order(order=order, report=report(order, MONDAY + 2 * MINUTE), by=SAM, at=MONDAY + 3 * MINUTE)
    (off,) = services_off(debtor.account, at=debtor.at)
    assert (off.restoration.ready, off.restoration.now) == (True, Money(0))


def test_a_danger_goes_out_urgently_and_power_returns_when_somebody_says_that_it_is_over(debtor):
    debtor.on("2026-12-07")
    (order,) = send(debtor, Reason.HAZARD, Evidence("wires down", MONDAY, str(DANA))).orders
    assert order.priority == "urgent"
    report_order(order=order, report=report(order, MONDAY + MINUTE), by=SAM, at=MONDAY + 2 * MINUTE)
    with pytest.raises(CannotRestore, match="First: the danger is gone"):
        restore(account=debtor.account, **debtor.now)
    assert restore(account=debtor.account, **debtor.now, cleared=True)
    assert not Adjustment.objects.exists(), "whoever was in danger pays nothing for it"


def test_unauthorized_use_is_turned_off_on_a_second_persons_word_and_hears_of_the_weather(debtor):
    debtor.on("2026-12-07")
    alone = Evidence("order:7", MONDAY - timedelta(days=1), str(SAM), decided_by=str(SAM))
    refused = send(debtor, Reason.UNAUTHORIZED_USE, alone).certificate
    failed = {check["code"] for check in refused.checks if not check["passed"]}
    assert failed == {"investigation", "weather", "reconnection"}


def test_a_move_is_turned_off_when_service_has_ended(ready):
    assert "The customer's service goes on." in send(ready, Reason.MOVE_OUT).certificate.why_not
    stop_service(agreement=ready.agreement, on=ready.today, by=DANA, at=ready.at)
    ready.agreement.refresh_from_db()
    (order,) = send(ready, Reason.MOVE_OUT).orders
    assert order.state == "waiting"


def owed(ready) -> list[tuple[str, date, Money]]:
    kinds = {each.pk: each.kind for each in ready.account.agreements.all()}
    return sorted((kinds[one.agreement], one.owed_on, one.amount) for one in owed_by(ready.account))


def ends_kept(ready):
    """Two bills, a plan for both in two payments, all paid: kept."""
    ready.owes(5000, "2026-10-20").on("2026-12-07")
    plan = plans(ready)
    events = []
    for part in plan.instalments.order_by("place"):
        ready.today = max(part.due_on, ready.today)
        pass_a_day(**ready.now)
        events.append(ready.pays(part.amount.cents))
    pass_a_day(**ready.now)
    plan.refresh_from_db()
    assert plan.outcome == "kept"
    return plan, events


@pytest.mark.parametrize("how", ["taken back at the desk", "reversed elsewhere"])
def test_a_payment_that_is_returned_after_the_plan_was_kept_brings_its_debt_home(ready, how):
    plan, events = ends_kept(ready)
    if how == "taken back at the desk":
        take_back(event=events[-1], reason="returned", **ready.now)
    else:
        from lamplighter.payments.operations import reverse_event

        reverse_event(event=events[-1], reason="returned", **ready.now)
        pass_a_day(**ready.now)
    assert balances([plan.agreement.subledger_id])[plan.agreement.subledger_id].payoff == Money(0)
    assert owed(ready) == [("energy", date(2026, 9, 20), Money(910)), ("energy", date(2026, 10, 20), Money(5000))]
    take_back(event=events[0], reason="returned", **ready.now)
    assert sum(amount.cents for _, _, amount in owed(ready)) == 5910 + events[0].payments.get().amount.cents


def test_a_payment_that_is_returned_after_the_plan_was_broken_comes_home_at_the_age_that_is_missing(ready):
    plan = plans(ready)
    first = ready.pays(plan.instalments.get(place=0).amount.cents)
    end_plan(plan=plan, outcome="broken", **ready.now)
    assert owed(ready) == [("energy", date(2026, 9, 20), Money(13980))]
    take_back(event=first, reason="returned", **ready.now)
    assert owed(ready) == [("energy", date(2026, 9, 20), Money(18642))]
    assert not Arrangement.objects.filter(ended_on__isnull=True).exists()
