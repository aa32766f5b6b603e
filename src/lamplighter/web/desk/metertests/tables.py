"""The tests of a meter as its page shows them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from lamplighter.metering.models import Meter, MeterTest
from lamplighter.metering.rules import Verdict
from lamplighter.web.access import permissions
from lamplighter.web.ui.panels import Panel
from lamplighter.web.ui.parts import Empty, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, NumberColumn, Table, grid

GRID = "ui/tables/grid.html"
VERDICTS = {"In limits": Tone.GOOD, "Fast": Tone.BAD, "Slow": Tone.BAD}
WORDS = {Verdict.IN_LIMITS.value: "In limits", Verdict.FAST.value: "Fast", Verdict.SLOW.value: "Slow"}


class Tests(Table):
    """Registrations in percent: 104 means that 104 kWh were shown for 100."""

    tested_at = MomentColumn("Tested")
    why = Column("Why", accessor="get_why_display", order_by="why")
    where = Column("Where", accessor="get_where_display", order_by="where")
    found_full = NumberColumn("Full load (%)", places=2)
    found_light = NumberColumn("Light load (%)", places=2)
    average = NumberColumn("Average (%)", places=3)
    verdict = BadgeColumn("Verdict", tones=VERDICTS)
    limits = Column("Limits", empty_values=(), orderable=False)
    left = Column("Left at", empty_values=(), orderable=False)
    standard = Column("Standard")
    remark = Column("Note", orderable=False)

    def value_verdict(self, value: str) -> str:
        return WORDS[value]

    def render_verdict(self, value: str) -> Any:
        return self.columns["verdict"].column.render(self.value_verdict(value))

    def value_limits(self, record: MeterTest) -> str:
        return f"{record.low.normalize():f} to {record.high.normalize():f}: {record.basis}"

    def render_limits(self, record: MeterTest) -> str:
        low, high = f"{record.low.normalize():f}", f"{record.high.normalize():f}"
        return format_html('<span title="{}">{} to {}</span>', record.basis, low, high)

    def value_left(self, record: MeterTest) -> str:
        if record.left_full is None or record.left_light is None:
            return "As found"
        return f"{record.left_full.normalize():f} / {record.left_light.normalize():f}"

    def render_left(self, record: MeterTest) -> str:
        return self.value_left(record)


class TestsToCorrect(Tests):
    """The same for those who correct bills."""

    correct = Column("Act", empty_values=(), orderable=False, exclude_from_export=True)

    def render_correct(self, record: MeterTest) -> str:
        if record.is_right or record.why == MeterTest.Why.SAMPLE:
            return ""
        url = reverse("desk:do-correct-test", args=[record.meter.badge, record.pk])
        words = format_html('Correct bills<span class="visually-hidden"> of {} %</span>', record.average)
        return format_html('<a class="btn btn-sm" href="{}" data-panel>{}</a>', url, words)


def tests_panel(request: HttpRequest, meter: Meter) -> Panel:
    rows: QuerySet[MeterTest] = MeterTest.objects.filter(meter=meter).select_related("meter", "remark")
    shown = TestsToCorrect if "billing.correct" in permissions(request) else Tests
    empty = Empty("Never tested here.")
    return Panel(
        "tests", "Tests", GRID,
        lambda: {"grid": grid(request, table=shown, rows=rows.order_by("-tested_at", "-id"), caption="Tests",
                              name="tests", empty=empty)},
    )  # fmt: skip
