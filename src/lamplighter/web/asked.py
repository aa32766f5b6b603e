"""The days that a report is asked for, as they stand in its address: `?first=2026-11-01&last=2026-11-30`."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest

from lamplighter.kernel.periods import Period
from lamplighter.web.visits import visit


def days_asked(request: HttpRequest, *, since: date) -> Period:
    """From `since` up to today, unless the address says otherwise; what is no day there is not heard."""
    first = _day(request.GET.get("first")) or since
    last = _day(request.GET.get("last")) or visit(request).on
    return Period(first, max(first, last) + timedelta(days=1))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
