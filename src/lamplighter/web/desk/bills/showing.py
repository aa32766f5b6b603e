"""A bill's parts ready to show: its state, its lines by group, its use as a chart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.reading_lines import number
from lamplighter.billing.queries.reading_view import BillView, Group, RegisterUse, SegmentView
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.parts import Badge, Empty, Tone
from lamplighter.web.ui.wording import quantity, short_day

GROUPS = {Group.CHARGE: "Charges", Group.DISCOUNT: "Discounts and credits", Group.TAX: "Taxes and surcharges"}
KINDS = {Bill.Kind.FINAL: Tone.WATCH, Bill.Kind.CORRECTION: Tone.NOTICE}


def badges(found: Bill, shown: BillView) -> list[Badge]:
    """Its kind, and what became of it."""
    made = [Badge(found.get_kind_display(), KINDS.get(Bill.Kind(found.kind), Tone.INFO))]
    if found.origin == Bill.Origin.CONVERTED:
        made.append(Badge(found.get_origin_display(), Tone.PLAIN))
    gone = [segment for segment in shown.segments if segment.cancelled_on]
    if gone:
        whole = len(gone) == len(shown.segments)
        corrected = all(segment.replaced_by for segment in gone)
        word = "Corrected" if corrected else "Cancelled"
        made.append(Badge(word if whole else f"{word} in part", Tone.BAD))
    if shown.estimated:
        made.append(Badge("Partly estimated", Tone.WATCH))
    return made


def segment_title(segment: SegmentView) -> str:
    days = f"{short_day(segment.period.start)} to {short_day(segment.period.last_day)}, {segment.period.last_day.year}"
    return f"{days} · {segment.schedule}"


def segment_rows(segment: SegmentView, bill: BillView) -> dict[str, Any]:
    """The lines by group; a group's total where there are several groups."""
    groups = [
        (label, segment.of(group), segment.total_of(group)) for group, label in GROUPS.items() if segment.of(group)
    ]
    use = f"{number(segment.kwh, 0)} kWh" if segment.kwh is not None else ""
    days = segment.period.days
    about = [segment.schedule_name, ", ".join(segment.service), f"{days} day{'' if days == 1 else 's'}", use]
    return {
        "segment": segment,
        "bill": bill,
        "groups": groups,
        "single": len(groups) == 1,
        "about": " · ".join(filter(None, about)),
    }


def chart(bill: BillView) -> Bars | None:
    """Use by day from intervals; None where the bill stands on none."""
    days = bill.daily
    if not days or len(days) > 400 or not any(one.delivered or one.received for one in days):
        return None
    used = sum((one.delivered for one in days), Decimal(0))
    most = max(days, key=lambda one: one.delivered)
    back = sum((one.received for one in days), Decimal(0))
    sentence = f"Most on {short_day(most.day)}, {quantity(most.delivered, 'kWh', 1)}."
    if back:
        sentence += f" {quantity(back, 'kWh')} were sent back."
    series = [
        Series(
            "Use", [None if one.missing else one.delivered for one in days],
            estimated=frozenset(i for i, one in enumerate(days) if one.estimated),
        )
    ]  # fmt: skip
    if back:
        series.append(Series("Sent back", [-one.received for one in days], style="amber"))
    title = f"{quantity(used / len(days), 'kWh', 1)} a day."
    return Bars(
        "use", title, sentence, [short_day(one.day) for one in days], series, "kWh", "Day", places=1, stacked=True
    )


def last_bill(account: Account) -> dict[str, Any]:
    """The newest bill of an account with the reasons why it changed, for a panel on another page."""
    newest = account.bills.order_by("-issued_on", "-id").first()
    if newest is None:
        return {"empty": Empty("No bill yet.")}
    shown = view(newest)
    compared = shown.comparison
    return {"bill": shown, "compared": compared, "sides": (compared.now, compared.then) if compared else ()}


def registers(bill: BillView) -> list[RegisterUse]:
    return [row for segment in bill.segments for row in segment.use.registers]
