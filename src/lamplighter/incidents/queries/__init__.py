"""Questions about incidents: how long vendors take, and the ticket that one gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from statistics import median

from lamplighter.incidents.models import Incident


@dataclass(frozen=True, slots=True)
class VendorRecord:
    """How a vendor does: open now, fixed, and the median and longest time to fix (None before the first)."""

    vendor: str
    open: int
    fixed: int
    median: timedelta | None
    longest: timedelta | None


def by_vendor(incidents: Iterable[Incident]) -> list[VendorRecord]:
    """Over these incidents, which have their time to fix."""
    several: dict[str, list[Incident]] = {}
    for one in incidents:
        several.setdefault(one.vendor, []).append(one)
    return [_record(vendor, rows) for vendor, rows in sorted(several.items())]


def _record(vendor: str, rows: list[Incident]) -> VendorRecord:
    took = [one.fixed_at - one.reported_at for one in rows if one.fixed_at]
    middle = timedelta(seconds=median(one.total_seconds() for one in took)) if took else None
    return VendorRecord(vendor, len(rows) - len(took), len(took), middle, max(took, default=None))


def ticket(incident: Incident, *, at: datetime, sender: str, utility: str) -> bytes:
    """The vendor's ticket as an RFC 5322 message: the fault in words, and each failed message as an attachment.

    It names no customer: the account stays here.
    """
    found = EmailMessage(policy=policy.SMTP)
    found["Subject"] = f"[{utility} {incident}] Fault at {incident.name}"
    found["From"] = sender
    found["Date"] = at
    lines = [
        f"Interface: {incident.name} ({incident.vendor})",
        f"Reported:  {incident.reported_at:%Y-%m-%d %H:%M %Z}",
        f"Our number: {incident}",
        "",
        str(incident.what),
        "",
        f"Attached: {len(incident.evidence)} messages.",
        *(f"- {one['at']} {one['words']}" for one in incident.evidence),
    ]
    found.set_content("\n".join(lines) + "\n")
    for number, one in enumerate(incident.evidence, start=1):
        found.add_attachment(one["evidence"] or one["words"], filename=f"{incident}-{number:02}.txt")
    return bytes(found)
