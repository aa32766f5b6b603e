"""A fund beside an account: what it was granted, what it gives, and the ways to more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.programs.models import AssistanceFund, Grant
from lamplighter.programs.queries.funds import gift_of
from lamplighter.programs.rules.giving import Way
from lamplighter.web.access import permissions
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.ui.wording import short_day
from lamplighter.web.visits import visit

LAST = 4


def funds_beside(account: Account, request: HttpRequest) -> Mapping[str, Any]:
    """Each fund with what the account was granted lately, and what it gives."""
    may = "programs.apply" in permissions(request)
    facts: list[Fact] = []
    grants = Grant.objects.filter(account=account).select_related("fund").order_by("-pk")
    for one in grants[:LAST]:
        what = f"{one.amount} of {one.fund.name}: {_stands(one)}"
        facts.append(Fact(f"Grant, {short_day(one.asked_on, visit(request).on)}", what,
                          Link("Open", reverse("desk:grant", args=[one.number]))))  # fmt: skip
    gift = gift_of(account)
    if gift is not None:
        says = Way(gift.way).label + (f", {gift.amount}" if gift.amount else "")
        stop = Link("Stop", reverse("desk:do-stop-gift", args=[account.number]), panel=True) if may else None
        facts.append(Fact(f"Gives to {gift.fund.name}", says, stop))
    for fund in AssistanceFund.objects.order_by("name") if may else ():
        ask = Link("Ask for a grant", reverse("desk:do-grant", args=[account.number, fund.key]), panel=True)
        give = Link("Give", reverse("desk:do-gift", args=[account.number, fund.key]), panel=True)
        facts += [Fact(fund.name, "Helps with a bill", ask), Fact(fund.name, "Gifts of customers", give)]
    return {"facts": facts}


def _stands(grant: Grant) -> str:
    state = str(grant.get_state_display()).lower()
    return f"{state} for {grant.waits_for}" if grant.waits_for else state
