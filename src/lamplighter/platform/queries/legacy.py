"""What the keys of another system stand for here."""

from __future__ import annotations

from collections.abc import Collection

from lamplighter.platform.models import LegacyKey


def legacy_rows(kind: str, keys: Collection[str]) -> dict[str, int]:
    """The primary keys that old keys became; one that was never taken over is not among them."""
    return dict(LegacyKey.objects.filter(kind=kind, old__in=keys).values_list("old", "row"))
