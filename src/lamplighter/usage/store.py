"""The interval store of this installation, opened once a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.intervals.store import IntervalStore


def interval_store() -> IntervalStore:
    """Where `INTERVAL_STORE` points: a folder, or a URI of any object store that Delta knows."""
    return _opened(str(settings.INTERVAL_STORE))


def utility_zone() -> ZoneInfo:
    return ZoneInfo(settings.UTILITY_ZONE)


@lru_cache(maxsize=4)
def _opened(uri: str) -> IntervalStore:
    if "://" not in uri:
        Path(uri).mkdir(parents=True, exist_ok=True)
    return IntervalStore.create(uri)
