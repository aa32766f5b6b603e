"""The print shop as an interface: jobs that it has, and those of which it should have told by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from lamplighter.billing.models import PrintJob
from lamplighter.platform.interfaces import FailedMessage, Interface, Standing, register

LATE = timedelta(days=5)


@register
def print_shop() -> Sequence[Interface]:
    return [
        Interface(
            "print-shop",
            "Print shop",
            "Print shop",
            "Bills on paper, mailing reports",
            standing,
            instead="Bills are not printed twice. Ask the shop for its report; the job's page has its file.",
        )
    ]


def standing(at: datetime) -> Standing:
    """A job without its report for five days has failed: nobody knows that its bills were mailed."""
    waiting = list(PrintJob.objects.filter(reported_at__isnull=True).order_by("-id"))
    late = [
        FailedMessage(one.number, one.made_at, f"No mailing report of {one.number}, {one.pieces} bills",
                      f"job {one.number}\nmade {one.made_at:%Y-%m-%d}\npieces {one.pieces}\nsha256 {one.file_id}\n",
                      f"/desk/mailing/jobs/{one.pk}/")
        for one in waiting
        if one.made_at < at - LATE
    ]  # fmt: skip
    last = PrintJob.objects.aggregate(last=Max("reported_at"))["last"]
    return Standing(last, len(waiting), late)
