"""Bills and drafts of bills as text for people, and as data with their statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lamplighter.billing.models import Bill
from lamplighter.billing.queries.drafts import Refused, SegmentDraft
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.reading_lines import lines_of
from lamplighter.billing.queries.reading_view import BillView, LineView
from lamplighter.cli.telling import columns
from lamplighter.kernel.money import Money


def bill_in_words(bill: Bill) -> str:
    return "\n".join(_words(view(bill)))


def bill_data(bill: Bill) -> dict[str, Any]:
    """Amounts are dollars as text; a segment's statement is what it was computed from, as it was frozen."""
    shown = view(bill)
    amounts = shown.amounts
    return {
        "number": shown.number, "account": shown.account, "customer": shown.customer, "kind": bill.kind,
        "issued_on": shown.issued_on, "due_on": shown.due_on, "previous": _dollars(amounts.previous),
        "received": _dollars(amounts.received), "corrected": _dollars(amounts.corrected),
        "charges": _dollars(amounts.charges), "due": _dollars(amounts.due),
        "segments": [
            {
                "schedule": row.schedule, "from": row.period.start, "to": row.period.last_day,
                "total": _dollars(row.total), "estimated": row.estimated, "live": row.live, "sha256": row.sha256,
                "lines": _lines(lines_of(row.statement)), "statement": row.statement,
            }
            for row in bill.segments.order_by("pk")
        ],
    }  # fmt: skip


def draft_in_words(draft: SegmentDraft) -> str:
    period, total = draft.occasion.period, draft.total
    estimated = ", partly estimated" if draft.estimated else ""
    schedule = " + ".join(dict.fromkeys(tariff["code"] for tariff in draft.statement["tariffs"]))
    head = f"{schedule}, {period} ({period.days} days{estimated}): {total}"
    return "\n".join([head, *_rows(lines_of(draft.statement))])


def draft_data(draft: SegmentDraft) -> dict[str, Any]:
    period = draft.occasion.period
    return {
        "schedule": draft.schedule, "from": period.start, "to": period.last_day, "total": _dollars(draft.total),
        "estimated": draft.estimated, "lines": _lines(lines_of(draft.statement)), "statement": draft.statement,
    }  # fmt: skip


def refused_data(refused: Refused) -> dict[str, str]:
    agreement = refused.occasion.agreement
    return {
        "service": str(agreement.premise or agreement.kind), "code": refused.why.code, "message": str(refused.why),
    }  # fmt: skip


def _words(bill: BillView) -> Iterator[str]:
    yield f"{bill.kind} {bill.number} of {bill.issued_on}, due {bill.due_on}"
    yield f"Account {bill.account}, {bill.customer}"
    for segment in bill.segments:
        yield ""
        name = " ".join(filter(None, (segment.schedule, segment.schedule_name)))
        where = ", ".join(segment.service)
        yield f"{name}, {segment.period} ({segment.period.days} days){', ' if where else ''}{where}"
        yield from _rows(segment.lines)
        if segment.cancelled_on:
            yield f"  Cancelled on {segment.cancelled_on}{_by(segment.replaced_by)}."
    yield ""
    for adjustment in bill.adjustments:
        yield f"{adjustment.label}{f' ({adjustment.on})' if adjustment.on else ''}: {adjustment.amount}"
    amounts = bill.amounts
    yield f"Before {amounts.previous}, received {amounts.received}, corrected {amounts.corrected}"
    yield f"Charges {amounts.charges}, due {amounts.due}"


def _by(number: str) -> str:
    return f", replaced by bill {number}" if number else ""


def _rows(lines: Sequence[LineView]) -> list[str]:
    rows = [(line.label, line.words, line.amount) for line in lines]
    return [f"  {row}" for row in columns(("line", "how", "amount"), rows).splitlines()[1:]]


def _lines(lines: Sequence[LineView]) -> list[dict[str, str]]:
    return [{"label": line.label, "words": line.words, "amount": _dollars(line.amount)} for line in lines]


def _dollars(money: Money) -> str:
    return str(money.dollars)
