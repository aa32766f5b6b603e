"""From an address to a matter of readings."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.accounts.models import Account
from lamplighter.usage.models import IntervalException
from lamplighter.web.loading import load_account


def load_exception(request: HttpRequest, pk: int) -> IntervalException:
    """Nobody decides readings of their own account."""
    found = (
        IntervalException.objects.filter(pk=pk)
        .select_related("channel__meter", "imported", "remark", "decided_in")
        .first()
    )
    if found is None:
        raise Http404("There is no such matter.")
    if account := Account.objects.filter(pk=found.account or 0).first():
        load_account(request, account.number, to="reads.decide")
    return found
