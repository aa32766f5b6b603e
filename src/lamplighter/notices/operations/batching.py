"""Put letters into a batch, and say when and by which proof it was mailed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.notices.channels import Channel
from lamplighter.notices.models import BatchedLetter, LetterBatch, Notice
from lamplighter.notices.operations.deliveries import CannotRecord, Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

MOST = 500


@in_transaction
def make_batch(*, letters: Sequence[Notice], by: Actor, at: datetime) -> LetterBatch:
    """These letters in this order. The digest is over words and addresses: the manifest names what was printed."""
    advisory_lock("letters.batch")
    if not letters:
        raise CannotRecord("No letter waits to be printed.")
    if len(letters) > MOST:
        raise CannotRecord(f"A batch has at most {MOST} letters; print these first.")
    if any(one.channel != Channel.LETTER for one in letters):
        raise CannotRecord("Only letters are printed.")
    if BatchedLetter.objects.filter(notice__in=letters).exists():
        raise CannotRecord("One of these letters is in a batch already. Look at the list again.")
    batch = LetterBatch.objects.create(made_at=at, made_by=by, count=len(letters), digest=manifest_digest(letters))
    BatchedLetter.objects.bulk_create(
        BatchedLetter(batch=batch, notice=notice, place=place) for place, notice in enumerate(letters, 1)
    )
    record("notices.batch.made", subject=batch.subject, by=by, at=at, count=batch.count)
    return batch


@in_transaction
def mail_batch(*, batch: LetterBatch, counted: int, proof: str, by: Actor, at: datetime) -> LetterBatch:
    """The tray went to the post: every letter of it was mailed now, by this proof. Refused where the count differs."""
    held = LetterBatch.objects.select_for_update().get(pk=batch.pk)
    if held.mailed_at is not None:
        raise CannotRecord(f"Batch {held} was mailed already.")
    if not proof.strip():
        raise CannotRecord("Say by which proof: the post's receipt, a statement of mailing, whose hand.")
    if counted != held.count:
        raise CannotRecord(f"The manifest has {held.count} letters, the tray {counted}. Find the difference first.")
    held.mailed_at, held.mailed_by, held.proof = at, by, proof.strip()[:80]
    held.save(update_fields=["mailed_at", "mailed_by", "proof"])
    said = f"batch {held} {held.proof}"[:120]
    steps = [
        Step(pk, DeliveryStep.HANDED_OVER, at, said)
        for pk in held.letters.order_by("place").values_list("notice", flat=True)
    ]
    record_deliveries(steps=steps, by=by, at=at)
    record("notices.batch.mailed", subject=held.subject, by=by, at=at, count=held.count)
    return held


def manifest_digest(letters: Sequence[Notice]) -> str:
    """SHA-256 over number, address and words of each, in order."""
    said = [[one.number, one.words.address, one.words.sheets] for one in letters]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
