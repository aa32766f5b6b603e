"""A fund helps with a bill: what it grants is reserved and counts as a pledge while it waits, and is posted when given.

A fund stands among the assistance agencies under its own key, and the desk speaks for it: what counts against a debt,
stops a truck and brings power back is the same as with any agency's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.models import AgencyWorker, Pledge
from lamplighter.credit.operations import pledging
from lamplighter.credit.operations.pledging import PledgeIn
from lamplighter.credit.queries.debts import owed_for_service
from lamplighter.credit.rules.pledging import PledgePolicy, spread
from lamplighter.journeys.pledging import PAYABLE, pledge, withdraw
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.platform.models import Approval, StoredFile
from lamplighter.platform.operations import approvals
from lamplighter.platform.queries.limits import within
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.programs.models import AssistanceFund, FundTerms, Grant
from lamplighter.programs.operations import granting
from lamplighter.programs.operations.giving import bring_gifts
from lamplighter.programs.queries.funds import fund_terms, had_by, opened_by, standing_of
from lamplighter.programs.rules.granting import CannotFund, Room

APPROVAL = "programs.grant"
ALONE, BY_ANOTHER = "programs.apply", "adjustments.approve"
DESK = "Our own desk"
State, Basis = Grant.State, Grant.Basis


@dataclass(frozen=True, slots=True)
class Offered:
    """What a fund may do for an account today, by which terms, and whether it must show an agency's certificate."""

    terms: FundTerms
    room: Room
    opened_by: str

    @property
    def basis(self) -> Grant.Basis:
        return Basis.ENROLLED if self.opened_by else Basis.AGENCY


@dataclass(frozen=True, slots=True)
class FundDay:
    """What a day did."""

    gifts: int
    lapsed: int
    refused: int


@in_transaction
def open_fund(*, key: str, name: str, words: str, code: str, on: date, by: Actor, at: datetime) -> AssistanceFund:
    """A fund, and the desk that speaks for it among the assistance agencies."""
    fund = granting.define_fund(key=key, name=name, words=words, code=code, by=by, at=at)
    agency = pledging.add_assistance_agency(key=key, name=name, runs_days=_decided_within(on).days, on=on, by=by, at=at)
    pledging.add_worker(agency=agency, name=DESK, phone="", on=on, by=by, at=at)
    return fund


def offered(account: Account, fund: AssistanceFund, *, on: date) -> Offered:
    """Nothing is written. Raises CannotFund where the fund has no terms."""
    terms = fund_terms(fund, on=on)
    owed = total(one.amount for one in owed_for_service(account))
    room = Room(terms.cap, had_by(account, fund, on=on), standing_of(fund).free, owed)
    enrolled = opened_by(account, terms, on=on)
    return Offered(terms, room, enrolled.program.name if enrolled else "")


@in_transaction
def ask_grant(
    *, account: Account, fund: AssistanceFund, amount: Money, paper: StoredFile | None, remark: str, on: date,
    by: Actor, at: datetime,
) -> Grant:  # fmt: skip
    """Given at once where nothing is missing and `by` may give so much alone; else it is reserved, counts as a pledge,
    and waits for the agency's certificate or a second person. Raises CannotFund."""
    advisory_lock(fund.subject, f"account:{account.pk}")
    found = offered(account, fund, on=on)
    papers_by = on + timedelta(days=found.terms.papers_days)
    made = granting.reserve(
        account=account, fund=fund, amount=amount, basis=found.basis, room=found.room, papers_by=papers_by, paper=paper,
        on=on, by=by, at=at,
    )  # fmt: skip
    if made.papers_by is not None:
        _count(made, until=made.papers_by + _decided_within(on), on=on, by=by, at=at)
        return made
    return _decide(made, remark=remark, on=on, by=by, at=at)


@in_transaction
def bring_certificate(*, grant: Grant, paper: StoredFile, on: date, by: Actor, at: datetime) -> Grant:
    """The agency's certificate came: the grant is given, or goes to a second person. Raises CannotFund."""
    advisory_lock(grant.fund.subject, f"account:{grant.account_id}")
    return _decide(granting.add_paper(grant=grant, paper=paper, by=by, at=at), remark="", on=on, by=by, at=at)


@in_transaction
def take_back(*, grant: Grant, remark: str, on: date, by: Actor, at: datetime) -> Grant:
    """The household does not need it, or it was a mistake; it counts no more. Raises CannotFund."""
    if _waiting_approval(grant) is not None:
        raise CannotFund("A second person is to decide on it. Ask them to refuse it: its money is free at once.")
    return _drop(grant, State.WITHDRAWN, remark=remark, on=on, by=by, at=at)


@approvals.on_approval(APPROVAL)
def grant_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly what was asked; refused if it is owed no more meanwhile."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    grant = Grant.objects.select_related("fund", "account").get(number=approval.proposal["grant"])
    advisory_lock(grant.fund.subject, f"account:{grant.account_id}")
    _give(grant, on=on, by=by, at=at)


@approvals.on_refusal(APPROVAL)
def grant_refused(approval: Approval, *, by: Actor, at: datetime) -> None:
    """What was reserved for it is free at once, and the debt is collected again."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    grant = Grant.objects.select_related("fund", "account").get(number=approval.proposal["grant"])
    advisory_lock(grant.fund.subject, f"account:{grant.account_id}")
    if grant.state == State.WAITS:
        _drop(grant, State.REFUSED, on=on, by=by, at=at)


@approvals.on_approval(granting.MONEY_IN)
def money_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """The utility's money stands in the fund."""
    asked = approval.proposal
    granting.put_in(
        fund=AssistanceFund.objects.get(pk=asked["fund"]), amount=Money(asked["cents"]), citation=asked["citation"],
        source=f"approval-{approval.pk}", on=at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date(), by=by, at=at,
    )  # fmt: skip


@in_transaction
def pass_a_fund_day(*, on: date, by: Actor, at: datetime) -> FundDay:
    """Gifts that were paid reach their fund; grants whose papers did not come, or that nobody is to decide on any
    more, keep nothing. Begun again it changes nothing twice."""
    gifts = bring_gifts(on=on, by=by, at=at)
    late = list(Grant.objects.filter(state=State.WAITS, papers_by__lt=on, paper__isnull=True).order_by("pk"))
    for one in late:
        _drop(one, State.LAPSED, on=on, by=by, at=at)
    refused = [one for one in _decided_elsewhere() if _waiting_approval(one) is None]
    for one in refused:
        _drop(one, State.REFUSED, on=on, by=by, at=at)
    return FundDay(gifts, len(late), len(refused))


def _decided_within(on: date) -> timedelta:
    return timedelta(days=policy_in_force(PledgePolicy, on=on).decide_days)


def _decide(grant: Grant, *, remark: str, on: date, by: Actor, at: datetime) -> Grant:
    if within(by, ALONE, grant.amount, on=on):
        return _give(grant, on=on, by=by, at=at)
    _count(grant, until=on + _decided_within(on), on=on, by=by, at=at)
    approvals.ask(
        kind=APPROVAL, subject=grant.subject, account=grant.account_id, amount=grant.amount, permission=BY_ANOTHER,
        summary=f"Grant of {grant.fund.name}: {grant.amount} to account {grant.account.number}", remark=remark,
        proposal={"grant": grant.number}, by=by, at=at,
    )  # fmt: skip
    return grant


def _give(grant: Grant, *, on: date, by: Actor, at: datetime) -> Grant:
    """To the debts for service, the oldest first, as an agency's money."""
    shares = spread([(one.agreement, one.amount) for one in owed_for_service(grant.account)], grant.amount)
    if total(shares.values()) < grant.amount:
        raise CannotFund(f"{total(shares.values())} is owed for service now, less than the grant. Refuse it.")
    if standing_of(grant.fund).held < grant.amount:
        raise CannotFund(f"{grant.fund.name} holds less than that now: a gift came back. Refuse it.")
    agreements = Agreement.objects.select_related("account").in_bulk(shares)
    counted = _pledge_of(grant)
    settles = counted is not None and counted.outcome in PAYABLE
    if counted is not None and settles:
        pledging.end_pledge(pledge=counted, outcome=Pledge.Outcome.SETTLED, on=on, by=by, at=at)
    paid = granting.pay_grant(
        grant=grant, shares={agreements[pk]: amount for pk, amount in shares.items()}, on=on, by=by, at=at
    )
    if counted is not None and settles:
        pledging.paid_by_entry(pledge=counted, entry=paid[0].entry_id)
    grant.refresh_from_db()
    return grant


def _count(grant: Grant, *, until: date, on: date, by: Actor, at: datetime) -> None:
    """While it waits it is as good as an agency's word."""
    if _pledge_of(grant) is None:
        desk = AgencyWorker.objects.get(agency=grant.fund_id, name=DESK)
        said = PledgeIn(desk, grant.amount, grant.number, until)
        pledge(account=grant.account, said=said, on=on, by=by, at=at)


def _drop(grant: Grant, state: Grant.State, *, on: date, by: Actor, at: datetime, remark: str = "") -> Grant:
    ended = granting.end_grant(grant=grant, state=state, on=on, by=by, at=at, remark=remark)
    counted = _pledge_of(ended)
    if counted is not None and not counted.outcome:
        withdraw(pledge=counted, remark=remark, on=on, by=by, at=at)
    return ended


def _pledge_of(grant: Grant) -> Pledge | None:
    return Pledge.objects.filter(agency=grant.fund_id, reference=grant.number).first()


def _waiting_approval(grant: Grant) -> Approval | None:
    return Approval.objects.filter(kind=APPROVAL, subject=grant.subject, state=Approval.State.WAITING).first()


def _decided_elsewhere() -> Sequence[Grant]:
    """Those that wait and miss no paper: a second person had them before them."""
    return [one for one in Grant.objects.filter(state=State.WAITS).order_by("pk") if one.waits_for == "a second person"]
