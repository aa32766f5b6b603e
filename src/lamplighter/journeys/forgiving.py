"""Set old debt aside and forgive it for bills paid in time, with the letters, the bill's words and the daily look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading_messages import on_reading
from lamplighter.billing.queries.reading_view import Message
from lamplighter.credit.models import Forgiveness, JudgedBill
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations import forgiving
from lamplighter.credit.queries.closed import are_closed
from lamplighter.credit.queries.debts import past_due_total
from lamplighter.credit.queries.forgiving import draft_forgiveness, forgiveness_terms, left_of, told_with
from lamplighter.credit.queries.standing import hardship_of
from lamplighter.credit.rules.forgiving import ForgivenessDraft
from lamplighter.journeys import dunning
from lamplighter.journeys.collecting import look_at, money_came, stop_collecting
from lamplighter.journeys.dunning import Letter
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work
from lamplighter.programs.models import Enrollment

HARDSHIP = "hardship"


def let_in_by(account: Account, *, on: date) -> str:
    """What lets the household in: a hardship on file, the code of one of the programs of the terms, or nothing."""
    if hardship_of(account, on=on) is not None:
        return HARDSHIP
    terms = forgiveness_terms(on=on)
    programs = terms.programs if terms else []
    rows = Enrollment.objects.filter(account=account, program__in=programs, period__contains=on)
    return str(rows.order_by("program").values_list("program", flat=True).first() or "")


def draft(account: Account, *, on: date) -> ForgivenessDraft:
    """As it would be written now. Raises CannotForgive with the words to say."""
    return draft_forgiveness(account, let_in_by=let_in_by(account, on=on), on=on)


@in_transaction
def begin(*, account: Account, draft: ForgivenessDraft, consent: str, on: date, by: Actor, at: datetime) -> Forgiveness:
    """Exactly what was shown. What was collected of it stops, as with money. Raises CannotForgive."""
    made = forgiving.set_aside(account=account, draft=draft, consent=consent, on=on, by=by, at=at)
    if past_due_total(account, on=on):
        money_came(accounts=[account], on=on, by=by, at=at)
    else:
        stop_collecting(accounts=[account.pk], outcome="set aside", on=on, by=by, at=at)
    _write(made, "begun", made.total, on=on, by=by, at=at)
    return made


@in_transaction
def end(*, forgiveness: Forgiveness, outcome: Outcome, on: date, by: Actor, at: datetime) -> Forgiveness:
    """What is left is owed again. Raises CannotForgive."""
    advisory_lock(f"account:{forgiveness.account_id}")
    left = left_of(forgiveness)
    ended = forgiving.end_forgiveness(forgiveness=forgiveness, outcome=outcome, on=on, by=by, at=at)
    _write(ended, str(outcome), left, on=on, by=by, at=at)
    return ended


def pass_a_forgiveness_day(*, on: date, by: Actor, at: datetime) -> int:
    """Every one that runs, in a unit of work of its own; how many ended. The same day again changes nothing."""
    ended = 0
    for pk in Forgiveness.objects.filter(ended_on__isnull=True).order_by("pk").values_list("pk", flat=True):
        with unit_of_work(by):
            ended += review(forgiveness=Forgiveness.objects.get(pk=pk), on=on, by=by, at=at).ended_on is not None
    return ended


@in_transaction
def review(*, forgiveness: Forgiveness, on: date, by: Actor, at: datetime) -> Forgiveness:
    """Judge its bills; what has no service any more ends, and what is left is owed with the final bill."""
    advisory_lock(f"account:{forgiveness.account_id}")
    live = Forgiveness.objects.select_related("agreement", "account", "terms").get(pk=forgiveness.pk)
    if live.ended_on is not None:
        return live
    live = forgiving.judge_bills(forgiveness=live, on=on, by=by, at=at)
    if live.ended_on is not None:
        left = live.total - total(one.amount for one in live.bills.all())
        _write(live, str(live.outcome), left, on=on, by=by, at=at)
        look_at(accounts=[live.account_id], on=on, by=by, at=at)
        return live
    if are_closed([live.account_id], on=on):
        return end(forgiveness=live, outcome=Outcome.CANCELLED, on=on, by=by, at=at)
    return live


@on_reading
def says_what_was_forgiven(bills: Sequence[Bill]) -> Mapping[int, Message]:
    """A message on the bill that follows."""
    return {pk: _message(one, left) for pk, (one, left) in told_with(bills).items()}


def _message(one: JudgedBill, left: Money) -> Message:
    if one.in_time:
        rest = f"{left} is still set aside." if left else "Nothing is left of it."
        return Message("You paid in time, so old debt was forgiven", f"{one.amount} for bill {one.bill.number}. {rest}")
    return Message(
        "A bill was not paid in time",
        f"Nothing of your old debt was forgiven for bill {one.bill.number}. {left} is still set aside. Call us before "
        "another bill is late.",
    )


def _write(row: Forgiveness, how: str, left: Money, *, on: date, by: Actor, at: datetime) -> None:
    values = {
        "how": how, "total": row.total, "share": Money(row.shares[-1]), "parts": len(row.shares), "left": left,
        "missed": row.terms.missed,
    }  # fmt: skip
    letter = Letter("debt-set-aside", f"debt-set-aside:{row.pk}:{how}", row.subject, values)
    dunning.write(letter, account=row.account, on=on, by=by, at=at)
