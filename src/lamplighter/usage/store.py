"""The interval store of this installation, opened once by each thread of a process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

if TYPE_CHECKING:
    from lamplighter.intervals.store import IntervalStore

_mine = threading.local()


def interval_store() -> IntervalStore:
    """Where `INTERVAL_STORE` points: a folder, or a URI of any object store that Delta knows."""
    uri = str(settings.INTERVAL_STORE)
    if getattr(_mine, "uri", None) != uri:
        from lamplighter.intervals.store import IntervalStore  # Arrow and Delta, which most commands never need

        if "://" not in uri:
            Path(uri).mkdir(mode=0o700, parents=True, exist_ok=True)
        _mine.store, _mine.uri = IntervalStore.create(uri), uri
    store: IntervalStore = _mine.store
    return store


def utility_zone() -> ZoneInfo:
    return ZoneInfo(settings.UTILITY_ZONE)
