"""The content of a printed bill: every word and figure of a bill view in its place, ready for the template."""

from __future__ import annotations

from typing import Any

from lamplighter.billing.documents.payments import stub
from lamplighter.billing.documents.usage import chart, registers
from lamplighter.billing.documents.words import full_date, long_days, short_day
from lamplighter.billing.queries.reading_lines import number
from lamplighter.billing.queries.reading_view import BillView, Compared, ComparisonView, Group, LineView, SegmentView
from lamplighter.kernel.money import Money

Content = dict[str, Any]
HEADINGS = {"Final bill": "Your final bill", "Correction": "Your corrected bill", "Invoice": "Your invoice"}
UNAPPLIED, OTHER = "Paid or credited, for no bill yet", "Other charges"
ROOMY, ROOMY_LINES = 36, 4  # letters and lines that always fit into the envelope's window
NARROW, FACT_LINES = 24, 8  # and beside the address
TITLES = {Group.CHARGE: "Charges", Group.DISCOUNT: "Discounts", Group.TAX: "Taxes and fees"}


def content(bill: BillView) -> Content:
    """Plain strings and whole numbers, as the template reads them (documents/bill.typ)."""
    days = f" for {long_days(bill.period)}" if bill.period else f" of {full_date(bill.issued_on)}"
    messages = [[message.title, message.text] for message in bill.messages]
    facts = _facts(bill)
    aside, rest = (messages[:1], messages[1:]) if bill.comparison is None else ([], messages)
    return {
        "title": f"Electric bill {bill.number}{days}",
        "heading": HEADINGS.get(bill.kind, "Your electric bill"),
        "lang": "en",
        "utility": {
            "name": bill.utility.name, "phone": bill.utility.phone, "website": bill.utility.website,
            "office": bill.utility.office, "email": bill.utility.email,
        },
        "customer": bill.customer,
        "mailing": list(bill.mailing),
        "tight": _tight(bill, facts),
        "pay": _pay(bill),
        "facts": facts,
        "sentence": bill.comparison.sentence if bill.comparison else "",
        "summary": _summary(bill),
        "estimated": "Part of your use is estimated." if bill.estimated else "",
        "chart": chart(bill),
        "registers": registers(bill),
        "compared": _compared(bill.comparison),
        "causes": _causes(bill.comparison),
        "segments": [_segment(segment) for segment in bill.segments],
        "beside": [
            [one.label, "" if one.on is None else full_date(one.on), str(one.amount)] for one in bill.adjustments
        ],
        "charges": str(bill.amounts.charges),
        "items": _items(bill),
        "aside": aside,
        "messages": rest,
        "stub": stub(bill),
    }  # fmt: skip


def _pay(bill: BillView) -> Content:
    """What is asked for, and until when."""
    if bill.amounts.due.cents > 0:
        return {"label": "Amount due", "amount": str(bill.amounts.due), "by": f"Please pay by {short_day(bill.due_on)}"}
    label = "Your credit" if bill.amounts.credit else "Amount due"
    return {"label": label, "amount": str(abs(bill.amounts.due)), "by": "Nothing to pay"}


def _tight(bill: BillView, facts: list[list[str]]) -> dict[str, bool]:
    """What may not fit in the usual size, so that the template must measure."""
    lines = (bill.customer, *bill.mailing)
    return {
        "mailing": len(lines) > ROOMY_LINES or any(len(text) > ROOMY for text in lines),
        "facts": sum(1 + len(value) // NARROW for _, value in facts) > FACT_LINES,
    }


def _facts(bill: BillView) -> list[list[str]]:
    """Account, bill, days, meter: what a person reads out on the telephone."""
    facts = [["Account", bill.account], ["Bill", bill.number], ["Made on", full_date(bill.issued_on)]]
    if bill.period:
        facts.append(["Service", f"{long_days(bill.period)} ({_count(bill.period.days, 'day')})"])
    facts += [["At", ", ".join(service)] for service in bill.services[:1]]
    if len(bill.services) > 1:
        facts[-1][1] += f", and {_count(len(bill.services) - 1, 'more address')}"
    if bill.meters:
        shown, more = bill.meters[:2], len(bill.meters) - 2
        facts.append(["Meter", ", ".join(shown) + (f" and {more} more" if more > 0 else "")])
    return facts


def _summary(bill: BillView) -> list[list[str]]:
    """How the amount due comes about; lines that moved nothing are left out, but for the first and last."""
    amounts = bill.amounts
    thanks = "Payments received, thank you" if amounts.received else "Payments received"
    rows = [["Your last bill", amounts.previous], [thanks, amounts.received]]
    if amounts.corrected:
        rows.append(["Corrections", amounts.corrected])
    rows.append([f"New charges, {bill.period.days} days" if bill.period else "New charges", amounts.charges])
    return [[str(label), str(amount)] for label, amount in rows]


def _items(bill: BillView) -> list[list[str]]:
    """Bill, due day, days past due, open amount; what is no bill's; together they are what is asked for."""
    if bill.open_items is None:
        return []
    rows = [
        [one.bill or "Not billed yet", full_date(one.due_on), str(one.late) if one.late else "", str(one.open)]
        for one in bill.open_items.items
    ]
    if bill.open_items.rest:
        rows.append([OTHER if bill.open_items.rest.cents > 0 else UNAPPLIED, "", "", str(bill.open_items.rest)])
    return rows


def _compared(comparison: ComparisonView | None) -> Content | None:
    if comparison is None:
        return None
    then, now = comparison.then, comparison.now
    rows = [
        ["Energy", _kwh(then), _kwh(now)],
        ["Days", str(then.days), str(now.days)],
        ["Average a day", _daily(then), _daily(now)],
        ["Charges", str(then.charges), str(now.charges)],
    ]
    return {"head": ["", then.name, now.name], "rows": rows}


def _causes(comparison: ComparisonView | None) -> Content | None:
    if comparison is None or not comparison.change:
        return None
    return {
        "rows": [[cause.words, _signed(cause.amount)] for cause in comparison.causes],
        "total": _signed(comparison.change),
        "than": comparison.then.name,
    }


def _segment(segment: SegmentView) -> Content:
    groups = [
        {
            "title": TITLES[group],
            "rows": [_line(line) for line in segment.of(group)],
            "total": str(segment.total_of(group)),
        }
        for group in Group
        if segment.of(group)
    ]
    name = " ".join(part for part in (segment.schedule, segment.schedule_name) if part)
    where = ", ".join(segment.service)
    days = f"{long_days(segment.period)}, {_count(segment.period.days, 'day')}"
    return {"name": name, "where": where, "days": days, "groups": groups, "total": str(segment.total)}


def _line(line: LineView) -> list[str]:
    """Label, arithmetic, amount; a discount says which fund bears it."""
    words = line.words
    if line.priced.fund:
        words = f"{words}; paid for by {line.priced.fund} funds"
    return [line.label, words, str(line.amount)]


def _kwh(side: Compared) -> str:
    return "not metered" if side.kwh is None else f"{number(side.kwh, 0)} kWh"


def _daily(side: Compared) -> str:
    return "" if side.kwh_a_day is None else f"{number(side.kwh_a_day, 1)} kWh"


def _signed(amount: Money) -> str:
    return f"+{amount}" if amount.cents > 0 else str(amount)


def _count(number_of: int, noun: str) -> str:
    if number_of == 1:
        return f"1 {noun}"
    return f"{number_of} {noun}es" if noun.endswith("ss") else f"{number_of} {noun}s"
