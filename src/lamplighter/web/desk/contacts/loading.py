"""From an address to a contact."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.cases.models import Contact
from lamplighter.web.access import require
from lamplighter.web.loading import load_account


def load_contact(request: HttpRequest, pk: int, *, to: str = "contacts.work") -> Contact:
    """The contact with this number, for somebody who may do `to` and does not stand on its account themselves."""
    require(request, to)
    found = Contact.objects.filter(pk=pk).select_related("account", "person", "remark", "message__opens").first()
    if found is None:
        raise Http404(f"There is no contact C-{pk}.")
    if found.account is not None:
        load_account(request, found.account.number, to=to)
    return found
