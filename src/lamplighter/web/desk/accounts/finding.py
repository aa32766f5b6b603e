"""Find an account: the palette while somebody types, and the page with every match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing import scanline
from lamplighter.billing.scanline import CannotScan, ScanLine
from lamplighter.journeys.finding import SHOWN, Hit, find
from lamplighter.policies.queries.texts import texts
from lamplighter.web.access import needs, permissions
from lamplighter.web.naming import address_of, customer_of
from lamplighter.web.ui.palette import palette_options
from lamplighter.web.ui.parts import Action, Badge, Empty, Match, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, Table, table_page
from lamplighter.web.ui.wording import short_day
from lamplighter.web.visits import visit

EVERY = 50
PREFIX = re.compile(r"^([#@]\s*|(?:m|r|so)\s+(?=[\w-]*\d))", re.IGNORECASE)
"""What people put before a number to say what it is: `#204518`, `@1418 pac`, `m 7712`, `r 20418`, `so 552`."""


class Hits(Table):
    """Accounts that match, the best first, and why they do."""

    name = Column("Customer", orderable=False)
    number = Column("Account", orderable=False)
    address = Column("Address", orderable=False)
    state = BadgeColumn("State", empty_values=(), orderable=False, tones={"Open": Tone.GOOD})
    why = Column("Found by", orderable=False)

    def value_state(self, record: Hit) -> str:
        return "Open" if record.open else "Closed"

    def render_state(self, record: Hit) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def value_why(self, record: Hit) -> str:
        return ", ".join(record.why)

    def render_why(self, record: Hit) -> str:
        return self.value_why(record) or "opened lately"

    def row_url(self, record: Hit) -> str:
        return reverse("desk:account", args=[record.number])


@needs("accounts.view")
def search(request: HttpRequest) -> HttpResponseBase:
    """Every match, or the accounts opened last. One match opens at once when asked (`open=1`: a screen pop)."""
    text = request.GET.get("q", "").strip()
    hits = find(PREFIX.sub("", text), limit=EVERY) if text else recent(request)
    if text and len(hits) == 1 and request.GET.get("open") == "1":
        return redirect("desk:account", number=hits[0].number)
    if text:
        empty = Empty(f"Nobody matches “{text}”. Try part of the name, the street, or the last digits of a number.")
    else:
        empty = Empty("Type above to find somebody. The accounts that you opened last will stand here.")
    return table_page(
        request, title="Find an account", table=Hits, rows=hits, empty=empty, template="desk/accounts/search.html",
        text=text, found=len(hits) if text else None, per_page=EVERY, actions=_acts(request),
    )  # fmt: skip


def _acts(request: HttpRequest) -> list[Action]:
    acts = (
        ("service.start", Action("New customer", reverse("desk:do-open"), key="s", primary=True)),
        ("premises.change", Action("Add a premise", reverse("desk:do-add-premise"), key="n")),
    )
    return [act for permission, act in acts if permission in permissions(request)]


@needs("accounts.view")
def palette(request: HttpRequest) -> HttpResponse:
    """What the palette shows while somebody types; a scanned stub leads straight to its payment."""
    text = request.GET.get("q", "").strip()
    if not text:
        return palette_options(request, [_match(hit) for hit in recent(request)], heading="Opened last")
    if text.startswith("?"):
        return palette_options(request, _how_to(text[1:].strip(), request), heading="How it is done here")
    scanned = _scanned(text)
    if scanned is not None:
        return palette_options(request, _stub(request, scanned))
    hits = find(PREFIX.sub("", text))
    more = f"{reverse('desk:accounts')}?{urlencode({'q': text})}" if len(hits) == SHOWN else ""
    return palette_options(request, [_match(hit) for hit in hits], more=more)


def _how_to(words: str, request: HttpRequest) -> list[Match]:
    """Articles and policies in force that hold the words, the best first; all of them by title where none was typed."""
    return [
        Match(one.text.title, reverse("desk:text", args=[one.text.slug]), str(one.text.get_kind_display()), one.found)
        for one in texts(on=visit(request).on, words=words, adopted=True, most=SHOWN)
    ]


def recent(request: HttpRequest) -> list[Hit]:
    """The accounts that this person opened last, newest first; one query."""
    numbers: list[str] = request.session.get("recent", [])
    return _hits(numbers)


def remember(request: HttpRequest, number: str) -> None:
    """Put an account on top of those opened last."""
    before: list[str] = request.session.get("recent", [])
    now = [number, *(other for other in before if other != number)][:SHOWN]
    if now != before:
        request.session["recent"] = now


def _hits(numbers: Sequence[str]) -> list[Hit]:
    if not numbers:
        return []
    rows = Account.objects.filter(number__in=numbers).annotate(name=customer_of("pk"), address=address_of("pk"))
    known = {row.number: Hit(row.number, row.name, row.address, row.closed_on is None, ()) for row in rows}
    return [known[number] for number in numbers if number in known]


def _match(hit: Hit) -> Match:
    return Match(
        label=hit.name, url=reverse("desk:account", args=[hit.number]), detail=f"{hit.address} · {hit.number}",
        why=", ".join(hit.why), state=None if hit.open else Badge("Closed", Tone.PLAIN),
    )  # fmt: skip


def _scanned(text: str) -> ScanLine | None:
    try:
        return scanline.parse(text)
    except CannotScan:
        return None


def _stub(request: HttpRequest, stub: ScanLine) -> list[Match]:
    """The account of a stub, with its payment panel open where this person may take payments."""
    act = "#key-p" if "payments.take" in permissions(request) else ""
    return [
        Match(
            label=hit.name, url=f"{reverse('desk:account', args=[hit.number])}{act}",
            detail=f"{hit.address} · {hit.number}", why=f"stub: {stub.amount} due {short_day(stub.due_on)}",
        )
        for hit in _hits([stub.account])
    ]  # fmt: skip
