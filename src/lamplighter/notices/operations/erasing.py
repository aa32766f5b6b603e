"""Take the words and addresses of notices away; that they were sent, and when, stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.platform.operations.events import Happening, record_many
from lamplighter.platform.transactions import in_transaction


@in_transaction
def erase_words(*, notices: Collection[int], by: Actor, at: datetime) -> int:
    """As the retention schedule or a person's request says; how many. Those that wait to be sent keep theirs, and
    erasing twice changes nothing."""
    found = Notice.objects.select_for_update(of=("self",)).filter(
        pk__in=notices, words__erased_at__isnull=True, outgoing__isnull=True
    )
    erased = list(found.order_by("pk"))
    NoticeWords.objects.filter(pk__in=[one.pk for one in erased]).update(address=[], sheets=[], lines=[], erased_at=at)
    record_many((Happening("notices.words.erased", one.key, one.account, {}) for one in erased), by=by, at=at)
    return len(erased)
