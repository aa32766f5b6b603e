"""A special contract: its term and approval, what it asks of every bill, and each bill held to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Contract, ContractSigning, Obligation, ObligationTest
from lamplighter.keyaccounts.operations.obligations import promise as promising
from lamplighter.keyaccounts.queries.contracts import running_as
from lamplighter.keyaccounts.queries.obligations import tests_of
from lamplighter.keyaccounts.rules import CannotKeep, least_of
from lamplighter.keyaccounts.terms import in_words
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.forms import Promise
from lamplighter.web.key.loading import PORTFOLIO
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day, due, number
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"
KEPT, SHORT = "Kept", "Short"


class Held(Table):
    """Bills beside what was promised, from `_held`."""

    until = DayColumn("Bill to")
    what = Column("What is asked")
    least = NumberColumn("Promised", places=2)
    found = NumberColumn("Came to", places=2)
    short = NumberColumn("Short by", places=2)
    state = BadgeColumn("State", tones={KEPT: Tone.GOOD, SHORT: Tone.BAD})


@needs("keyaccounts.view", "billing.view")
def contract(request: HttpRequest, code: str) -> HttpResponseBase:
    found, on = load_contract(code), visit(request).on
    actions = []
    if "keyaccounts.work" in permissions(request):
        actions = [
            Action("Negotiate anew", reverse("key:do-amend", args=[code]), key="n", primary=True),
            Action("Promise a minimum", reverse("key:do-promise-minimum", args=[code]), key="p"),
            Action("End it", reverse("key:do-end-contract", args=[code]), key="e"),
        ]
    return page(
        request, title=f"Contract {found.code}", crumbs=_crumbs(found), actions=actions,
        panels=[
            Panel("terms", "Terms", "key/facts.html", lambda: {"facts": _terms(found, on), "links": []}),
            Panel("signed", "Signed", "key/facts.html", lambda: _signed(found)),
            Panel("asked", "What it asks of every bill", "key/facts.html", lambda: _asked(found)),
            Panel("held", "Bills held to it", GRID, lambda: {"grid": grid(
                request, table=Held, rows=[_held(one) for one in tests_of(found)], caption="Bills", name="held",
                empty=Empty("No bill was held to it yet: each is, in the night after it was made."))}),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
def promise(request: HttpRequest, code: str) -> HttpResponse:
    found, now = load_contract(code), visit(request)

    def act(form: Promise) -> str:
        said = form.cleaned_data
        if said["end"] < said["start"]:
            raise CannotKeep("It ends before it begins.")
        promising(contract=found, measure=said["measure"], least=said["least"], by=actor(request), at=now.at,
                  period=Period(said["start"], said["end"] + timedelta(days=1)))  # fmt: skip
        return "It is asked of every bill from then on."

    first = {"start": max(found.period.start, now.on), "end": found.period.last_day}
    return form_panel(
        request, title=f"A minimum of {found.code}", form=lambda *args: Promise(*args, initial=first), act=act,
        submit="Promise it", back=reverse("key:contract", args=[code]), crumbs=_crumbs(found),
        done=lambda words: Done(words, refresh=["asked"]), refusals=(CannotKeep,),
    )  # fmt: skip


def load_contract(code: str) -> Contract:
    rows = Contract.objects.select_related("organisation__person", "agreement__account", "agreement__premise")
    found = rows.filter(code=code).first()
    if found is None:
        raise Http404(f"There is no contract {code}.")
    return found


def _crumbs(found: Contract) -> list[Crumb]:
    return [PORTFOLIO, Crumb(str(found.organisation), reverse("key:account", args=[found.organisation.slug]))]


def _terms(found: Contract, on: Any) -> list[Fact]:
    held = running_as(found)
    notice = [Fact("Notice by", f"{day(held.notice_on)}, {due(held.notice_on, on)}")] if held.notice_on else []
    return [
        Fact("What it is", found.name),
        Fact("Service", f"{found.agreement.premise}, account {found.agreement.account.number}"),
        Fact(
            "Term",
            f"{day(found.period.start)} to {day(found.period.last_day)}; ends {due(found.period.closed_end, on)}",
        ),
        *notice,
        Fact("Approved by", found.approval),
    ]


def _signed(found: Contract) -> Mapping[str, Any]:
    """Each version that was signed, the newest first, and the terms that hold."""
    facts = []
    for one in ContractSigning.objects.filter(contract=found).select_related("draft", "signer").order_by("-pk"):
        when = f"{one.signer.name}, {day(one.signed_on)}; counts from {day(one.since)}"
        link = Link("Its negotiation", reverse("key:negotiation", args=[one.draft.negotiation_id]))
        facts.append(Fact(f"Version {one.draft.version}", when, link))
    held = running_as(found)
    if held.terms is not None:
        facts += [Fact(label, words) for label, words in in_words(held.terms).items()]
    return {"facts": facts, "links": [], "empty": Empty("It was entered as it stood: no version was negotiated here.")}


def _asked(found: Contract) -> Mapping[str, Any]:
    facts = [
        Fact(one.get_measure_display(), f"{number(one.least, 2)} at least, {day(one.period.start)} to"
                                        f" {day(one.period.last_day)}")
        for one in Obligation.objects.filter(contract=found).order_by("measure", "period")
    ]  # fmt: skip
    return {"facts": facts, "links": [], "empty": Empty("It asks for nothing in every bill.")}


def _held(one: ObligationTest) -> dict[str, Any]:
    gone = "" if one.segment.live else " (bill cancelled)"
    return {
        "until": one.segment.period.last_day, "what": one.obligation.get_measure_display() + gone,
        "least": least_of(one.obligation.least, one.segment.period.days), "found": one.found, "short": one.short,
        "state": SHORT if one.short else KEPT,
    }  # fmt: skip
