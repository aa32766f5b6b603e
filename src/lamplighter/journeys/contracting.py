"""A special contract from an agreed version to bills: its clause is checked, approved, signed, put on the service, and
taken off again where it ends."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from lamplighter.accounts.models import AgreementRate
from lamplighter.accounts.operations import add_rider, end_rider
from lamplighter.billing.models import Segment
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Contract, ContractSigning, TermsDraft
from lamplighter.keyaccounts.operations.contracts import end_contract, keep_signed
from lamplighter.keyaccounts.operations.negotiating import ask_approval
from lamplighter.keyaccounts.queries.negotiations import approvals_of, approved
from lamplighter.keyaccounts.queries.offers import clause_of, figures
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.keyaccounts.terms import Terms, terms_of
from lamplighter.platform.models import Approval
from lamplighter.platform.transactions import in_transaction
from lamplighter.tariffs.operations import adopt, checked, draft


@in_transaction
def propose_contract(
    *, version: TermsDraft, board: str, board_on: date, on: date, by: Actor, at: datetime, remark: str = ""
) -> Approval:
    """One version before a second person. Its clause must be a tariff without faults, and no day that it covers may be
    billed. Raises CannotKeep, CannotAdopt or CannotDecide."""
    terms = terms_of(version.terms)
    _refuse_billed(version, terms.start)
    sha256 = ""
    if terms.priced:
        text = clause_of(version, adopted_by=_resolution(board, board_on))
        checked(text, _file(version))
        sha256 = _sha256(text)
    return ask_approval(
        draft=version, board=board, board_on=board_on, figures=figures(version, on=on), sha256=sha256, on=on, by=by,
        at=at, remark=remark,
    )  # fmt: skip


@in_transaction
def sign_contract(
    *, version: TermsDraft, signer: Person, signed_on: date, on: date, by: Actor, at: datetime
) -> ContractSigning:
    """The contract counts from its start: bills are priced with the clause that was approved, and held to what it asks.

    The clause is adopted in the name of who approved it. Raises CannotKeep or CannotAdopt.
    """
    asked = approved(approvals_of(version.negotiation), version)
    if asked is None:
        raise CannotKeep("A second person approves this version first.")
    terms = terms_of(version.terms)
    _refuse_billed(version, terms.start)
    signing = keep_signed(
        draft=version, approval=asked, signer=signer, signed_on=signed_on, on=on, by=by, at=at
    )  # fmt: skip
    _take_off(signing.contract, on=terms.start, by=by, at=at)
    if terms.priced:
        _put_on(signing, terms, asked, by=by, at=at)
    return signing


@in_transaction
def finish_contract(*, contract: Contract, on: date, why: str, by: Actor, at: datetime) -> Contract:
    """It ends before its term: from `on` its clause is on no bill, and nothing is asked. Raises CannotKeep."""
    _refuse_billed_after(contract, on)
    ended = end_contract(contract=contract, on=on, why=why, by=by, at=at)
    _take_off(ended, on=on, by=by, at=at)
    return ended


def _put_on(signing: ContractSigning, terms: Terms, asked: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly the text whose name stands in the approval becomes the clause."""
    version = signing.draft
    board, board_on = asked.proposal["board"], date.fromisoformat(asked.proposal["board_on"])
    text = clause_of(version, adopted_by=_resolution(board, board_on))
    if _sha256(text) != asked.proposal["sha256"]:
        raise CannotKeep("The clause is another than the one that was approved: ask for approval again.")
    assert asked.decided_by is not None, "what is approved was decided by somebody"
    account = signing.contract.agreement.account
    made = draft(text=text, file=_file(version), customer_class=account.customer_class, by=asked.asked_by, at=at)
    adopt(version=made, by=asked.decided_by, at=at)
    add_rider(agreement=signing.contract.agreement, schedule=made.schedule, on=terms.start,
              until=terms.period.closed_end, by=by, at=at)  # fmt: skip


def _take_off(contract: Contract, *, on: date, by: Actor, at: datetime) -> None:
    """The clause that stands beside the rate from that day on."""
    riders = AgreementRate.objects.filter(
        agreement=contract.agreement_id, rider=True, schedule__code=contract.code, period__endswith__gt=on
    )
    for rate in riders.order_by("period"):
        end_rider(rate=rate, on=on, by=by, at=at)


def _refuse_billed(version: TermsDraft, start: date) -> None:
    billed = _billed_until(version.negotiation.agreement_id)
    if billed is not None and start < billed:
        raise CannotKeep(
            f"The service is billed until {billed:%b %-d, %Y}: agree on a start from then on, since bills stay as they"
            " are."
        )


def _refuse_billed_after(contract: Contract, on: date) -> None:
    billed = _billed_until(contract.agreement_id)
    if billed is not None and on < billed:
        raise CannotKeep(f"The service is billed until {billed:%b %-d, %Y}: end the contract from then on.")


def _billed_until(agreement: int) -> date | None:
    """The first day that no live bill of the service has."""
    rows = Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True).order_by("-period")
    newest = rows.values_list("period", flat=True).first()
    return None if newest is None else newest.closed_end


def _resolution(board: str, board_on: date) -> str:
    return f"{board}, {board_on.isoformat()}"


def _file(version: TermsDraft) -> str:
    return f"{version.negotiation.code.lower()}_{version.terms['start']}.toml"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
