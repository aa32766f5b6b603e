"""From an address to an application, a measure or a program; an application through its account's own guard."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.rebates.models import Measure, RebateApplication, RebateProgram
from lamplighter.web.loading import load_account


def load_rebate(request: HttpRequest, number: str, *, to: str) -> RebateApplication:
    rows = RebateApplication.objects.select_related(
        "entry__measure__program", "terms", "account", "agreement__premise", "budget", "contractor", "reasons"
    )
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404(f"There is no rebate {number}.")
    load_account(request, found.account.number, to=to)
    return found


def load_measure(code: str) -> Measure:
    found = Measure.objects.select_related("program").filter(code=code).first()
    if found is None:
        raise Http404(f"There is no measure {code}.")
    return found


def load_program(code: str) -> RebateProgram:
    found = RebateProgram.objects.filter(code=code).first()
    if found is None:
        raise Http404(f"There is no program {code}.")
    return found
