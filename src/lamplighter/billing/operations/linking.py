"""Make the links of bills, keep what was tried on them, and revoke them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from lamplighter.billing.linking import Standing
from lamplighter.billing.models import Bill, BillLink, BillLinkTry
from lamplighter.billing.queries.linking import asked_of, digest_of, standing_of, token_of
from lamplighter.billing.queries.policies import policy_on
from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Notice
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import in_transaction


@in_transaction
def make_links(*, emails: Sequence[tuple[Bill, Notice]], on: date, by: Actor, at: datetime) -> list[BillLink]:
    """A link for each email of a bill; its secret is put in as the email leaves."""
    days = {day: timedelta(policy_on(day).link.days) for day in {bill.issued_on for bill, _ in emails}}
    return BillLink.objects.bulk_create(
        BillLink(
            notice=notice, bill=bill, digest=digest_of(token_of(notice)), until=on + days[bill.issued_on], made_at=at,
            made_by=by,
        )
        for bill, notice in emails
    )  # fmt: skip


@in_transaction
def try_fact(*, link: BillLink, said: str, by: Actor, at: datetime) -> tuple[bool, Standing]:
    """Whether what was said is right, and how the link stands then. While it is locked or over nothing is looked at."""
    held = BillLink.objects.select_for_update(of=("self",)).select_related("bill__account").get(pk=link.pk)
    before = standing_of(held, at=at)
    if before.over or before.locked_until:
        return False, before
    right = asked_of([held.bill])[held.bill_id].right(said)
    first = right and not held.tries.filter(right=True).exists()
    BillLinkTry.objects.create(link=held, right=right, at=at)
    after = standing_of(held, at=at)
    if first:
        _tell("opened", held, by=by, at=at)
    elif after.over or after.locked_until:
        _tell("over" if after.over else "locked", held, by=by, at=at)
    return right, after


@in_transaction
def revoke_links(*, bills: Sequence[int], by: Actor, at: datetime) -> int:
    """No link of these bills leads to them any more; how many were revoked."""
    live = BillLink.objects.select_for_update(of=("self",)).filter(bill__in=bills, revoked_at=None)
    found = list(live.select_related("bill"))
    BillLink.objects.filter(pk__in=[one.pk for one in found]).update(revoked_at=at, revoked_by=by)
    record_many([Happening("billing.link.revoked", one.bill.subject, one.bill.account_id, {}) for one in found],
                by=by, at=at)  # fmt: skip
    return len(found)


def _tell(what: str, link: BillLink, *, by: Actor, at: datetime) -> None:
    record(f"billing.link.{what}", subject=link.bill.subject, account=link.bill.account_id, by=by, at=at)
