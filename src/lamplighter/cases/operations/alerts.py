"""Raise and end alerts on accounts, and refuse what a stop alert blocks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.cases.models import AccountAlert
from lamplighter.cases.words import Barred
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction

Level = AccountAlert.Level


class CannotAlert(Exception):
    """An alert can't be raised or ended so; the message is fit to be read aloud."""


class Blocked(Exception):
    """A stop alert forbids this act; the message says which, and who may end it."""


@in_transaction
def raise_alert(
    *,
    account: Account,
    level: str,
    title: str,
    acts: Collection[Barred],
    period: Period,
    by: Actor,
    at: datetime,
    words: str = "",
) -> AccountAlert:
    """Something to know before acting. A stop names the acts that it blocks; the other levels block none."""
    if not title.strip():
        raise CannotAlert("Say what one must know.")
    if level == Level.STOP and not acts:
        raise CannotAlert("A stop blocks something: choose what.")
    if level != Level.STOP and acts:
        raise CannotAlert("Only a stop blocks acts.")
    made = AccountAlert.objects.create(
        account=account, level=level, title=title.strip()[:60], acts=sorted(act.value for act in acts), period=period,
        remark=write_remark(words.strip(), at=at) if words.strip() else None, raised_by=by, raised_at=at,
    )  # fmt: skip
    record("cases.alert.raised", subject=f"alert:{made.pk}", account=account.pk, by=by, at=at, level=level,
           acts=made.acts)  # fmt: skip
    return made


@in_transaction
def end_alert(*, alert: AccountAlert, on: date, by: Actor, at: datetime, words: str) -> None:
    """From `on` it holds no more; the reason is kept."""
    if not words.strip():
        raise CannotAlert("Say why it ends.")
    held = AccountAlert.objects.select_for_update().get(pk=alert.pk)
    if held.period.start >= on:
        held.delete()
    else:
        AccountAlert.objects.filter(pk=held.pk).update(period=held.period.ending(on))
    record("cases.alert.ended", subject=f"alert:{held.pk}", account=held.account_id, by=by, at=at, remark=words.strip(),
           level=held.level)  # fmt: skip


def refuse_blocked(account: Account, act: Barred, *, on: date) -> None:
    """Go on only where no stop alert forbids this act. Raises Blocked."""
    found = AccountAlert.objects.filter(
        account=account, level=Level.STOP, period__contains=on, acts__contains=[act.value]
    ).first()
    if found is not None:
        raise Blocked(f"{found.title}. {act.label} is blocked until a supervisor ends this alert.")
