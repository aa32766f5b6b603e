"""A service beside anonymous others: of the same business, and on the same rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.loads import Peers, intensity, peers
from lamplighter.outreach.queries.businesses import same_business
from lamplighter.outreach.queries.sites import areas
from lamplighter.web.ui.parts import Fact, Link

FLOOR = "Fewer than five other customers {who}: to keep them unknown, nothing is compared."
WHO = "Customers of the last twelve months; no figure of one is shown."


def others_shown(organisation: Organisation, chosen: Agreement, on: date) -> Mapping[str, Any]:
    facts = [*_of_business(organisation, chosen, on), *_on_rate(chosen, on), Fact("Who they are", WHO)]
    return {"facts": facts, "links": []}


def _of_business(organisation: Organisation, chosen: Agreement, on: date) -> Iterator[Fact]:
    alike = same_business(chosen.account, on=on)
    if alike is None:
        where = Link("Overview", reverse("key:account", args=[organisation.slug]))
        yield Fact("Same business", "Its business code is not known. Describe it on the overview.", where)
        return
    found = peers(chosen, on=on, among=alike.accounts) if alike.accounts else None
    dense = intensity(chosen.account_id, areas({chosen.account_id, *alike.accounts}, on=on), on=on)
    if found is None:
        yield Fact("Same business", FLOOR.format(who=f"of business code {alike.code} or near it are known"))
        return
    yield from _beside("Same business", f"of business code {alike.digits}", found)
    if dense is not None:
        yield Fact("Same business: use of the floor", f"{dense.kwh:.1f} kWh/sq ft; middle of {dense.count} others whose"
                   f" floor area is known {dense.middle:.1f} kWh/sq ft")  # fmt: skip


def _on_rate(chosen: Agreement, on: date) -> Iterator[Fact]:
    found = peers(chosen, on=on)
    if found is None:
        yield Fact("Same rate", FLOOR.format(who="are on this rate"))
        return
    yield from _beside("Same rate", "on it", found)


def _beside(label: str, who: str, found: Peers) -> Iterator[Fact]:
    middle = f"middle of {found.count} other customers {who} {found.peer_cents:.1f} ¢/kWh"
    yield Fact(f"{label}: price", f"{found.cents:.1f} ¢/kWh; {middle}")
    if found.factor and found.peer_factor:
        yield Fact(f"{label}: load factor", f"{found.factor:.0%}; theirs {found.peer_factor:.0%}")
