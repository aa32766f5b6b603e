"""An account's last bill beside the one before and beside the same month of the year before, in dollars by cause."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.queries.comparison_choosing import COMPARED_KINDS, comparisons
from lamplighter.billing.queries.reading_view import ComparisonView
from lamplighter.kernel.periods import Period
from lamplighter.usage.queries.points import points_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A comparison with the days of each side."""

    shown: ComparisonView
    then: Period
    now: Period


def last_changes(account: Account) -> list[Changed]:
    """Beside the bill before, then beside the year before; what there is of them."""
    bill = Bill.objects.filter(account=account, kind__in=COMPARED_KINDS, segments__cancelled_at__isnull=True)
    newest = bill.order_by("-issued_on", "-pk").first()
    if newest is None:
        return []
    segments = {newest.pk: list(Segment.objects.filter(bill=newest).select_related("bill").order_by("id"))}
    points = points_of({one.agreement_id for one in segments[newest.pk]})
    found = []
    for year in (False, True):
        shown = comparisons([newest], segments, points, year=year).get(newest.pk)
        if shown is not None and shown.last_year is year:
            found.append(Changed(shown, _days(account, shown.then.name), _days(account, shown.now.name)))
    return found


def _days(account: Account, month: str) -> Period:
    """The service days of the bills of a month, as a comparison names it."""
    rows = Segment.objects.filter(agreement__account=account, cancelled_at__isnull=True).order_by("period")
    mine = [row.period for row in rows if f"{row.month:%b %Y}" == month]
    return Period(mine[0].start, max(one.closed_end for one in mine))
