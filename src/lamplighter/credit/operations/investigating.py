"""Open a case of unauthorized use, write down what was done in it, name who used it, and close it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.credit.kinds import UNAUTHORIZED
from lamplighter.credit.models import Investigation, InvestigationStep
from lamplighter.credit.rules.unauthorized import Act, CannotInvestigate, Evidence
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.worklist.operations import Draft, finish_where, raise_items


@in_transaction
def open_case(
    *, point: ServicePoint, account: Account | None, source: str, signs: Sequence[Evidence], words: str, on: date,
    by: Actor, at: datetime,
) -> Investigation:  # fmt: skip
    """Somebody reports it; one case at a point at a time. Raises CannotInvestigate."""
    advisory_lock(f"investigation:{point.pk}")
    if Investigation.objects.filter(point=point, closed_on__isnull=True).exists():
        raise CannotInvestigate(f"A case is open at {point.premise.address} already.")
    made = Investigation.objects.create(
        point=point, account=account, source=source, signs=[asdict(one) for one in signs], opened_on=on, opened_at=at,
        opened_by=by,
    )  # fmt: skip
    note(case=made, act=Act.REPORTED, words=words, on=on, by=by, at=at)
    matter = Draft(
        UNAUTHORIZED.key, made.subject, f"Unauthorized use at {point.premise.address}",
        account=account.pk if account else None,
    )  # fmt: skip
    raise_items(drafts=[matter], by=by, at=at)
    return made


@in_transaction
def note(
    *, case: Investigation, act: Act, on: date, by: Actor, at: datetime, words: str = "", detail: str = "",
    amount: Money | None = None,
) -> InvestigationStep:  # fmt: skip
    """A step of the case, and one event about it."""
    step = InvestigationStep.objects.create(
        investigation=case, act=act, amount=amount, detail=detail, on=on, at=at, by=by,
        remark=write_remark(words, at=at) if words.strip() else None,
    )  # fmt: skip
    record(
        f"credit.investigation.{act.value}", subject=case.subject, account=case.account_id, by=by, at=at,
        cents=amount.cents if amount is not None else None, detail=detail,
    )  # fmt: skip
    return step


@in_transaction
def name_user(*, case: Investigation, account: Account) -> Investigation:
    """Whose account the use belongs to. Raises CannotInvestigate for a case that is over."""
    live = live_case(case)
    live.account = account
    live.save(update_fields=["account"])
    return live


@in_transaction
def close_case(
    *, case: Investigation, outcome: str, words: str, on: date, by: Actor, at: datetime
) -> Investigation:  # fmt: skip
    """What came of it. Raises CannotInvestigate where safety was never looked at, or nothing was billed."""
    live = live_case(case)
    done = set(live.steps.values_list("act", flat=True))
    if Act.SAFE not in done:
        raise CannotInvestigate("Safety first: say whether anybody is in danger there.")
    if outcome == Investigation.Outcome.BILLED and Act.BILLED not in done:
        raise CannotInvestigate("Nothing was billed yet.")
    live.closed_on, live.outcome, live.closed_by = on, outcome, by
    live.save(update_fields=["closed_on", "outcome", "closed_by"])
    note(case=live, act=Act.CLOSED, words=words, detail=live.get_outcome_display(), on=on, by=by, at=at)
    finish_where(subjects=[live.subject], by=by, at=at, kind=UNAUTHORIZED.key)
    return live


def live_case(case: Investigation) -> Investigation:
    """The row itself, locked. Raises CannotInvestigate for a case that is over."""
    live = Investigation.objects.select_for_update(of=("self",)).select_related("point__premise", "account").get(
        pk=case.pk
    )  # fmt: skip
    if live.closed_on is not None:
        raise CannotInvestigate(f"The case was closed on {live.closed_on:%b %-d, %Y}.")
    return live
