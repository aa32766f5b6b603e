"""Pay credits out: alone within one's limit, by a second person above it; checks, ACH and vouchers step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.models import Refund, RefundBank, RefundStep, RefundWay
from lamplighter.payments.operations.refundsteps import book, credited, locked, step
from lamplighter.payments.refunds.queries import credits_of, refundable, standing_of, way_on
from lamplighter.payments.refunds.rules import CannotRefund, Means
from lamplighter.platform import secrets
from lamplighter.platform.models import Approval
from lamplighter.platform.numbering import next_number, next_numbers
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

APPROVAL = "payments.refund"
ALONE, BY_ANOTHER = "adjustments.ask", "adjustments.approve"
CLEARING = {
    Refund.Method.CHECK.value: "refund-checks", Refund.Method.ACH.value: "refund-ach",
    Refund.Method.VOUCHER.value: "refund-vouchers",
}  # fmt: skip
PAID_FOR_US = "payables-paid"
Act = RefundStep.Act


@in_transaction
def refund(
    *, account: Account, amount: Money, means: Means, remark: str, on: date, by: Actor, at: datetime
) -> Refund | Approval:
    """Pay a credit out, or ask for it where `by` may not decide so much alone."""
    _refuse(account, amount, means, on)
    return approvals.alone_or_ask(
        do=lambda: _make(account, amount, means, on=on, by=by, at=at, remark=remark),
        alone=ALONE, permission=BY_ANOTHER, kind=APPROVAL, subject=account.subject, account=account.pk, amount=amount,
        summary=f"Refund {amount} to account {account.number} by {means.label}",
        proposal={"account": account.pk, "cents": amount.cents, **means.sealed()}, remark=remark, on=on, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def refund_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """What was asked, paid out on the day on which it is approved; refused if the credit is gone meanwhile."""
    asked = approval.proposal
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    account, amount = Account.objects.get(pk=asked["account"]), Money(asked["cents"])
    means = Means.opened(asked)
    _refuse(account, amount, means, on)
    _make(account, amount, means, on=on, by=by, at=at)


@in_transaction
def pay_out(
    *, account: Account, amount: Money, against: str, kind: str, payee: Person | None, on: date, by: Actor, at: datetime
) -> Refund:
    """Pay somebody what never stood on the account, such as a rebate: `against` bears it, and it goes with the refunds,
    by a check of ours or by the city's accounts payable, whoever pays refunds on that day. Who calls has decided that
    it may be paid; `kind` is that of the ledger's entry."""
    assert amount.cents > 0, "a check is over something"
    number = next_number("refund")
    method = Refund.Method.VOUCHER if way_on(on) == RefundWay.Way.PAYABLES else Refund.Method.CHECK
    legs = (Leg(against, amount, component=kind), Leg(CLEARING[method.value], -amount))
    made = Refund.objects.create(
        number=number, account=account, amount=amount, method=method, payee=payee, made_on=on,
        entry_id=ledger.post(draft=Draft(f"refund:{number}", kind, on, legs), at=at, by=by), recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    record(
        "payments.refund.made", subject=made.subject, account=account.pk, by=by, at=at, cents=amount.cents,
        method=made.method, number=number, of=kind,
    )  # fmt: skip
    return made


@in_transaction
def write_checks(*, refunds: Sequence[Refund], on: date, by: Actor, at: datetime) -> list[RefundStep]:
    """Give each refund the next check number."""
    made = []
    for one in locked(refunds):
        if one.method != Refund.Method.CHECK or standing_of(one) not in {"", Act.VOIDED, Act.CLAIMED}:
            raise CannotRefund(f"{one} does not wait for a check.")
        number = int(next_numbers("check")[0].partition("-")[0])
        made.append(step(one, Act.WRITTEN, on=on, by=by, at=at, check_number=number))
    return made


@in_transaction
def send_by_ach(
    *, refunds: Sequence[Refund], traces: Sequence[str], file: str, on: date, by: Actor, at: datetime
) -> None:
    """These went to the bank in a file (its SHA-256); each has its trace number there."""
    for one, trace in zip(locked(refunds), traces, strict=True):
        if one.method != Refund.Method.ACH or standing_of(one):
            raise CannotRefund(f"{one} does not wait for the bank.")
        step(one, Act.SENT, on=on, by=by, at=at, trace=trace, file=file)


@in_transaction
def void_check(*, refund: Refund, on: date, by: Actor, at: datetime, remark: str, again: bool) -> None:
    """A check is lost or wrong: it is never paid. `again`: it is written anew; else the money goes back."""
    if not remark.strip():
        raise CannotRefund("Say why the check is void.")
    (one,) = locked([refund])
    if standing_of(one) != Act.WRITTEN:
        raise CannotRefund(f"{one} has no check that is out.")
    number = one.steps.filter(act=Act.WRITTEN).latest("id").check_number
    step(one, Act.VOIDED, on=on, by=by, at=at, check_number=number, remark=remark)
    write_again_or_credit(one, again=again, on=on, by=by, at=at)


@in_transaction
def write_again_or_credit(one: Refund, *, again: bool, on: date, by: Actor, at: datetime) -> None:
    """Its check will never be paid: another is written, or the money stands on the account again."""
    if again:
        write_checks(refunds=[one], on=on, by=by, at=at)
        return
    if one.payee_id:
        raise CannotRefund("It was made out to somebody else than the customer: write it again.")
    entry = credited(one, CLEARING[one.method], on=on, by=by, at=at)
    step(one, Act.BACK, on=on, by=by, at=at, entry=entry)


@in_transaction
def clear(*, refund: Refund, on: date, by: Actor, at: datetime) -> RefundStep:
    """The bank paid its check."""
    (one,) = locked([refund])
    if standing_of(one) != Act.WRITTEN:
        raise CannotRefund(f"{one} has no check that is out.")
    entry = book(one, CLEARING[one.method], "cash", "cleared", on=on, by=by, at=at)
    return step(one, Act.CLEARED, on=on, by=by, at=at, entry=entry)


@in_transaction
def clear_file(*, file: str, on: date, by: Actor, at: datetime) -> int:
    """The bank took the whole of an ACH file (by SHA-256) from our account, what came back meanwhile included; the
    entry. It takes a file once."""
    steps = RefundStep.objects.filter(act=Act.SENT, file=file).select_related("refund").order_by("id")
    rows = locked([step.refund for step in steps])
    amount = total(one.amount for one in rows)
    legs = (Leg(CLEARING[Refund.Method.ACH.value], amount), Leg("cash", -amount))
    entry = ledger.post(draft=Draft(f"refund-file:{file}", "refund", on, legs), at=at, by=by)
    for one in rows:
        if standing_of(one) == Act.SENT:
            step(one, Act.CLEARED, on=on, by=by, at=at)
    return entry


@in_transaction
def returned_by_bank(*, refund: Refund, on: date, by: Actor, at: datetime, remark: str = "") -> None:
    """The receiving bank sent an ACH credit back: the money stands on the customer's account again, and comes to ours
    as a returned item. Its file is taken from our account as a whole, before or after."""
    (one,) = locked([refund])
    if standing_of(one) not in {Act.SENT, Act.CLEARED}:
        raise CannotRefund(f"{one} was not sent.")
    entry = credited(one, "returned-items", on=on, by=by, at=at)
    step(one, Act.RETURNED, on=on, by=by, at=at, remark=remark, entry=entry)


@in_transaction
def hand_over(*, refunds: Sequence[Refund], file: str, on: date, by: Actor, at: datetime) -> None:
    """These went to the city's accounts payable as vouchers in a file (its SHA-256)."""
    for one in locked(refunds):
        if one.method != Refund.Method.VOUCHER or standing_of(one) not in {
            "",
            *([Act.REFUSED] if one.payee_id else []),
        }:
            raise CannotRefund(f"{one} does not wait for accounts payable.")
        step(one, Act.HANDED, on=on, by=by, at=at, file=file)


@in_transaction
def paid_by_payables(
    *, refund: Refund, paid_on: date, check_number: int, file: str, on: date, by: Actor, at: datetime
) -> RefundStep:
    """Accounts payable paid it by the city's check, as its file (SHA-256) says: we owe it to the city now."""
    one = _at_payables(refund, paid_on, on)
    entry = book(one, CLEARING[one.method], PAID_FOR_US, "paid", on=on, by=by, at=at)
    return step(one, Act.PAID, on=paid_on, by=by, at=at, check_number=check_number, file=file, entry=entry)


@in_transaction
def refused_by_payables(
    *, refund: Refund, refused_on: date, reason: str, file: str, on: date, by: Actor, at: datetime
) -> RefundStep:
    """Accounts payable does not pay it: the money stands on the customer's account again, by a second entry. What is
    made out to somebody else is theirs and waits to be handed over again."""
    one = _at_payables(refund, refused_on, on)
    entry = None if one.payee_id else credited(one, CLEARING[one.method], on=on, by=by, at=at)
    return step(one, Act.REFUSED, on=refused_on, by=by, at=at, remark=reason, file=file, entry=entry)


def _at_payables(refund: Refund, answered_on: date, on: date) -> Refund:
    (one,) = locked([refund])
    newest = one.steps.order_by("-id").first()
    if newest is None or newest.act != Act.HANDED:
        raise CannotRefund(f"{one} is not with accounts payable.")
    if not newest.on <= answered_on <= on:
        raise CannotRefund(f"{one} was handed over on {newest.on}, and today is {on}: not answered on {answered_on}.")
    return one


def _make(
    account: Account, amount: Money, means: Means, *, on: date, by: Actor, at: datetime, remark: str = ""
) -> Refund:
    advisory_lock(f"account:{account.pk}")
    legs, left = [], amount
    for agreement, credit in credits_of(account):
        share = min(left, credit)
        if share.cents > 0:
            legs.append(Leg(agreement.type.control_code, share, agreement.subledger_id, component="refund"))
            left -= share
    assert not left, "a refund is no more than the credits"
    number = next_number("refund")
    draft = Draft(f"refund:{number}", "refund", on, (*legs, Leg(CLEARING[means.method], -amount)))
    made = Refund.objects.create(
        number=number, account=account, amount=amount, method=means.method,
        entry_id=ledger.post(draft=draft, at=at, by=by), made_on=on, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    if means.method == Refund.Method.ACH:
        sealed = secrets.encrypt(f"{means.routing} {means.number}")
        RefundBank.objects.create(refund=made, sealed=sealed, last_four=means.number[-4:], savings=means.savings)
    record(
        "payments.refund.made", subject=made.subject, account=account.pk, by=by, at=at, remark=remark,
        cents=amount.cents, method=means.method, number=number,
    )  # fmt: skip
    return made


def _refuse(account: Account, amount: Money, means: Means, on: date) -> None:
    advisory_lock(f"account:{account.pk}")
    if amount.cents <= 0:
        raise CannotRefund("Enter how much to refund, more than $0.00.")
    if (means.method == Refund.Method.VOUCHER) != (way_on(on) == RefundWay.Way.PAYABLES):
        whose = "the city's accounts payable" if means.method != Refund.Method.VOUCHER else "us"
        raise CannotRefund(f"Refunds are paid by {whose} now. Ask for this one anew.")
    most = refundable(account)
    if amount > most:
        raise CannotRefund(f"The account has {most} that can be refunded.")
