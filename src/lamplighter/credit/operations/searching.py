"""Begin a search for a customer who left, note where one looked and what came of it, and end it."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.credit.kinds import SEARCH
from lamplighter.credit.models import Search, SearchStep
from lamplighter.credit.rules.searching import CannotSearch, SearchPolicy, Where
from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Notice
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items


@in_transaction
def begin_search(*, account: Account, notice: Notice, on: date, by: Actor, at: datetime) -> Search:
    """A letter to a closed account came back. One that runs already goes on."""
    advisory_lock(f"account:{account.pk}")
    running = Search.objects.filter(account=account, ended_on__isnull=True).first()
    if running is not None:
        return running
    made = Search.objects.create(account=account, notice=notice, opened_on=on, opened_at=at, opened_by=by)
    words = f"{notice.template.title} came back"
    raise_items(drafts=[Draft(SEARCH.key, account.subject, words, account=account.pk)], by=by, at=at)
    record("credit.search.begun", subject=made.subject, account=account.pk, by=by, at=at, notice=notice.key)
    return made


@in_transaction
def note_search(
    *, search: Search, where: Where, words: str, found: bool, notice: Notice | None, on: date, by: Actor, at: datetime
) -> SearchStep:
    """What was looked through, whom one spoke with and what they said. Raises CannotSearch."""
    live = _running(search)
    if not words.strip():
        raise CannotSearch("Write down where you looked or whom you asked, and what came of it.")
    made = SearchStep.objects.create(
        search=live, where=where.value, remark=write_remark(words.strip(), at=at), found=found, notice=notice,
        tried_on=on, noted_at=at, noted_by=by,
    )  # fmt: skip
    record("credit.search.tried", subject=live.subject, account=live.account_id, by=by, at=at, where=where.value,
           found=found)  # fmt: skip
    return made


@in_transaction
def end_search(*, search: Search, outcome: Search.Outcome, on: date, by: Actor, at: datetime) -> Search:
    """It is over, and what waited for it is done. Raises CannotSearch where too little was tried to give up."""
    live = _running(search)
    if outcome == Search.Outcome.NOT_FOUND:
        tried = live.steps.values("where").distinct().count()
        least = policy_in_force(SearchPolicy, on=on).least_tried
        if tried < least:
            raise CannotSearch(f"{tried} of {least} places were looked in. Look in another one before you give up.")
    live.ended_on, live.outcome, live.ended_by = on, outcome, by
    live.save(update_fields=["ended_on", "outcome", "ended_by"])
    finish_where(subjects=[live.account.subject], kind=SEARCH.key, by=by, at=at)
    record("credit.search.ended", subject=live.subject, account=live.account_id, by=by, at=at, reason=outcome)
    return live


def _running(search: Search) -> Search:
    advisory_lock(f"account:{search.account_id}")
    live = Search.objects.select_for_update(of=("self",)).select_related("account").get(pk=search.pk)
    if live.ended_on is not None:
        raise CannotSearch(f"This search ended on {live.ended_on:%b %-d, %Y}: {live.get_outcome_display().lower()}.")
    return live
