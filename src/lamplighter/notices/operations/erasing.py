"""Take a notice's words and address away; that it was sent, and when, stays."""

from __future__ import annotations

from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.notices.rules.steps import FAILED, DeliveryStep
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


class CannotErase(Exception):
    """Words are still needed; the message says for what."""


@in_transaction
def erase_words(*, notice: Notice, by: Actor, at: datetime) -> None:
    """As the retention schedule or a person's request says. Erasing twice changes nothing."""
    found = Notice.objects.select_for_update(of=("self",)).select_related("words").get(pk=notice.pk)
    words = found.words
    if words.erased_at is not None:
        return
    taken = set(notice.deliveries.values_list("step", flat=True))
    if DeliveryStep.QUEUED in taken and not taken & (FAILED | {DeliveryStep.HANDED_OVER}):
        raise CannotErase(f"{notice.number} still waits to be sent.")
    NoticeWords.objects.filter(pk=words.pk).update(address=[], sheets=[], lines=[], erased_at=at)
    record("notices.words.erased", subject=notice.key, account=notice.account, by=by, at=at)
