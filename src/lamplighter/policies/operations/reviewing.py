"""Say that a text still holds, and remind its owner when it is to be read again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.policies.kinds import REVIEW
from lamplighter.policies.models import Review, Text
from lamplighter.policies.operations.writing import hold
from lamplighter.policies.rules import CannotWrite
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import Draft, assign, finish_where, raise_items

AHEAD = timedelta(days=14)
"""How long before its day of review an owner hears of it."""

CLOSES = time(17)


@in_transaction
def review_text(*, text: Text, words: str, next_on: date, on: date, by: Actor, at: datetime) -> Review:
    """It was read and holds; what was due is done. Raises CannotWrite."""
    held = hold(text)
    if held.review_on is None:
        raise CannotWrite("It was never in force: there is nothing to review yet.")
    if not words.strip():
        raise CannotWrite("Say in a line what you looked at.")
    if next_on <= on:
        raise CannotWrite("Choose a day to come for the next review.")
    made = Review.objects.create(text=held, words=write_remark(words.strip(), at=at), next_on=next_on, at=at, by=by)
    held.review_on = next_on
    held.save(update_fields=["review_on"])
    finish_where(subjects=[held.subject], kind=REVIEW.key, by=by, at=at)
    record("policies.text.reviewed", subject=held.subject, by=by, at=at, next_on=next_on.isoformat())
    return made


@in_transaction
def remind_owners(*, on: date, by: Actor, at: datetime) -> int:
    """An item for each text whose review is near, once, on its owner's own list while they still work here. How many
    are new."""
    rows = {one.subject: one for one in Text.objects.filter(review_on__lte=on + AHEAD).select_related("owner")}
    raised = raise_items(drafts=[_draft(one) for one in rows.values()], by=by, at=at)
    for item in Item.objects.filter(pk__in=raised.new):
        if (owner := rows[item.subject].owner).is_active:
            assign(item=item, to=owner, by=by, at=at)
    return len(raised.new)


def _draft(text: Text) -> Draft:
    assert text.review_on
    due = datetime.combine(text.review_on, CLOSES, ZoneInfo(settings.UTILITY_ZONE))
    return Draft(REVIEW.key, text.subject, f"{text.get_kind_display()}: {text.title}", due_at=due)
