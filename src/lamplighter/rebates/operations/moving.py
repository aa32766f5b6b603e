"""Move an application from stage to stage, with its event and the work that it gives to the desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.rebates.kinds import DESK
from lamplighter.rebates.models import RebateApplication
from lamplighter.rebates.rules.stages import WORK, State
from lamplighter.worklist.operations import Draft, finish_where, raise_items


def locked(application: RebateApplication) -> RebateApplication:
    """As it stands now; others wait until the transaction ends."""
    rows = RebateApplication.objects.select_for_update(of=("self",))
    return rows.select_related(
        "entry__measure__program", "terms", "account", "agreement__account", "budget", "contractor"
    ).get(pk=application.pk)


@in_transaction
def move(
    application: RebateApplication, state: State, verb: str, *, on: date, by: Actor, at: datetime,
    fields: tuple[str, ...] = (), remark: str = "", **told: Any,
) -> None:  # fmt: skip
    """Save the stage with whatever `fields` changed, and tell of it as `rebates.application.<verb>`."""
    application.state, application.since = state, on
    application.save(update_fields=["state", "since", *fields])
    record(
        f"rebates.application.{verb}", subject=application.subject, account=application.account_id, by=by, at=at,
        remark=remark, number=application.number, measure=application.entry.measure.name, **told,
    )  # fmt: skip
    finish_where(subjects=[application.subject], by=by, at=at, kind=DESK.key)
    if state in WORK:
        words = f"{application.entry.measure.name}: {state.next}"
        raise_items(drafts=[Draft(DESK.key, application.subject, words, account=application.account_id)], by=by, at=at)
