"""What the run would bill an account up to a day. Writes nothing."""

from __future__ import annotations

from datetime import date

from lamplighter.accounts.models import Account
from lamplighter.billing.queries.drafts import Refused, SegmentDraft, drafts
from lamplighter.billing.queries.due import occasions_until


def preview(account: Account, *, until: date) -> list[SegmentDraft | Refused]:
    """Each service that is due; the one that cannot be billed with its reason."""
    return drafts(occasions_until(account, until=until))
