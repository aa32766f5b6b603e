"""A bill's parts ready to show: its state, its lines by group, its use as a chart."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.reading_lines import number
from lamplighter.billing.queries.reading_true_up import true_up_of
from lamplighter.billing.queries.reading_view import BillView, Group, RegisterUse, SegmentView, TrueUpView
from lamplighter.kernel.money import Money
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.parts import Badge, Empty, Fact, Tone
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


def true_ups(account: Account) -> dict[str, Any]:
    """The true-up as the newest live charges of each service tell it."""
    rows = Segment.objects.filter(agreement__account=account, cancelled_at__isnull=True).order_by(
        "agreement", "-period"
    )
    told = [true_up_of(row.statement) for row in rows.distinct("agreement").only("statement")]
    facts = [fact for one in told if one is not None for fact in _true_up(one)]
    return {"facts": facts, "empty": Empty("No bill tells of a true-up yet.")}


def _true_up(told: TrueUpView) -> list[Fact]:
    month = f"{told.month:%B %Y}"
    facts = [Fact("True-up", f"settled in {month}" if told.settled else f"in {month}")]
    for bank in told.banks:
        amount = partial(_credit, unit=bank.unit)
        facts.append(Fact("Paid out then" if told.settled else "Credit now", amount(bank.balance)))
        if not told.settled:
            facts.append(Fact("Worth today", bank.worth))
        if bank.expected is not None:
            facts.append(Fact("About then", amount(bank.expected)))
            if bank.unit != "$" and bank.expected_worth is not None:
                facts.append(Fact("Worth then", bank.expected_worth))
    return facts


def _credit(amount: Decimal, unit: str) -> str:
    return str(Money.nearest(amount)) if unit == "$" else quantity(amount, unit)


def registers(bill: BillView) -> list[RegisterUse]:
    return [row for segment in bill.segments for row in segment.use.registers]
