"""From a URL to a bill of the account that it names."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.billing.models import Bill
from lamplighter.web.loading import load_account


def load_bill(request: HttpRequest, number: str, bill: str) -> Bill:
    account = load_account(request, number, to="billing.view")
    found = Bill.objects.filter(account=account, number=bill).select_related("account").first()
    if found is None:
        raise Http404(f"Account {number} has no bill {bill}.")
    return found
