"""Which interval revisions count now."""

from __future__ import annotations

from django.db import connection

from lamplighter.intervals.published import Published

PUBLISHED = """
SELECT coalesce((SELECT max(revision) FROM usage_publication), 0),
  ARRAY(SELECT revision FROM usage_ignoredrevision)
"""


def published() -> Published:
    """Every revision up to the newest publication but the ignored ones."""
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED)
        ((newest, ignored),) = cursor.fetchall()
    return Published(newest, frozenset(ignored))
