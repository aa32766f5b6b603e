"""Say which lockboxes and pay stations send files, and by which layout theirs are read from a day on."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.text import slugify

from lamplighter.formats.remittances.layout import BadLayout, layout_of
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO
from lamplighter.kernel.periods import Period
from lamplighter.payments.models import SourceLayout, TenderSource
from lamplighter.payments.operations.sources import define_source
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

SENDS = {TenderSource.Kind.LOCKBOX: "lockbox-clearing", TenderSource.Kind.PAY_STATION: "ach-clearing"}
"""Who sends files, and where their money waits for the bank: a lockbox deposits it, pay stations send an ACH credit."""


@in_transaction
def add_source(*, name: str, kind: TenderSource.Kind, by: Actor, at: datetime) -> TenderSource:
    """A lockbox or pay station whose files will be read. Raises BadLayout for a name that is taken."""
    key = slugify(name)[:30]
    if not key or TenderSource.objects.filter(pk=key).exists():
        raise BadLayout(f"{name!r} is taken already, or is no name.")
    made = define_source(key=key, name=name.strip(), kind=kind, opening_float=ZERO, gl_code=SENDS[kind])
    record("payments.source.added", subject=f"source:{key}", by=by, at=at, kind=kind.value)
    return made


@in_transaction
def set_layout(*, source: TenderSource, text: str, citation: str, on: date, by: Actor, at: datetime) -> SourceLayout:
    """From `on` the files of a source are read by this layout; what held before ends there. Raises BadLayout."""
    layout = layout_of(text)
    if source.kind not in SENDS:
        raise BadLayout(f"{source.name} sends no files: it is no lockbox and no pay station.")
    if not citation.strip():
        raise BadLayout("Say where the layout was taken from: the sender's guide and its date.")
    if on < layout.valid_from:
        raise BadLayout(f"The sender uses this layout from {layout.valid_from:%b %-d, %Y} on.")
    advisory_lock(f"layout:{source.pk}")
    if SourceLayout.objects.filter(source=source, period__startswith__gte=on).exists():
        raise BadLayout(f"A layout from {on:%b %-d, %Y} or later is set already. Choose a later day.")
    for running in SourceLayout.objects.filter(source=source, period__contains=on):
        running.period = running.period.ending(on)
        running.save(update_fields=["period"])
    made = SourceLayout.objects.create(
        source=source, period=Period(on), code=layout.code, text=text, citation=citation.strip()[:200], set_by=by
    )
    record("payments.layout.set", subject=f"source:{source.pk}", by=by, at=at, code=layout.code, start=on.isoformat())
    return made
