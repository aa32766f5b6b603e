"""The office's working days, by the law in force."""

from __future__ import annotations

from django.http import HttpRequest

from lamplighter.credit.queries.standing import law
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.web.visits import visit


def office_days(request: HttpRequest) -> HolidayCalendar:
    return law(on=visit(request).on).calendar.value
