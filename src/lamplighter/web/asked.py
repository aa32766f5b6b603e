"""The days that a page is asked for, as they stand in its address: `?first=2026-11-01&last=2026-11-30`."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest

from lamplighter.kernel.periods import Period
from lamplighter.web.ui.forms import FIRST_DAY, LAST_DAY
from lamplighter.web.visits import visit


def days_asked(request: HttpRequest, *, since: date) -> Period:
    """From `since` up to today, unless the address says otherwise."""
    first = day_asked(request, "first") or since
    last = day_asked(request, "last") or visit(request).on
    return Period(first, max(first, last) + timedelta(days=1))


def day_asked(request: HttpRequest, name: str) -> date | None:
    """What is no day there, or far from any life, is not heard."""
    try:
        said = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return said if FIRST_DAY <= said <= LAST_DAY else None
