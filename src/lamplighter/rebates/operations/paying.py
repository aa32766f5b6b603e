"""Pay a rebate, alone within one's limit, by a second person above it; and claw it back."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments.models import Refund
from lamplighter.payments.operations.refunding import pay_out
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.events import write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.rebates.models import Clawback, RebateApplication, RebatePayment
from lamplighter.rebates.operations.budgeting import give_back, let_go
from lamplighter.rebates.operations.moving import locked, move
from lamplighter.rebates.queries.standing import CLAWBACK, PAYMENT, due_of
from lamplighter.rebates.rules.qualifying import Way
from lamplighter.rebates.rules.stages import CannotRebate, State
from lamplighter.rebates.rules.worth import unearned

ALONE, BY_ANOTHER = "rebates.work", "rebates.approve"


@in_transaction
def pay_rebate(*, application: RebateApplication, on: date, by: Actor, at: datetime) -> RebatePayment | Approval:
    """Pay what is due, or ask for it where `by` may not pay so much alone."""
    live = _ready(application)
    amount = due_of(live).amount
    return approvals.alone_or_ask(
        do=lambda: _pay(live, amount, on=on, by=by, at=at),
        alone=ALONE, permission=BY_ANOTHER, kind=PAYMENT, subject=live.subject, account=live.account_id, amount=amount,
        summary=f"Pay rebate {live.number}: {amount} for {live.entry.measure.name}",
        proposal={"application": live.number, "cents": amount.cents, "way": live.way}, on=on, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(PAYMENT)
def payment_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly what was asked, on the day on which it is approved; refused if it came to something else meanwhile."""
    live = _ready(RebateApplication.objects.get(number=approval.proposal["application"]))
    amount = due_of(live).amount
    if amount.cents != approval.proposal["cents"]:
        raise CannotRebate(f"It comes to {amount} by now. Refuse this; it is asked for anew.")
    _pay(live, amount, on=_day(at), by=by, at=at)


@in_transaction
def claw_back(
    *, application: RebateApplication, gone_on: date, words: str, on: date, by: Actor, at: datetime
) -> Clawback | Approval:
    """Ask back what a measure that was taken out has not earned, on the next bill; by a second person above one's
    limit."""
    live = _paid(application)
    if not words.strip():
        raise CannotRebate("Say what was found, as it can be told to the customer.")
    amount = clawed(live, gone_on=gone_on, on=on)
    return approvals.alone_or_ask(
        do=lambda: _claw(live, amount, gone_on, words, on=on, by=by, at=at),
        alone=ALONE, permission=BY_ANOTHER, kind=CLAWBACK, subject=live.subject, account=live.account_id,
        amount=amount, summary=f"Claw back {amount} of rebate {live.number}", remark=words,
        proposal={"application": live.number, "cents": amount.cents, "gone_on": gone_on.isoformat()},
        on=on, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(CLAWBACK)
def clawback_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly what was asked, on the day on which it is approved."""
    asked = approval.proposal
    live = _paid(RebateApplication.objects.get(number=asked["application"]))
    gone_on, words = date.fromisoformat(asked["gone_on"]), str(approval.ask_remark)
    _claw(live, Money(asked["cents"]), gone_on, words, on=_day(at), by=by, at=at)


def clawed(application: RebateApplication, *, gone_on: date, on: date) -> Money:
    """What is asked back. Raises CannotRebate where nothing is."""
    payment = application.payment
    if not payment.on <= gone_on <= on:
        raise CannotRebate(f"It went on a day from {payment.on:%b %-d, %Y}, when it was paid, to today.")
    amount = unearned(payment.amount, paid_on=payment.on, on=gone_on, months=application.terms.keep_months)
    if not amount:
        raise CannotRebate(f"It was kept for {application.terms.keep_months} months: nothing is asked back.")
    return amount


def _pay(live: RebateApplication, amount: Money, *, on: date, by: Actor, at: datetime) -> RebatePayment:
    let_go(application=live, amount=live.amount - amount, on=on, by=by, at=at)
    live.amount = amount
    adjustment: Adjustment | None = None
    refund: Refund | None = None
    program = live.entry.measure.program
    if live.way == Way.CREDIT:
        adjustment = adjust(
            agreement=live.agreement, kind=Adjustment.Kind.CREDIT, label=f"Rebate {live.number}", amount=-amount,
            against=program.gl_code, on=on, source=f"rebate:{live.number}", by=by, at=at,
        )  # fmt: skip
    else:
        payee = live.contractor if live.way == Way.CONTRACTOR else None
        refund = pay_out(
            account=live.account, amount=amount, against=program.gl_code, kind="rebate", payee=payee, on=on, by=by,
            at=at,
        )  # fmt: skip
    made = RebatePayment.objects.create(
        application=live, amount=amount, adjustment=adjustment, refund=refund, on=on, at=at, by=by
    )
    move(live, State.PAID, "paid", on=on, by=by, at=at, fields=("amount",), cents=amount.cents, way=live.way)
    return made


def _claw(
    live: RebateApplication, amount: Money, gone_on: date, words: str, *, on: date, by: Actor, at: datetime
) -> Clawback:
    adjustment = adjust(
        agreement=live.agreement, kind=Adjustment.Kind.CHARGE, label=f"Rebate {live.number} clawed back", amount=amount,
        against=live.entry.measure.program.gl_code, on=on, source=f"rebate-back:{live.number}", by=by, at=at,
    )  # fmt: skip
    made = Clawback.objects.create(
        payment=live.payment, amount=amount, adjustment=adjustment, words=write_remark(words, at=at), gone_on=gone_on,
        on=on, at=at, by=by,
    )  # fmt: skip
    give_back(application=live, amount=amount, on=on, by=by, at=at)
    move(live, State.CLAWED, "clawed_back", on=on, by=by, at=at, remark=words, cents=amount.cents)
    return made


def _ready(application: RebateApplication) -> RebateApplication:
    live = locked(application)
    if live.stage is not State.READY:
        raise CannotRebate(f"It is {live.stage.label.lower()}: nothing is to be paid.")
    return live


def _paid(application: RebateApplication) -> RebateApplication:
    live = locked(application)
    if live.stage is not State.PAID:
        raise CannotRebate(f"It is {live.stage.label.lower()}: there is nothing to ask back.")
    return live


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
