"""Which interval revisions count now."""

from __future__ import annotations

from lamplighter.intervals.published import Published
from lamplighter.usage.models import IgnoredRevision, Publication


def published() -> Published:
    """Every revision up to the newest publication but the ignored ones."""
    newest = Publication.objects.order_by("-revision").values_list("revision", flat=True).first()
    return Published(newest or 0, frozenset(IgnoredRevision.objects.values_list("revision", flat=True)))
