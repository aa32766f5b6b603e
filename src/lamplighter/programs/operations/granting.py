"""Funds and their terms; grants from the asking to the posting, never more than a fund has or a household may have."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.models import Approval, StoredFile
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.programs.models import AssistanceFund, FundMove, FundTerms, Grant, Program
from lamplighter.programs.rules.granting import CannotFund, Room

State = Grant.State
MONEY_IN = "programs.fund"
SOURCE = "assistance-grants"
"""The utility's own expense, out of public purpose funds."""


@in_transaction
def define_fund(*, key: str, name: str, words: str, code: str, by: Actor, at: datetime) -> AssistanceFund:
    """`code` is the liability that holds its money; `words` are for a representative to say."""
    fund = AssistanceFund.objects.create(key=key, name=name, words=words, code_id=code)
    record("programs.fund.defined", subject=fund.subject, by=by, at=at, fund=name, code=code)
    return fund


@in_transaction
def set_fund_terms(
    *, fund: AssistanceFund, cap: Money, programs: list[str], papers_days: int, citation: str, on: date, by: Actor,
    at: datetime,
) -> FundTerms:  # fmt: skip
    """From `on`, grants are given by these. Raises CannotFund."""
    advisory_lock(fund.subject)
    if cap <= ZERO or not 1 <= papers_days <= 60 or not citation.strip():
        raise CannotFund("Terms have a cap over $0.00, 1 to 60 days for papers, and a resolution.")
    if Program.objects.filter(pk__in=programs).count() != len(set(programs)):
        raise CannotFund("A program that is to open the fund is not known.")
    if FundTerms.objects.filter(fund=fund, period__startswith__gte=on).exists():
        raise CannotFund(f"Terms from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in FundTerms.objects.filter(fund=fund, period__contains=on):
        FundTerms.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = FundTerms.objects.create(
        fund=fund, period=Period(on), cap=cap, programs=sorted(programs), papers_days=papers_days, citation=citation,
        set_by=by,
    )  # fmt: skip
    record(
        "programs.fund_terms.set", subject=fund.subject, by=by, at=at, start=on.isoformat(), cents=cap.cents,
        programs=row.programs, papers_days=papers_days, citation=citation,
    )  # fmt: skip
    return row


@in_transaction
def ask_money_in(*, fund: AssistanceFund, amount: Money, citation: str, by: Actor, at: datetime) -> Approval:
    """The utility puts money into the fund by a resolution, once somebody who posts journals agrees."""
    if amount <= ZERO or not citation.strip():
        raise CannotFund("Enter how much, more than $0.00, and by which resolution.")
    return approvals.ask(
        kind=MONEY_IN, subject=fund.subject, summary=f"Put {amount} into {fund.name}: {citation}",
        proposal={"fund": fund.pk, "cents": amount.cents, "citation": citation}, permission="ledger.post", by=by, at=at,
    )  # fmt: skip


@in_transaction
def put_in(*, fund: AssistanceFund, amount: Money, citation: str, source: str, on: date, by: Actor, at: datetime) -> (
    FundMove
):  # fmt: skip
    """The utility's own money, against the expense that bears grants. `source` is posted once."""
    legs = (Leg(SOURCE, amount, component="grant"), Leg(fund.code_id, -amount, component="grant"))
    entry = ledger.post(draft=Draft(f"fund-money:{source}", "transfer", on, legs), at=at, by=by)
    made = FundMove.objects.create(
        fund=fund, kind=FundMove.Kind.UTILITY, amount=amount, entry_id=entry, words=citation[:200], on=on, at=at, by=by
    )
    record("programs.fund.money", subject=fund.subject, by=by, at=at, fund=fund.name, cents=amount.cents)
    return made


@in_transaction
def reserve(
    *, account: Account, fund: AssistanceFund, amount: Money, basis: Grant.Basis, room: Room, papers_by: date,
    paper: StoredFile | None, on: date, by: Actor, at: datetime,
) -> Grant:  # fmt: skip
    """The amount is kept for it from now on. The caller holds the locks under which it found the `room`. Raises
    CannotFund."""
    room.refuse(amount)
    if Grant.objects.filter(account=account, state=State.WAITS).exists():
        raise CannotFund("A grant for this account waits already.")
    made = Grant.objects.create(
        number=next_number("grant"), fund=fund, account=account, amount=amount, basis=basis, paper=paper,
        papers_by=papers_by if basis == Grant.Basis.AGENCY and paper is None else None, asked_on=on, asked_at=at,
        asked_by=by, state=State.WAITS,
    )  # fmt: skip
    record(
        "programs.grant.asked", subject=made.subject, account=account.pk, by=by, at=at, fund=fund.name,
        cents=amount.cents, basis=basis.value,
    )  # fmt: skip
    return made


@in_transaction
def add_paper(*, grant: Grant, paper: StoredFile, by: Actor, at: datetime) -> Grant:
    """The agency's certificate came. Raises CannotFund."""
    live = waiting_grant(grant)
    if live.waits_for != "the agency's certificate":
        raise CannotFund("No paper is wanted for this grant.")
    live.paper = paper
    live.save(update_fields=["paper"])
    record("programs.grant.shown", subject=live.subject, account=live.account_id, by=by, at=at, file=paper.sha256)
    return live


@in_transaction
def pay_grant(
    *, grant: Grant, shares: dict[Agreement, Money], on: date, by: Actor, at: datetime
) -> list[Adjustment]:  # fmt: skip
    """Post it to the debts of the account, against the fund. `shares` are the grant. Raises CannotFund."""
    live = waiting_grant(grant)
    assert total(shares.values()) == live.amount, "a grant is paid whole"
    _end(live, State.GIVEN, on=on, by=by, at=at)
    made = []
    for agreement, amount in shares.items():
        paid = adjust(
            agreement=agreement, kind=Adjustment.Kind.GRANT, label=f"Grant of {live.fund.name}", amount=-amount,
            against=live.fund.code_id, on=on, source=f"{live.number}:{agreement.pk}", by=by, at=at,
        )  # fmt: skip
        FundMove.objects.create(
            fund=live.fund, kind=FundMove.Kind.GRANT, account=live.account, grant=live, amount=-amount,
            entry_id=paid.entry_id, on=on, at=at, by=by,
        )  # fmt: skip
        made.append(paid)
    return made


@in_transaction
def end_grant(*, grant: Grant, state: Grant.State, on: date, by: Actor, at: datetime, remark: str = "") -> Grant:
    """It is not given; what was kept for it is free again. Raises CannotFund."""
    return _end(waiting_grant(grant), state, on=on, by=by, at=at, remark=remark)


def waiting_grant(grant: Grant) -> Grant:
    """Locked, and still waiting. Raises CannotFund."""
    rows = Grant.objects.select_for_update(of=("self",)).select_related("fund", "account")
    live = rows.get(pk=grant.pk)
    if live.state != State.WAITS:
        raise CannotFund(f"Grant {live.number} waits no more: {live.get_state_display().lower()}.")
    return live


def _end(live: Grant, state: str, *, on: date, by: Actor, at: datetime, remark: str = "") -> Grant:
    live.state, live.ended_on, live.ended_by = state, on, by
    live.save(update_fields=["state", "ended_on", "ended_by"])
    record(
        "programs.grant.ended", subject=live.subject, account=live.account_id, by=by, at=at, fund=live.fund.name,
        cents=live.amount.cents, reason=state, remark=remark,
    )  # fmt: skip
    return live
