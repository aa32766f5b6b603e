"""Read the bank's statement once and find what each line is; what does not tie is work for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Min, Sum, Value
from django.db.models.functions import Concat

from lamplighter.formats.banking.statements import CannotRead, Statement
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.kinds import BANK
from lamplighter.payments.models import (
    BankAccount,
    BankDeposit,
    BankLine,
    BankMatch,
    BankStatement,
    RefundStep,
)
from lamplighter.payments.operations.refunding import clear, clear_file
from lamplighter.payments.refunds.queries import standing_of
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft as Matter
from lamplighter.worklist.operations import finish_where, raise_items

DEPOSITS = frozenset({"174", "175", "301", "173", "184"})
CHECK_PAID, RETURNED = frozenset({"475"}), frozenset({"555", "566", "557", "556"})
REFUNDS_SENT = frozenset({"466", "451"})
SETTLES = {"165": "ach-clearing", "166": "ach-clearing", "142": "ach-clearing", "168": "card-clearing",
           "115": "lockbox-clearing", "257": "returned-items"}  # fmt: skip
"""What BAI2's other codes settle: collected ACH, the card processor's and the lockbox's deposits, refunds by ACH that
came back."""
TRANSIT_DAYS = 14


@in_transaction
def take_statement(*, statement: Statement, file: str, by: Actor, at: datetime) -> BankStatement:
    """Keep a day of our account and match its lines. Another account's, or a day that was read, is refused."""
    advisory_lock("payments.statements")
    ours = BankAccount.objects.first()
    if ours is None or statement.account.lstrip("0") != ours.number.lstrip("0"):
        raise CannotRead(f"The file is of account …{statement.account[-4:]}, which is not the utility's.")
    if BankStatement.objects.filter(on=statement.on).exists():
        raise CannotRead(f"The statement of {statement.on:%b %-d, %Y} was read already.")
    made = BankStatement.objects.create(
        on=statement.on, file=file, recorded_at=at, recorded_by=by,
        opening=None if statement.opening is None else Money(statement.opening),
        closing=None if statement.closing is None else Money(statement.closing),
    )  # fmt: skip
    lines = BankLine.objects.bulk_create(
        BankLine(statement=made, place=place, amount=Money(one.cents), code=one.code[:20], text=one.text[:300],
                 bank_reference=one.bank_reference[:80], reference=one.reference[:80])
        for place, one in enumerate(statement.lines, 1)
    )  # fmt: skip
    record("payments.statement.read", subject=f"statement:{statement.on}", by=by, at=at, lines=len(lines))
    for line in lines:
        if not _match(line, by=by, at=at):
            _ask(line, f"{line.amount}, code {line.code}: nothing of ours fits", by=by, at=at)
    return made


@in_transaction
def tie_again(*, line: BankLine, by: Actor, at: datetime) -> None:
    """Match a line that nothing fitted when its statement was read. Raises CannotTake where nothing does yet."""
    advisory_lock("payments.statements")
    if BankMatch.objects.filter(line=line).exists():
        raise CannotTake("It is matched. Only its difference waits, for somebody who finds it.")
    if not _match(line, by=by, at=at):
        raise CannotTake(f"{line.amount}, code {line.code}: nothing of ours fits yet.")
    if not BankMatch.objects.get(line=line).difference:
        finish_where(subjects=[line.subject], by=by, at=at, kind=BANK.key)


@in_transaction
def match_deposit(*, line: BankLine, deposit: BankDeposit, by: Actor, at: datetime) -> BankMatch:
    """This line is that deposit. What is missing at the bank stands apart in the books until somebody has found it."""
    if line.amount <= ZERO:
        raise CannotTake("A deposit comes in; this line went out.")
    if BankMatch.objects.filter(what="deposit", subject=deposit.subject).exists():
        raise CannotTake(f"{deposit} was seen at the bank already.")
    carried = deposit.cash + deposit.checks
    missing = carried - line.amount
    legs = [Leg("cash", line.amount), Leg("bank-transit", -carried)]
    legs += [Leg("bank-differences", missing)] if missing else []
    found = _matched(line, "deposit", deposit.subject, legs, missing, by=by, at=at)
    if missing:
        words = f"{deposit}: {abs(missing)} {'missing' if missing > ZERO else 'too much'} at the bank"
        _ask(line, words, by=by, at=at)
    return found


@in_transaction
def settle_difference(*, line: BankLine, code: str, remark: str, by: Actor, at: datetime) -> None:
    """The difference of a matched line is explained: it goes to the code that bears it, with the reason."""
    if not remark.strip():
        raise CannotTake("Say what was found.")
    match = BankMatch.objects.filter(line=line).first()
    if match is None or not match.difference:
        raise CannotTake("This line has no difference.")
    legs = (Leg(code, match.difference), Leg("bank-differences", -match.difference))
    draft = Draft(f"bank-difference:{line.pk}", "bank", line.statement.on, legs)
    ledger.post(draft=draft, at=at, by=by)
    record("payments.difference.settled", subject=line.subject, by=by, at=at, remark=remark, code=code,
           cents=match.difference.cents)  # fmt: skip
    finish_where(subjects=[line.subject], by=by, at=at, kind=BANK.key)


@in_transaction
def book_line(*, line: BankLine, code: str, remark: str, by: Actor, at: datetime) -> BankMatch:
    """A line that is nothing of the counter's (a fee, interest): booked to a code, with the reason."""
    if not remark.strip():
        raise CannotTake("Say what it is.")
    found = _matched(line, "booked", "", [Leg("cash", line.amount), Leg(code, -line.amount)], ZERO, by=by, at=at)
    record("payments.line.booked", subject=line.subject, by=by, at=at, remark=remark, code=code)
    finish_where(subjects=[line.subject], by=by, at=at, kind=BANK.key)
    return found


def _match(line: BankLine, *, by: Actor, at: datetime) -> bool:
    """Whether the line is something of ours beyond doubt, or a deposit that its bag names."""
    if line.code in DEPOSITS and line.amount > ZERO:
        deposit = _deposit_of(line)
        if deposit is None:
            return False
        match_deposit(line=line, deposit=deposit, by=by, at=at)
        return True
    if line.code in CHECK_PAID:
        return _clear_check(line, by=by, at=at)
    if line.code in REFUNDS_SENT:
        return _clear_sent(line, by=by, at=at)
    code = "returned-items" if line.code in RETURNED else SETTLES.get(line.code)
    if code is None:
        return False
    legs = [Leg("cash", line.amount), Leg(code, -line.amount)]
    _matched(line, "settlement", code, legs, ZERO, by=by, at=at)
    return True


def _deposit_of(line: BankLine) -> BankDeposit | None:
    """By the bag's number first, whatever the amount; else the only one of exactly this amount."""
    seen = BankMatch.objects.filter(what="deposit").values_list("subject", flat=True)
    since = line.statement.on - timedelta(days=TRANSIT_DAYS)
    waiting = [
        one for one in BankDeposit.objects.filter(made_on__range=(since, line.statement.on)) if one.subject not in seen
    ]
    words = set(_words(line.text, line.reference, line.bank_reference))
    named = [one for one in waiting if one.bag in words]
    exact = [one for one in waiting if one.cash + one.checks == line.amount]
    return named[0] if len(named) == 1 else exact[0] if len(exact) == 1 else None


def _clear_check(line: BankLine, *, by: Actor, at: datetime) -> bool:
    numbers = [int(word) for word in _words(line.reference, line.bank_reference, line.text) if word.isdigit()]
    step = RefundStep.objects.filter(act=RefundStep.Act.WRITTEN, check_number__in=numbers).order_by("-id").first()
    if step is None or step.refund.amount != -line.amount or standing_of(step.refund) != RefundStep.Act.WRITTEN:
        return False
    clear(refund=step.refund, on=line.statement.on, by=by, at=at)
    BankMatch.objects.create(line=line, what="refund", subject=step.refund.subject, recorded_at=at, recorded_by=by)
    return True


def _clear_sent(line: BankLine, *, by: Actor, at: datetime) -> bool:
    """The oldest file of refunds of exactly this amount that the bank has not taken yet."""
    seen = BankMatch.objects.filter(what="refunds").values("subject")
    sent = (
        RefundStep.objects.filter(act=RefundStep.Act.SENT)
        .annotate(subject=Concat(Value("ach:"), "file"))
        .exclude(subject__in=seen)
        .values("file")
        .annotate(whole=Sum("refund__amount"), first=Min("id"))
        .filter(whole=-line.amount)
        .order_by("first")
        .first()
    )
    if sent is None:
        return False
    BankMatch.objects.create(
        line=line, what="refunds", subject=f"ach:{sent['file']}", recorded_at=at, recorded_by=by,
        entry_id=clear_file(file=sent["file"], on=line.statement.on, by=by, at=at),
    )  # fmt: skip
    return True


def _matched(
    line: BankLine, what: str, subject: str, legs: Iterable[Leg], difference: Money, *, by: Actor, at: datetime
) -> BankMatch:
    if BankMatch.objects.filter(line=line).exists():
        raise CannotTake("This line is matched already.")
    draft = Draft(f"bank:{line.pk}", "bank", line.statement.on, tuple(legs))
    return BankMatch.objects.create(
        line=line, what=what, subject=subject, difference=difference, recorded_at=at, recorded_by=by,
        entry_id=ledger.post(draft=draft, at=at, by=by),
    )  # fmt: skip


def _ask(line: BankLine, words: str, *, by: Actor, at: datetime) -> None:
    raise_items(drafts=[Matter(BANK.key, line.subject, words[:200])], by=by, at=at)


def _words(*texts: str) -> list[str]:
    return [word for text in texts for word in re.findall(r"[\w-]+", text)]
