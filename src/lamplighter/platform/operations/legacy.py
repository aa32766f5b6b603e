"""Keep by which key another system knew what is taken over from it."""

from __future__ import annotations

from collections.abc import Mapping

from lamplighter.platform.models import LegacyKey
from lamplighter.platform.transactions import in_transaction


@in_transaction
def keep_legacy_keys(*, kind: str, rows: Mapping[str, int]) -> None:
    """The primary key that each old key became; an old key stands for one row for ever."""
    LegacyKey.objects.bulk_create(LegacyKey(kind=kind, old=old, row=row) for old, row in rows.items())
