"""Begin a negotiation, put versions of terms on the table, have one approved by a second person, and give it up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from lamplighter.accounts.models import Agreement
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Contract, Negotiation, Organisation, TermsDraft
from lamplighter.keyaccounts.queries.negotiations import newest_draft, waiting
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.keyaccounts.terms import Terms, terms_of
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.tariffs.models import Schedule

APPROVAL = "keyaccounts.contract"
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")


@in_transaction
def open_negotiation(
    *, code: str, name: str, organisation: Organisation, agreement: Agreement, by: Actor, at: datetime,
    amends: Contract | None = None,
) -> Negotiation:  # fmt: skip
    """Of a new contract, or of another form of one that runs. One negotiation of a code is open at a time."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not CODE.fullmatch(code):
        raise CannotKeep("A contract's code has capitals, digits and hyphens, such as SC-05.")
    if amends is None and Contract.objects.filter(code=code).exists():
        raise CannotKeep(f"There is a contract {code} already: amend that one, or take another code.")
    refuse_rate(code, amends)
    if Negotiation.objects.filter(code=code, closed_at__isnull=True).exists():
        raise CannotKeep(f"{code} is being negotiated already.")
    made = Negotiation.objects.create(
        code=code, name=name.strip(), organisation=organisation, agreement=agreement, amends=amends, opened_at=at,
        opened_by=by,
    )  # fmt: skip
    record("keyaccounts.negotiation.opened", subject=organisation.subject, by=by, at=at, code=code,
           amends=amends is not None)  # fmt: skip
    return made


@in_transaction
def put_on_the_table(
    *, negotiation: Negotiation, alternative: str, side: str, terms: Terms, seen: int, by: Actor, at: datetime,
    clauses: str = "", words: str = "",
) -> TermsDraft:  # fmt: skip
    """The next version; `words` say why, for ourselves. Refuses one that was written before a version newer than
    `seen` was kept (0: none yet)."""
    held = held_open(negotiation)
    newest = newest_draft(held)
    if waiting(held) is not None:
        raise CannotKeep("A version waits for approval: withdraw that request first.")
    if (newest.version if newest else 0) != seen:
        raise CannotKeep(f"Somebody put {newest} on the table since you opened this. Look at it first.")
    if not alternative.strip():
        raise CannotKeep("Give the alternative a name.")
    made = TermsDraft.objects.create(
        negotiation=held, alternative=alternative.strip(), version=seen + 1, side=side, terms=terms.stored(),
        clauses=write_remark(clauses.strip(), at=at) if clauses.strip() else None,
        words=write_remark(words.strip(), at=at) if words.strip() else None, kept_at=at, kept_by=by,
    )  # fmt: skip
    record("keyaccounts.negotiation.drafted", subject=held.organisation.subject, by=by, at=at, code=held.code,
           version=made.version)  # fmt: skip
    return made


@in_transaction
def ask_approval(
    *, draft: TermsDraft, board: str, board_on: date, figures: Sequence[tuple[str, str]], sha256: str, on: date,
    by: Actor, at: datetime, remark: str = "",
) -> Approval:  # fmt: skip
    """Put one version before whoever may adopt rates, with the board's number and day, the year's figures as they were
    worked out, and the SHA-256 of the clause that bills would be priced with ("" where it changes none)."""
    held = held_open(draft.negotiation)
    refuse_older(held, draft)
    refuse_second(held, draft)
    if not board.strip():
        raise CannotKeep("Give the number of the board's decision.")
    if board_on > on:
        raise CannotKeep("The board can't have decided on a day to come.")
    proposal: dict[str, Any] = {
        "draft": draft.pk, "terms": draft.terms, "board": board.strip(), "board_on": board_on.isoformat(),
        "figures": [list(pair) for pair in figures], "sha256": sha256,
    }  # fmt: skip
    return approvals.ask(
        kind=APPROVAL, subject=held.subject, permission="tariffs.adopt", by=by, at=at, remark=remark,
        account=held.agreement.account_id, proposal=proposal,
        summary=f"Contract {held.code}, version {draft.version}, for {held.organisation}"[:200],
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def _approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """It may be signed as it was put, while nothing newer is on the table."""
    draft = TermsDraft.objects.select_related("negotiation").get(pk=approval.proposal["draft"])
    held = held_open(draft.negotiation)
    refuse_older(held, draft)
    record("keyaccounts.negotiation.approved", subject=held.organisation.subject, by=by, at=at, code=held.code,
           version=draft.version)  # fmt: skip


@in_transaction
def give_up(*, negotiation: Negotiation, why: str, by: Actor, at: datetime) -> None:
    """It ends without a contract, with the reason."""
    held = held_open(negotiation)
    if waiting(held) is not None:
        raise CannotKeep("A version waits for approval: withdraw that request first.")
    if not why.strip():
        raise CannotKeep("Say why it is given up.")
    close(held, Negotiation.Outcome.GIVEN_UP, by=by, at=at)
    record("keyaccounts.negotiation.given_up", subject=held.organisation.subject, by=by, at=at, code=held.code,
           remark=why.strip())  # fmt: skip


def held_open(negotiation: Negotiation) -> Negotiation:
    """Its row, held until the transaction ends. Raises CannotKeep where it ended."""
    rows = Negotiation.objects.select_for_update(of=("self",)).select_related("organisation__person", "agreement")
    held = rows.get(pk=negotiation.pk)
    if held.closed_at is not None:
        raise CannotKeep(f"The negotiation of {held.code} ended on {held.closed_at:%b %-d, %Y}.")
    return held


def refuse_older(negotiation: Negotiation, draft: TermsDraft) -> None:
    newest = newest_draft(negotiation)
    if newest is None or newest.pk != draft.pk:
        raise CannotKeep(f"{newest} is on the table since: what is agreed on is the newest version.")


def refuse_second(negotiation: Negotiation, draft: TermsDraft) -> None:
    """A service has one contract at a time."""
    period = terms_of(draft.terms).period
    others = Contract.objects.filter(agreement=negotiation.agreement_id, period__overlap=period)
    if (other := others.exclude(pk=negotiation.amends_id or 0).first()) is not None:
        raise CannotKeep(
            f"{other.code} runs for this service until {other.period.last_day:%b %-d, %Y}: amend that one."
        )


def refuse_rate(code: str, amends: Contract | None) -> None:
    """A clause never takes the name of a rate: it would end what that rate's customers are billed by."""
    own = amends is not None and amends.signings.exists()
    if not own and Schedule.objects.filter(code__iexact=code).exists():
        raise CannotKeep(f"There is a rate {code}: a contract has a code of its own.")


def close(negotiation: Negotiation, outcome: Negotiation.Outcome, *, by: Actor, at: datetime) -> None:
    """Called with the row held."""
    negotiation.closed_at, negotiation.closed_by, negotiation.outcome = at, by, outcome
    negotiation.save(update_fields=["closed_at", "closed_by", "outcome"])
