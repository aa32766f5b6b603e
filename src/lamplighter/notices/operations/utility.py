"""Set how the utility names itself on every notice."""

from __future__ import annotations

from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Sender
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def set_sender(*, utility: str, phone: str, website: str, office: str, email: str, by: Actor, at: datetime) -> Sender:
    """From now on notices say so; a draft that was previewed before is stale."""
    facts = {"utility": utility, "phone": phone, "website": website, "office": office, "email": email}
    sender, _ = Sender.objects.update_or_create(id=1, defaults=facts)
    record("notices.sender.set", subject="notice-sender:1", by=by, at=at)
    return sender
