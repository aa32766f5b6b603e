"""Readings that wait for a decision and must not be billed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from lamplighter.kernel.findings import Finding, Severity
from lamplighter.kernel.instants import Span
from lamplighter.usage.models import IntervalException
from lamplighter.usage.queries.channels import Stretch
from lamplighter.usage.queries.verdicts import overlaps

HOLDING = ("vee.negative", "vee.sum-check")
"""Rules that stop a channel and whose readings are in the store all the same; what was kept out is not."""


WAITING = """
SELECT WHERE EXISTS (
  SELECT FROM usage_intervalexception
  WHERE channel_id = ANY(%(channels)s::bigint[]) AND state = 'open' AND rule = ANY(%(rules)s)
)
"""
"""Asked first: nearly always nothing waits."""


def held(several: Mapping[int, Sequence[Stretch]]) -> dict[int, Finding]:
    """Which of these uses rest on readings that a person must decide first, and why; one query, or two."""
    channels = {part.channel.pk for parts in several.values() for part in parts if not part.channel.is_register}
    if not channels:
        return {}
    spans = [part.span for parts in several.values() for part in parts]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans if span.end))
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"channels": list(channels), "rules": list(HOLDING)})
        if not cursor.fetchall():
            return {}
    rows: dict[int, list[IntervalException]] = {}
    for row in (
        IntervalException.objects.filter(
            channel__in=channels, state=IntervalException.State.OPEN, rule__in=HOLDING,
            severity=Severity.ERROR, span__overlap=whole,
        )
        .select_related("channel__meter")
        .order_by("id")
    ):  # fmt: skip
        rows.setdefault(row.channel_id, []).append(row)
    found = {}
    for key, parts in several.items():
        waiting = [row for part in parts for row in rows.get(part.channel.pk, ()) if overlaps(row.span, part.span)]
        if waiting:
            found[key] = _finding(waiting[0])
    return found


def _finding(row: IntervalException) -> Finding:
    return Finding(
        "usage.exception",
        f"Readings of meter {row.channel.meter.badge} wait for a decision since {row.day:%b %-d, %Y}: {row.message}",
        remedy="Accept, edit or estimate them; then the bill follows.",
    )
