"""Erase words and past states whose years are over by the retention schedule; what happened, and when, stays.

Nothing of an account with a legal hold is erased. What changed rows were before can't be told by account: while any
legal hold runs, none of it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from lamplighter.billing.rules import months_before
from lamplighter.cases.models import Message
from lamplighter.cases.operations.messages import erase_messages
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Hold
from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import erase_words
from lamplighter.platform.models import Event, PastRow, RetentionTerms
from lamplighter.platform.operations.retention import erase_history, erase_remarks, keep_erasure
from lamplighter.platform.transactions import in_transaction
from lamplighter.programs.models import Household
from lamplighter.programs.operations.applying import erase_households

BATCH = 500


@dataclass(frozen=True, slots=True)
class Series:
    """Records that are kept alike. `due` finds the keys of what is older than an instant, but for accounts that are
    held; `erase` takes keys, and says how many it erased."""

    name: str
    label: str
    counted: str
    due: Callable[[datetime, Sequence[int]], QuerySet[Any, int]]
    erase: Callable[[Sequence[int], Actor, datetime], int]


def terms_on(on: date) -> RetentionTerms | None:
    """The schedule in force on a day; without one everything is kept."""
    return RetentionTerms.objects.filter(period__contains=on).first()


def past_due(series: Series, *, on: date) -> QuerySet[Any, int] | None:
    """The keys of what is to be erased on a day; None where the series is kept for ever."""
    years: int | None = getattr(terms_on(on), series.name, None)
    if years is None:
        return None
    before = datetime.combine(months_before(on, 12 * years), time.min, ZoneInfo(settings.UTILITY_ZONE))
    held = Hold.objects.filter(kind=HoldKind.LEGAL, period__contains=on).values_list("account", flat=True)
    return series.due(before, sorted(set(held)))


@in_transaction
def erase_some(*, series: Series, on: date, by: Actor, at: datetime) -> int:
    """Up to a batch of a series; how many. Those that are left are erased by the next call."""
    due = past_due(series, on=on)
    count = 0 if due is None else series.erase(list(due[:BATCH]), by, at)
    if count:
        keep_erasure(series=series.name, count=count, by=by, at=at)
    return count


def _notices(before: datetime, held: Sequence[int]) -> QuerySet[Any, int]:
    found = Notice.objects.filter(composed_at__lt=before, words__erased_at__isnull=True, outgoing__isnull=True)
    return found.exclude(account__in=held).order_by("pk").values_list("pk", flat=True)


def _messages(before: datetime, held: Sequence[int]) -> QuerySet[Any, int]:
    found = Message.objects.filter(written_at__lt=before, erased_at__isnull=True)
    return found.exclude(contact__account__in=held).order_by("pk").values_list("pk", flat=True)


def _households(before: datetime, held: Sequence[int]) -> QuerySet[Any, int]:
    """Of applications that were decided before it, and whose discount, if there was one, had ended by then."""
    day = before.date()
    over = Q(application__enrollment__isnull=True) | Q(application__enrollment__period__endswith__lte=day)
    found = Household.objects.filter(over, application__decided_on__lt=day, erased_at__isnull=True)
    return found.exclude(application__account__in=held).order_by("pk").values_list("pk", flat=True)


def _reasons(before: datetime, held: Sequence[int]) -> QuerySet[Any, int]:
    """The remarks of events; those that other rows lean on (what is agreed, an alert at a door) are no reasons."""
    found = Event.objects.filter(at__lt=before, remark__erased_at__isnull=True, remark__isnull=False)
    return found.exclude(account__in=held).order_by("pk").values_list("remark", flat=True)


def _history(before: datetime, held: Sequence[int]) -> QuerySet[Any, int]:
    found = PastRow.objects.none() if held else PastRow.objects.filter(changed_at__lt=before)
    return found.order_by("pk").values_list("pk", flat=True)


SERIES = (
    Series("notices", "Letters, emails and texts to customers: words and addresses", "since they were written",
           _notices, lambda keys, by, at: erase_words(notices=keys, by=by, at=at)),
    Series("messages", "What customers wrote to us, and what we answered", "since it was written",
           _messages, lambda keys, by, at: erase_messages(messages=keys, by=by, at=at)),
    Series("households", "What households said of themselves when they applied", "since the decision, or the end",
           _households, lambda keys, by, at: erase_households(applications=keys, by=by, at=at)),
    Series("reasons", "Reasons and notes that people wrote beside what happened", "since it happened",
           _reasons, lambda keys, by, at: erase_remarks(remarks=keys, at=at)),  # noqa: ARG005 - as the others are called
    Series("history", "What changed rows were before", "since the change",
           _history, lambda keys, by, at: erase_history(rows=keys)),  # noqa: ARG005 - as the others are called
)  # fmt: skip
