"""All rebates, those of an account with what it may have, and the page of one from the asking to its money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.platform.queries.events import events_about
from lamplighter.platform.queries.files import path_of
from lamplighter.rebates.models import RebateApplication
from lamplighter.rebates.queries.standing import due_of, is_asked, missing_papers, rebates, whom
from lamplighter.rebates.rules.qualifying import Way
from lamplighter.rebates.rules.stages import HOLDS, LIVE, Party, State
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.desk.happenings import entries
from lamplighter.web.desk.rebates.loading import load_rebate
from lamplighter.web.desk.rebates.showing import asked_shown, offers_shown, savings_facts, units
from lamplighter.web.desk.rebates.tables import STATES, ByState, Rebates
from lamplighter.web.desk.rebates.tabs import REBATES, tabs
from lamplighter.web.loading import note_access
from lamplighter.web.naming import customer_of, name_of, named
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Empty, Fact, Level, Link
from lamplighter.web.ui.tables import table_page
from lamplighter.web.ui.wording import day, due, moment
from lamplighter.web.visits import visit

GRID, FACTS = "ui/tables/grid.html", "desk/programs/papers.html"


@needs("rebates.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every application, and whom each waits for."""
    return table_page(
        request, title="Rebates", table=Rebates, rows=rebates().annotate(customer=customer_of("account")),
        filters=ByState, tabs=tabs(request),
        empty=Empty("No rebate was asked for yet. Applications are taken from the account's page."),
    )  # fmt: skip


@needs("accounts.view", "rebates.view")
def of_account(request: HttpRequest, number: str) -> HttpResponseBase:
    """What an account asked for, and what it may have."""
    known = known_account(request, number)
    return page(request, **heading(request, known, "desk:account-programs"), panels=[
        Panel("rebates", "Rebates asked for", GRID, lambda: asked_shown(request, [known.account.pk])),
        Panel("offers", "Rebates that it may have today", GRID, lambda: offers_shown(request, known.account)),
    ])  # fmt: skip


@needs("accounts.view", "rebates.view")
def rebate(request: HttpRequest, number: str) -> HttpResponseBase:
    """One application: where it stands and for whom it waits, the money, the papers, what it saves."""
    found = load_rebate(request, number, to="rebates.view")
    asked = is_asked(found)
    note_access(request, found.subject, "rebates.view")
    return page(
        request, title=f"{found.entry.measure.name}: rebate", number=found.number, crumbs=[REBATES],
        badges=[Badge(found.stage.label, STATES.get(found.stage.label) or Badge("").tone)],
        meta=[str(found.agreement.premise), f"Account {found.account.number}",
              f"Asked for {day(found.received_on, visit(request).on)}"],
        alerts=_standing(found, request, asked=asked), actions=_actions(found, request, asked=asked),
        panels=[
            Panel("asked", "What it is for", FACTS, lambda: {"facts": _asked(found)}),
            Panel("papers", "Papers", FACTS, lambda: _papers(found, request)),
            Panel("savings", "What it saves", FACTS, lambda: {
                "facts": savings_facts(found), "empty": Empty("Told once the work is done and checked.")}),
            Panel("happened", "What happened", "desk/programs/past.html", lambda: _happened(found, request)),
            Panel("money", "Money", FACTS, lambda: {"facts": _money(found)}, "side"),
            Panel("control", "Sample and inspection", FACTS, lambda: _control(found), "side"),
        ],
    )  # fmt: skip


@needs("accounts.view", "rebates.view")
def paper(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """One paper, as it was sent."""
    found = load_rebate(request, number, to="rebates.view")
    shown = found.papers.filter(file=key).select_related("file").first()
    if shown is None or not path_of(shown.file_id).exists():
        raise Http404("There is no such paper.")
    note_access(request, found.subject, "rebates.view")
    response = FileResponse(path_of(shown.file_id).open("rb"), content_type=shown.file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _standing(found: RebateApplication, request: HttpRequest, *, asked: bool) -> list[Alert]:
    """Who is to do what, and until when."""
    party, on = whom(found, asked=asked), visit(request).on
    match found.stage:
        case State.RESERVED if found.done_by:
            lacking = ", ".join(kind.said for kind in missing_papers(found))
            until = f"{found.amount} is reserved until {day(found.done_by, on)} ({due(found.done_by, on)})."
            text = f"{until} Still to be brought: {lacking or 'nothing'}."
            return [Alert(Level.KNOW, "Waits for the customer", text)]
        case State.QUEUED:
            left = found.budget.left if found.budget else "nothing: no budget is set"
            text = f"It needs {found.amount}; the budget has {left}. It is reserved as soon as others leave enough."
            return [Alert(Level.WATCH, "Waits for money", text)]
        case State.DENIED:
            return [Alert(Level.STOP, "Denied", str(found.reasons))]
        case stage if stage in LIVE:
            words = f"To do: {stage.next}." if party is not Party.SECOND else "Approve or refuse it under Approvals."
            return [Alert(Level.KNOW, f"Waits for {party}", words)]
    return []


def _actions(found: RebateApplication, request: HttpRequest, *, asked: bool) -> list[Action]:
    may, stage, number = permissions(request), found.stage, [found.number]

    def act(label: str, name: str, key: str = "", *, primary: bool = False) -> Action:
        return Action(label, reverse(f"desk:do-rebate-{name}", args=number), key=key, primary=primary)

    possible = [
        (stage in {State.QUEUED, State.RESERVED}, "rebates.apply", act("Add papers", "papers", "a")),
        (stage is State.RESERVED, "rebates.apply", act("The work is done", "done", "d", primary=True)),
        (stage is State.REVIEW, "rebates.work", act("Check the papers", "review", "c", primary=True)),
        (stage is State.INSPECTION, "rebates.work", act("Inspected", "inspect", "i", primary=True)),
        (stage is State.MEASURING, "rebates.work", act("Measure it", "measure", "m", primary=True)),
        (stage is State.READY and not asked, "rebates.work", act("Pay it", "pay", "p", primary=True)),
        (stage is State.PAID and not asked, "rebates.work", act("Claw back", "claw", "b")),
        (stage in LIVE and not asked, "rebates.work", act("Deny", "deny")),
        (stage in LIVE and not asked, "rebates.apply", act("Withdraw", "withdraw")),
    ]
    return [one for now, permission, one in possible if now and permission in may]


def _asked(found: RebateApplication) -> list[Fact]:
    facts = [
        Fact("Measure", f"{found.entry.measure.name}, {found.entry.measure.program.name}"),
        Fact("Asked for", f"{units(found.quantity, found.entry)}, cost {found.cost}"),
    ]
    if found.installed_on and found.cost_done is not None:
        done = f"{units(found.quantity_done, found.entry)}, cost {found.cost_done}, {day(found.installed_on)}"
        facts.append(Fact("Installed", done))
    facts += [
        Fact("From others", f"{row.amount}: {row.incentive.giver}, {row.incentive.name}")
        for row in found.incentives.select_related("incentive").order_by("pk")
    ]
    facts += [
        Fact("By the manual", f"{found.entry.version}, {found.entry.citation}"),
        Fact("Taken by", name_of(found.received_by)),
    ]
    return facts


def _papers(found: RebateApplication, request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    facts = [
        Fact(str(row.get_kind_display()), f"{row.file.name}, {moment(row.received_at, on)}",
             Link("Open", reverse("desk:rebate-paper", args=[found.number, row.file_id])))
        for row in found.papers.select_related("file").order_by("pk")
    ]  # fmt: skip
    if found.stage in LIVE:
        facts += [Fact(kind.label, "Still to be brought") for kind in missing_papers(found)]
    return {"facts": facts, "empty": Empty("Nothing was brought.")}


def _money(found: RebateApplication) -> list[Fact]:
    facts = [Fact("Paid by", f"{Way(found.way).label}{f', {found.contractor.name}' if found.contractor else ''}")]
    if found.stage in HOLDS:
        worked = due_of(found)
        facts += [Fact("Reserved", found.amount), Fact("Comes to", worked.amount)]
        facts += [Fact("Because", says) for says in worked.says]
    if hasattr(found, "payment"):
        payment = found.payment
        facts.append(Fact("Paid", f"{payment.amount} on {day(payment.on)} by {name_of(payment.by)}"))
        facts.append(Fact("Kept until", f"{found.terms.keep_months} months from then, or it is asked back in part"))
        if payment.refund_id:
            facts.append(Fact("Check", str(payment.refund)))
        if hasattr(payment, "clawback"):
            back = payment.clawback
            facts.append(Fact("Clawed back", f"{back.amount} on {day(back.on)}: {back.words}"))
    if found.budget:
        facts.append(Fact("Budget of the year", f"{found.budget.left} of {found.budget.amount} is left"))
    return facts


def _control(found: RebateApplication) -> Mapping[str, Any]:
    facts = [Fact("Sample", found.lot)] if found.lot else []
    if found.reviewed_by:
        facts.append(Fact("Papers checked by", name_of(found.reviewed_by)))
    if hasattr(found, "inspection"):
        seen = found.inspection
        facts += [
            Fact("Found", f"{units(seen.found, found.entry)} of {units(seen.told, found.entry)}"),
            Fact("Inspected", f"{day(seen.on)} by {name_of(seen.by)}: {seen.words}"),
        ]
    return {"facts": facts, "empty": Empty("It is drawn, or not, when its papers are checked.")}


def _happened(found: RebateApplication, request: HttpRequest) -> Mapping[str, Any]:
    events = events_about(subject=found.subject).exclude(name__startswith="platform.access")
    shown = entries(list(events.annotate(actor_name=named("actor"))[:60]), lambda _event: "", visit(request))
    return {"entries": shown, "empty": Empty("Nothing happened yet.")}
