"""A contract begins or changes with a signature, ends early, and its end is told of in time."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.kinds import ENDING
from lamplighter.keyaccounts.models import Contract, ContractAlarm, ContractSigning, Negotiation, Obligation, TermsDraft
from lamplighter.keyaccounts.operations.negotiating import close, held_open, refuse_older, refuse_rate, refuse_second
from lamplighter.keyaccounts.operations.obligations import end_obligations, promise
from lamplighter.keyaccounts.operations.plans import keep_contract
from lamplighter.keyaccounts.queries.contracts import due_alarms
from lamplighter.keyaccounts.queries.negotiations import people_who_sign
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.keyaccounts.terms import terms_of
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, raise_items


@in_transaction
def keep_signed(
    *, draft: TermsDraft, approval: Approval, signer: Person, signed_on: date, on: date, by: Actor, at: datetime
) -> ContractSigning:
    """The contract as it was approved and signed; one that is amended runs on with the new terms from their start.
    What it does to bills is the caller's (journeys.contracting)."""
    negotiation = held_open(draft.negotiation)
    list(Contract.objects.select_for_update().filter(agreement=negotiation.agreement_id).values_list("pk", flat=True))
    refuse_older(negotiation, draft)
    refuse_second(negotiation, draft)
    refuse_rate(negotiation.code, negotiation.amends)
    if approval.state != Approval.State.APPROVED or approval.proposal["draft"] != draft.pk:
        raise CannotKeep("A second person approves this version first.")
    if signed_on > on or signed_on < date.fromisoformat(approval.proposal["board_on"]):
        raise CannotKeep("It is signed after the board's decision, and no later than today.")
    if signer not in people_who_sign(negotiation, on=on):
        raise CannotKeep(f"{signer.name} has no part in {negotiation.organisation}: name them there first.")
    contract = _contract(negotiation, draft, approval, by=by, at=at)
    terms = terms_of(draft.terms)
    if terms.least_kwh:
        promise(contract=contract, measure=Obligation.Measure.KWH, least=terms.least_kwh, period=terms.period, by=by,
                at=at)  # fmt: skip
    made = ContractSigning.objects.create(
        contract=contract, draft=draft, approval=approval, signer=signer, signed_on=signed_on, since=terms.start,
        signed_at=at, signed_by=by,
    )  # fmt: skip
    close(negotiation, Negotiation.Outcome.SIGNED, by=by, at=at)
    record("keyaccounts.contract.signed", subject=negotiation.organisation.subject, by=by, at=at,
           contract=contract.code, version=draft.version, since=terms.start.isoformat())  # fmt: skip
    return made


@in_transaction
def end_contract(*, contract: Contract, on: date, why: str, by: Actor, at: datetime) -> Contract:
    """It runs no longer than the day before `on`, with the reason."""
    held = Contract.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=contract.pk)
    if not held.period.start < on < held.period.closed_end:
        last = held.period.last_day
        raise CannotKeep(f"{held.code} runs from {held.period.start:%b %-d, %Y} to {last:%b %-d, %Y}: end it between.")
    if not why.strip():
        raise CannotKeep("Say why it ends before its term.")
    end_obligations(contract=held, on=on, by=by, at=at)
    held.period = Period(held.period.start, on)
    held.save(update_fields=["period"])
    record("keyaccounts.contract.ended", subject=held.organisation.subject, by=by, at=at, contract=held.code,
           on=on.isoformat(), remark=why.strip())  # fmt: skip
    return held


@in_transaction
def tell_of_ends(*, on: date, by: Actor, at: datetime) -> int:
    """One item for each alarm that fell due and was not told yet; how many. Begun again it tells nothing twice."""
    list(Contract.objects.select_for_update().order_by("pk").values_list("pk", flat=True))  # one run at a time
    due = due_alarms(on=on)
    ContractAlarm.objects.bulk_create(
        ContractAlarm(contract=one.contract, ends=one.contract.period.closed_end, mark=one.mark, told_at=at)
        for one in due
    )
    drafts = [
        Draft(ENDING.key, f"contract:{one.contract.code}", f"{one.contract.code} {one.words}",
              account=one.contract.agreement.account_id, dedupe=f"{one.contract.pk}:{one.day}:{one.mark}")
        for one in due
    ]  # fmt: skip
    if drafts:
        raise_items(drafts=drafts, by=by, at=at)
    return len(drafts)


def _contract(negotiation: Negotiation, draft: TermsDraft, approval: Approval, *, by: Actor, at: datetime) -> Contract:
    """The new contract, or the one that is amended with what it asks ended where the new terms begin."""
    terms = terms_of(draft.terms)
    approved = f"{approval.proposal['board']}, {date.fromisoformat(approval.proposal['board_on']):%b %-d, %Y}"
    if negotiation.amends_id is None:
        return keep_contract(
            code=negotiation.code, organisation=negotiation.organisation, agreement=negotiation.agreement,
            name=negotiation.name, period=terms.period, approval=approved[:60], by=by, at=at,
        )  # fmt: skip
    held = Contract.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=negotiation.amends_id)
    if not held.period.start < terms.start <= held.period.closed_end:
        raise CannotKeep(f"New terms begin while {held.code} runs: until {held.period.last_day:%b %-d, %Y}.")
    end_obligations(contract=held, on=terms.start, by=by, at=at)
    held.period, held.approval = Period(held.period.start, terms.period.closed_end), approved[:60]
    held.name = negotiation.name
    held.save(update_fields=["period", "approval", "name"])
    return held
