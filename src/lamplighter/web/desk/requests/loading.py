"""From an address to a request: those who speak with customers, and those who are asked, may see it."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.cases.departments import DEPARTMENTS
from lamplighter.cases.models import Request
from lamplighter.web.access import permissions, refuse
from lamplighter.web.loading import load_account


def load_request(request: HttpRequest, pk: int) -> Request:
    found = Request.objects.filter(pk=pk).select_related("account").first()
    if found is None:
        raise Http404(f"There is no request Q-{pk}.")
    may = permissions(request)
    if "contacts.work" not in may and DEPARTMENTS[found.department].permission not in may:
        refuse("contacts.work", "This request is for another department.")
    if found.account is not None and "accounts.view" in may:
        load_account(request, found.account.number, to="accounts.view")
    return found
