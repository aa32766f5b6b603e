"""Meter files as an interface: the last one that was taken in, and those that were not taken in whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from lamplighter.platform.interfaces import FailedMessage, Interface, Standing, register
from lamplighter.usage.models import ImportedFile

LATELY = timedelta(days=14)
QUIET = 26 * 3600
SHOWN = 20


@register
def meter_files() -> Sequence[Interface]:
    return [
        Interface(
            "meter-files",
            "Meter files",
            "Meter data collection",
            "Nightly files of readings",
            standing,
            instead="Read the file in once more when its meters are known: what is stored is not stored twice.",
        )
    ]


def standing(at: datetime) -> Standing:
    """Files in which something waits are failures: lines that nobody could read, meters that nobody knows."""
    newest = ImportedFile.objects.order_by("-imported_at").first()
    wait = ImportedFile.objects.filter(waiting__gt=0).order_by("-imported_at")
    failed = [
        FailedMessage(f"import:{one.pk}", one.imported_at, f"{one.name}: {one.waiting:,} matters wait",
                      f"{one.name}\nformat {one.format}\nunknown meters {one.unknown}\ntally {one.tally}\n",
                      f"/desk/readings/imports/{one.pk}/")
        for one in wait.filter(imported_at__gte=at - LATELY)[:SHOWN]
    ]  # fmt: skip
    return Standing(newest.imported_at if newest else None, wait.count(), failed, QUIET)
