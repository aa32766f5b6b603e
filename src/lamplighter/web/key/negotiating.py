"""What is done in a negotiation: begin it, put versions on the table, have one approved, sign it, or give it up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.customers.models import Person
from lamplighter.journeys.contracting import finish_contract, propose_contract, sign_contract
from lamplighter.keyaccounts.models import Negotiation, TermsDraft
from lamplighter.keyaccounts.operations.negotiating import give_up as giving_up
from lamplighter.keyaccounts.operations.negotiating import open_negotiation, put_on_the_table
from lamplighter.keyaccounts.queries.negotiations import newest_draft, people_who_sign, waiting
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.tariffs.operations import CannotAdopt
from lamplighter.web.access import actor, needs
from lamplighter.web.key import contractforms, forms
from lamplighter.web.key.contracts import load_contract
from lamplighter.web.key.loading import load_organisation
from lamplighter.web.key.negotiations import CONTRACTS, load_negotiation
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

REFUSALS = (CannotKeep, CannotAdopt, CannotDecide, CannotServe)


@needs("keyaccounts.work")
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """With a customer, about one of its services."""
    found, now = load_organisation(slug), visit(request)

    def act(form: contractforms.Begin) -> str:
        said = form.cleaned_data
        made = open_negotiation(
            code=said["code"], name=said["name"], organisation=found, by=actor(request), at=now.at,
            agreement=Agreement.objects.get(pk=said["service"]),
        )  # fmt: skip
        return str(made.pk)

    back = reverse("key:account", args=[slug])
    return form_panel(
        request, title=f"Negotiate with {found}", form=lambda *args: contractforms.Begin(*args, organisation=found),
        act=act, submit="Begin", back=back, crumbs=[Crumb(str(found), back)], refusals=REFUSALS, done=_begun,
    )  # fmt: skip


@needs("keyaccounts.work")
def amend(request: HttpRequest, code: str) -> HttpResponse:
    """A contract that runs is negotiated anew, under its own code."""
    found, now = load_contract(code), visit(request)

    def act(_form: object) -> str:
        made = open_negotiation(
            code=found.code, name=found.name, organisation=found.organisation, agreement=found.agreement, amends=found,
            by=actor(request), at=now.at,
        )  # fmt: skip
        return str(made.pk)

    back = reverse("key:contract", args=[code])
    return form_panel(
        request, title=f"Negotiate {found.code} anew", form=forms.Sure, act=act, submit="Begin", back=back,
        crumbs=[CONTRACTS, Crumb(found.code, back)], refusals=REFUSALS, done=_begun,
    )  # fmt: skip


@needs("keyaccounts.work")
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version, written from the newest."""
    found, now = load_negotiation(pk), visit(request)
    newest = newest_draft(found)
    first = {"seen": newest.version if newest else 0, "months": 60, "notice_days": 180}
    initial = first if newest is None else {**first, **contractforms.shown(newest)}

    def act(form: contractforms.Version) -> str:
        said = form.cleaned_data
        made = put_on_the_table(
            negotiation=found, alternative=said["alternative"], side=said["side"], terms=said["terms"],
            clauses=said["clauses"], words=said["words"], seen=said["seen"], by=actor(request), at=now.at,
        )  # fmt: skip
        return f"{made} is on the table."

    return _panel(request, found, "Put a version on the table",
                  lambda *args: contractforms.Version(*args, initial=initial), act, submit="Keep it")  # fmt: skip


@needs("keyaccounts.work", "billing.view")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version before a second person, with the board's decision and the year's figures."""
    found, now = load_negotiation(pk), visit(request)

    def act(form: contractforms.AskApproval) -> str:
        said = form.cleaned_data
        asked = propose_contract(
            version=_newest(found), board=said["board"], board_on=said["board_on"], on=now.on, by=actor(request),
            at=now.at, remark=said["remark"],
        )  # fmt: skip
        return f"{asked.summary}: a second person approves."

    return _panel(request, found, f"Ask for approval of {_newest(found)}", contractforms.AskApproval, act,
                  submit="Ask")  # fmt: skip


@needs("keyaccounts.work")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = load_negotiation(pk), visit(request)

    def act(_form: object) -> str:
        asked = waiting(found)
        if asked is None:
            raise CannotKeep("Nothing waits for approval any more.")
        approvals.withdraw(approval=asked, by=actor(request), at=now.at)
        return "Withdrawn."

    return _panel(request, found, "Withdraw the request", forms.Sure, act, submit="Withdraw it")


@needs("keyaccounts.work")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """From its start bills are priced with it."""
    found, now = load_negotiation(pk), visit(request)
    people = people_who_sign(found, on=now.on)

    def act(form: contractforms.Sign) -> str:
        said = form.cleaned_data
        made = sign_contract(
            version=_newest(found), signer=Person.objects.get(pk=said["signer"]), signed_on=said["signed_on"],
            on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return f"{made.contract.code} counts from {day(made.since)}."

    def form(*args: Any) -> contractforms.Sign:
        return contractforms.Sign(*args, people=people, initial={"signed_on": now.on})

    return _panel(request, found, f"Sign {_newest(found)}", form, act, submit="It is signed")


@needs("keyaccounts.work")
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = load_negotiation(pk), visit(request)

    def act(form: contractforms.GiveUp) -> str:
        giving_up(negotiation=found, why=form.cleaned_data["why"], by=actor(request), at=now.at)
        return "It is given up."

    return _panel(request, found, f"Give {found.code} up", contractforms.GiveUp, act, submit="Give it up")


@needs("keyaccounts.work")
def end(request: HttpRequest, code: str) -> HttpResponse:
    """A contract ends before its term."""
    found, now = load_contract(code), visit(request)

    def act(form: contractforms.End) -> str:
        said = form.cleaned_data
        following = said["last_day"] + timedelta(days=1)
        ended = finish_contract(contract=found, on=following, why=said["why"], by=actor(request), at=now.at)
        return f"{ended.code} ends on {day(ended.period.last_day)}."

    back = reverse("key:contract", args=[code])
    return form_panel(
        request, title=f"End {found.code}", form=contractforms.End, act=act, submit="End it", back=back,
        crumbs=[CONTRACTS, Crumb(found.code, back)], refusals=REFUSALS, done=Done,
    )  # fmt: skip


def _begun(pk: str) -> Done:
    return Done("It is begun: put the first version on the table.", url=reverse("key:negotiation", args=[int(pk)]))


def _newest(found: Negotiation) -> TermsDraft:
    newest = newest_draft(found)
    if newest is None:
        raise Http404("Nothing is on the table yet.")
    newest.negotiation = found
    return newest


def _panel(request: HttpRequest, found: Negotiation, title: str, form: Any, act: Any, *, submit: str) -> HttpResponse:
    here = reverse("key:negotiation", args=[found.pk])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, crumbs=[CONTRACTS, Crumb(found.code, here)],
        refusals=REFUSALS, done=lambda words: Done(words, url=here),
    )  # fmt: skip
