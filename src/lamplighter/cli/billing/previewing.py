"""What the run would bill an account up to a day. Writes nothing."""

from __future__ import annotations

from datetime import date

from lamplighter.accounts.models import Account
from lamplighter.billing.models import CycleWindow
from lamplighter.billing.queries.drafts import Refused, SegmentDraft, drafts
from lamplighter.billing.queries.due import occasions


def preview(account: Account, *, until: date) -> list[SegmentDraft | Refused]:
    """Each service that is due, in the month of the window that is read on that day, else in that day's own month."""
    window = CycleWindow.objects.filter(cycle=account.cycle_id, reads_on=until).first()
    month = window.month if window else until.replace(day=1)
    return drafts(occasions([account.pk], reads_on=until, month=month).get(account.pk, []))
