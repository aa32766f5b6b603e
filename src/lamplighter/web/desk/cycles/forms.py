"""The forms of windows: a year of them from a reading calendar, and the days of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lamplighter.billing.queries.windows import turns_to_define
from lamplighter.billing.reading_calendar import ReadingCalendar, Turn
from lamplighter.billing.rules import CannotDefine
from lamplighter.kernel.calendars import COLUMBUS, US_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once

OBSERVANCES = {
    Observance.NEAREST_WEEKDAY: "Saturday's on Friday, Sunday's on Monday",
    Observance.SUNDAY_TO_MONDAY: "Sunday's on Monday",
    Observance.AS_IS: "On the day itself",
}
USUAL = [name for name in US_HOLIDAYS if name != COLUMBUS.name]


class DefineYear(Once, Form):
    """A reading calendar. When it is valid, `turns` are the windows that it adds."""

    turns: list[Turn]

    year = forms.IntegerField(label="Until the end of", min_value=2000, max_value=2100)
    holidays = forms.MultipleChoiceField(
        label="Nobody reads or bills on", choices=[(name, name) for name in US_HOLIDAYS], widget=CheckRows,
        required=False, initial=USUAL,
    )  # fmt: skip
    observance = forms.ChoiceField(
        label="A holiday on a weekend is observed", choices=list(OBSERVANCES.items()),
        initial=Observance.NEAREST_WEEKDAY.value,
    )  # fmt: skip
    read_to_bill = forms.IntegerField(
        label="Working days from the read day until a window opens", min_value=0, max_value=10, initial=2
    )
    stays_open = forms.IntegerField(
        label="Working days that it stays open", min_value=0, max_value=15, initial=4,
        help_text="Every night of it, what is not billed yet is tried again.",
    )  # fmt: skip
    estimates = forms.BooleanField(label="On the last night, estimate what is missing", required=False, initial=True)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"year": on.year if on.month < 11 else on.year + 1}, **kwargs)
        self.on = on

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            days = HolidayCalendar(
                tuple(US_HOLIDAYS[name] for name in given["holidays"]), Observance(given["observance"])
            )
            calendar = ReadingCalendar(days, given["read_to_bill"], given["stays_open"], given["estimates"])
            try:
                self.turns = turns_to_define(calendar=calendar, year=given["year"], on=self.on)
            except CannotDefine as refused:
                self.add_error(None, str(refused))
        return given


class DefineCycle(Once, Form):
    """A code that is there already gets the name."""

    code = forms.RegexField(
        label="Code", regex=r"\A[0-9A-Za-z-]{1,10}\Z", help_text="As it stands on route sheets: 21, or N-3.",
        error_messages={"invalid": "Write up to ten letters, digits and hyphens."},
    )  # fmt: skip
    name = forms.CharField(label="Name", max_length=60, help_text="Where its meters are.")


class ChangeWindow(Once, Form):
    """The days of one window, and whether what it bills is owed."""

    reads_on = DayField(label="Read on", help_text="The service days that are billed end on this day.")
    opens_on = DayField(label="First night")
    closes_on = DayField(label="Last night")
    accounting_on = DayField(label="In the books of")
    estimate_on = DayField(
        label="Estimate what is missing from", required=False, help_text="Empty: it waits, and is never estimated."
    )
    freeze = forms.BooleanField(
        label="Bill for good", required=False,
        help_text="Off: a trial. Its bills are shown, thrown away and worked out again; nothing is owed.",
    )  # fmt: skip
