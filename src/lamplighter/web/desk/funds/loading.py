"""From a URL to a fund, or to a grant through the account's own guard."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.programs.models import AssistanceFund, Grant
from lamplighter.web.loading import load_account


def load_fund(key: str) -> AssistanceFund:
    found = AssistanceFund.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such fund.")
    return found


def load_grant(request: HttpRequest, number: str, *, to: str) -> Grant:
    found = Grant.objects.select_related("fund", "account", "paper").filter(number=number).first()
    if found is None:
        raise Http404(f"There is no grant {number}.")
    load_account(request, found.account.number, to=to)
    return found
