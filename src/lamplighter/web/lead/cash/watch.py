"""What looks odd at the counter: a list for the supervisor, each line with its reason and a way to look at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.payments.cash.watching import KINDS, Suspicion, suspicions
from lamplighter.web.access import needs
from lamplighter.web.asked import day_asked
from lamplighter.web.lead.cash.views import CASH
from lamplighter.web.naming import names_of
from lamplighter.web.ui.parts import Empty
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, Table, table_page
from lamplighter.web.visits import visit

DAYS = 30


class Odd(Table):
    """Findings, the newest first."""

    what = Column("What", orderable=False)
    on = DayColumn("Day", orderable=False)
    who = Column("Who", orderable=False)
    words = Column("Why", orderable=False)
    amount = MoneyColumn("Amount", orderable=False)

    def row_url(self, record: Any) -> str:
        return str(record["url"])


@needs("cash.verify")
def watch(request: HttpRequest) -> HttpResponseBase:
    """The last thirty days, or from `?since=`. Nothing here proves anything: a person looks."""
    until = visit(request).on
    since = day_asked(request, "since") or until - timedelta(days=DAYS)
    found = suspicions(since=since, until=until)
    names = names_of(Actor.parse(one.who) for one in found)
    numbers = dict(Account.objects.filter(pk__in=_accounts(found)).values_list("pk", "number"))
    rows = [
        {"what": KINDS[one.kind], "on": one.on, "who": names[Actor.parse(one.who)], "words": one.words,
         "amount": one.amount, "url": _url(one, numbers)}
        for one in found
    ]  # fmt: skip
    return table_page(
        request, title="What looks odd", table=Odd, rows=rows, crumbs=[CASH],
        empty=Empty(f"Nothing looks odd since {since:%b %-d}.", good=True),
    )  # fmt: skip


def _accounts(found: list[Suspicion]) -> list[int]:
    return [int(key) for kind, _, key in (one.subject.partition(":") for one in found) if kind == "account"]


def _url(one: Suspicion, numbers: dict[int, str]) -> str:
    kind, _, key = one.subject.partition(":")
    match kind:
        case "payment":
            return reverse("desk:receipt", args=[key])
        case "control":
            return reverse("lead:tape", args=[key])
        case "account":
            return reverse("desk:account", args=[numbers[int(key)]])
    return ""
