"""Erase what the retention schedule says: what rows of a person were, before a date."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import PastRow
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def erase_history(*, table: str, row_id: str, by: Actor, at: datetime) -> int:
    """Forget what one row was. How many past states were erased stays known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lamplighter.retention', 'on', true)")
        count, _ = PastRow.objects.filter(table_name=table, row_id=row_id).delete()
        cursor.execute("SELECT set_config('lamplighter.retention', 'off', true)")
    record("platform.history.erased", subject=f"{table}:{row_id}", by=by, at=at, count=count)
    return count
