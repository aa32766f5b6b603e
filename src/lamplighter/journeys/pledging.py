"""An agency's word counts at once, and its money settles it: collection, the truck and power follow in the same act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.kinds import ASSISTANCE_CHECK
from lamplighter.credit.models import AssistanceAgency, AssistanceCheck, AssistanceCheckLine, Pledge
from lamplighter.credit.operations import pledging
from lamplighter.credit.operations.pledging import LineIn, PledgeIn
from lamplighter.credit.queries.debts import owed_for_service
from lamplighter.credit.queries.pledges import overdue
from lamplighter.credit.rules.pledging import CannotPledge, spread
from lamplighter.journeys.collecting import money_came
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments import operations as payments
from lamplighter.payments.models import PaymentEvent, TenderControl, TenderSource
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.models import StoredFile
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work
from lamplighter.worklist.operations import Draft, finish_where, raise_items

SOURCE, CLEARING = "assistance", "lockbox-clearing"
PAYABLE = ("", Pledge.Outcome.EXPIRED)
"""A pledge that counts, or whose money comes late."""


@in_transaction
def pledge(*, account: Account, said: PledgeIn, on: date, by: Actor, at: datetime) -> Pledge:
    """What is left calls for less: collection of more ends, a truck is called back, and power that was off for the debt
    comes back. Raises CannotPledge."""
    made = pledging.make_pledge(account=account, said=said, on=on, by=by, at=at)
    money_came(accounts=[account], on=on, by=by, at=at)
    return made


@in_transaction
def withdraw(*, pledge: Pledge, remark: str, on: date, by: Actor, at: datetime) -> Pledge:
    """The agency takes it back; the morning's job looks at the debt again. Raises CannotPledge."""
    return pledging.end_pledge(
        pledge=pledge, outcome=Pledge.Outcome.WITHDRAWN, on=on, by=by, at=at, remark=remark
    )  # fmt: skip


def expire_pledges(*, on: date, by: Actor, at: datetime) -> int:
    """Those that were not paid in time count no more, each in a unit of work of its own; how many."""
    ended = 0
    for pk in list(overdue(on=on).values_list("pk", flat=True)):
        with unit_of_work(by):
            found = Pledge.objects.get(pk=pk)
            advisory_lock(f"account:{found.account_id}")
            if overdue(on=on).filter(pk=pk).exists():
                pledging.end_pledge(pledge=found, outcome=Pledge.Outcome.EXPIRED, on=on, by=by, at=at)
                ended += 1
    return ended


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a check: how many lines were put to accounts and how much, how many wait, how many of those
    that were paid differ from what was pledged."""

    check: AssistanceCheck
    paid: int
    amount: Money
    waiting: int
    differing: int


@in_transaction
def take_check(
    *, agency: AssistanceAgency, reference: str, amount: Money, lines: Sequence[LineIn], on: date, by: Actor,
    at: datetime, file: StoredFile | None = None,
) -> Settled:  # fmt: skip
    """Each line pays the pledge that it names. One that names none waits for a person, and so does the difference of
    one that pays more or less than was pledged. Raises CannotPledge."""
    kept = pledging.keep_check(
        agency=agency, reference=reference, amount=amount, lines=lines, file=file, on=on, by=by, at=at
    )
    rows = list(kept.lines.order_by("place"))
    matched = [(line, found) for line in rows if (found := _pledge_of(agency, line)) is not None]
    advisory_lock(*(f"account:{found.account_id}" for _, found in matched))
    differing = 0
    if matched:
        control = _control(by=by, at=at)
        for line, found in matched:
            _pay(line, found.account, found, control, on=on, by=by, at=at)
            differing += line.amount != found.amount
        _balance(control, total(line.amount for line, _ in matched), by=by, at=at)
    settled = {line.pk for line, _ in matched}
    loose = [line for line in rows if line.pk not in settled]
    _ask(loose, agency, by=by, at=at)
    return Settled(kept, len(matched), total(line.amount for line, _ in matched), len(loose), differing)


@in_transaction
def put_to_account(
    *, line: AssistanceCheckLine, account: Account, pledge: Pledge | None, on: date, by: Actor, at: datetime
) -> PaymentEvent:  # fmt: skip
    """A person found whom a line is for. Raises CannotPledge."""
    advisory_lock(f"account:{account.pk}")
    live = AssistanceCheckLine.objects.select_for_update(of=("self",)).select_related("of__agency").get(pk=line.pk)
    if live.event_id is not None:
        raise CannotPledge("This line was put to an account before.")
    if pledge is not None and (pledge.account_id, pledge.agency_id) != (account.pk, live.of.agency_id):
        raise CannotPledge("That pledge is of another account or agency.")
    control = _control(by=by, at=at)
    event = _pay(live, account, pledge, control, on=on, by=by, at=at)
    _balance(control, live.amount, by=by, at=at)
    return event


def _pay(
    line: AssistanceCheckLine, account: Account, found: Pledge | None, control: TenderControl, *, on: date, by: Actor,
    at: datetime,
) -> PaymentEvent:  # fmt: skip
    """The money goes to debts for service, the oldest first, which is what the pledge counted against."""
    shares = spread([(one.agreement, one.amount) for one in owed_for_service(account)], line.amount)
    agreements = Agreement.objects.in_bulk(shares)
    event = payments.post_event(
        control=control, tenders=[TenderIn("check", line.amount, line.amount, line.said_reference)],
        payments={account: line.amount}, directed={agreements[pk]: share for pk, share in shares.items()},
        on=on, by=by, at=at,
    )  # fmt: skip
    pledging.settle_line(line=line, pledge=found, event=event, on=on, by=by, at=at)
    money_came(accounts=[account], on=on, by=by, at=at)
    finish_where(subjects=[line.subject], kind=ASSISTANCE_CHECK.key, by=by, at=at)
    if found is not None and line.amount != found.amount:
        words = f"{found.agency.name} pledged {found.amount} under {found.reference} and paid {line.amount}"
        raise_items(drafts=[Draft(ASSISTANCE_CHECK.key, line.subject, words[:200], account=account.pk)], by=by, at=at)
    return event


def _pledge_of(agency: AssistanceAgency, line: AssistanceCheckLine) -> Pledge | None:
    """The pledge that a line names, if it is of the account that the line names too."""
    rows = Pledge.objects.filter(agency=agency, reference=line.said_reference, outcome__in=PAYABLE, line__isnull=True)
    named = rows.filter(account__number=line.said_account) if line.said_account else rows
    return named.select_related("account", "agency").first()


def _ask(lines: Sequence[AssistanceCheckLine], agency: AssistanceAgency, *, by: Actor, at: datetime) -> None:
    """Somebody finds out whom these are for."""
    matters = [
        Draft(
            ASSISTANCE_CHECK.key, line.subject,
            f"{agency.name} paid {line.amount} under {line.said_reference}: no such pledge waits for money",
        )
        for line in lines
    ]  # fmt: skip
    raise_items(drafts=matters, by=by, at=at)


def _control(*, by: Actor, at: datetime) -> TenderControl:
    """A balancing period for this check alone; whoever else takes one waits."""
    advisory_lock(f"source:{SOURCE}")
    source = TenderSource.objects.filter(pk=SOURCE).first() or payments.define_source(
        key=SOURCE, name="Assistance agencies", kind=TenderSource.Kind.LOCKBOX, opening_float=ZERO, gl_code=CLEARING
    )
    return payments.open_control(source=source, by=by, at=at)


def _balance(control: TenderControl, amount: Money, *, by: Actor, at: datetime) -> None:
    payments.balance_control(control=control, counted={"check": amount}, by=by, at=at)
