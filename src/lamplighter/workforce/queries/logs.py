"""Lines of a log, searched by the words in them."""

from __future__ import annotations

from django.db.models import QuerySet

from lamplighter.workforce.models import Log, LogLine


def lines_of(log: Log, *, text: str = "") -> QuerySet[LogLine]:
    """The newest first, with what each corrects and is corrected by; with `text`, those that hold all its words."""
    rows = LogLine.objects.filter(log=log).select_related("written", "corrects", "corrected_by").order_by("-number")
    for word in text.split():
        rows = rows.filter(written__words__icontains=word)
    return rows
