"""From an address to an order."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.fieldwork.models import Order
from lamplighter.web.access import require
from lamplighter.web.loading import load_account


def load_order(request: HttpRequest, number: str, *, to: str) -> Order:
    """The order with this number, for somebody who may do `to` and does not stand on its account themselves."""
    require(request, to)
    found = (
        Order.objects.filter(number=number)
        .select_related("premise", "point", "meter", "account", "instructions")
        .prefetch_related("tasks")
        .first()
    )
    if found is None:
        raise Http404(f"There is no order {number}.")
    if found.account is not None:
        load_account(request, found.account.number, to=to)
    return found
