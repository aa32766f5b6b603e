"""The tables of programs in a period."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.programs.models import SampleCase
from lamplighter.web.columns import FromColumn, IdColumn, UntilColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table

FINDINGS = {
    "Qualifies": Tone.GOOD, "Income over the limit": Tone.BAD, "Nothing was shown": Tone.BAD,
    "No longer lives there": Tone.BAD,
}  # fmt: skip


class FiguresTable(Table):
    """Rows of `programs.queries.reporting.figures`."""

    program = Column("Program", accessor="program__name", orderable=False)
    told = NumberColumn("Told", orderable=False)
    applied = NumberColumn("Applied", orderable=False)
    approved = NumberColumn("Approved", orderable=False)
    denied = NumberColumn("Denied", orderable=False)
    lapsed = NumberColumn("Lapsed or withdrawn", orderable=False)
    begun = NumberColumn("Begun", orderable=False)
    renewed = NumberColumn("Recertified", orderable=False)
    ended = NumberColumn("Ended", orderable=False)
    enrolled = NumberColumn("Enrolled at the end", orderable=False)
    spent = MoneyColumn("Spent", orderable=False)


class ParticipationTable(Table):
    """Rows of `programs.queries.reporting.participation`, with the names of people."""

    program = Column("Program")
    channel = Column("By way of")
    person = Column("Person")
    told = NumberColumn("Told")
    applied = NumberColumn("Applied")
    enrolled = NumberColumn("Enrolled")


class Samples(Table):
    name = Column("Sample")
    program = Column("Program", accessor="program__name")
    on = DayColumn("Drawn")
    seed = Column("Seed", orderable=False)
    population = NumberColumn("Of")
    size = NumberColumn("Cases")
    found = NumberColumn("Looked into")
    failed = NumberColumn("Did not qualify")
    answer_by = DayColumn("Answer by")

    def row_url(self, record: Any) -> str:
        return reverse("lead:sample", args=[record.pk])


class Cases(Table):
    place = NumberColumn("Drawn as", initial_sort_descending=False)
    account = IdColumn("Account", accessor="enrollment__account__number")
    start = FromColumn("Enrolled from", accessor="enrollment__period", orderable=False)
    basis = Column("By", accessor="enrollment__get_basis_display", order_by="enrollment__basis")
    finding = BadgeColumn("Finding", accessor="get_finding_display", order_by="finding", tones=FINDINGS)
    found_on = DayColumn("Found")
    remark = Column("Note", orderable=False)

    def row_url(self, record: SampleCase) -> str:
        if record.finding:
            return reverse("desk:account-programs", args=[record.enrollment.account.number])
        return reverse("lead:do-find", args=[record.sample_id, record.pk])


class TermsTable(Table):
    program = Column("Program", accessor="program__name")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    income_percent = NumberColumn("Income up to (% of the guideline)")
    income_share = NumberColumn("They pay (% of income)")
    months = NumberColumn("Lasts (months)")
    fixed_months = NumberColumn("Fixed income (months)")
    papers_days = NumberColumn("Papers within (days)")
    citation = Column("By", orderable=False)


class Guidelines(Table):
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    first = MoneyColumn("First person, a year")
    more = MoneyColumn("Each other")
    citation = Column("Published", orderable=False)


class Budgets(Table):
    program = Column("Program", accessor="program__name")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    amount = MoneyColumn("Budget")
    citation = Column("By", orderable=False)
