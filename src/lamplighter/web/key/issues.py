"""An issue with the whole history of its account: take it, promise again, note what was said, close it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.keyaccounts.models import Issue
from lamplighter.keyaccounts.operations import relations
from lamplighter.keyaccounts.queries.history import history
from lamplighter.keyaccounts.queries.portfolio import organisation_of
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.queries.events import events_about
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.happenings import QUIET
from lamplighter.web.desk.happenings import entries as worded
from lamplighter.web.key import complaints, forms
from lamplighter.web.key.accounts import told
from lamplighter.web.key.acts import touch_in, user_of
from lamplighter.web.key.loading import TODAY, load_issue
from lamplighter.web.loading import load_account
from lamplighter.web.naming import name_of, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Link, Tone
from lamplighter.web.ui.wording import day, due, moment
from lamplighter.web.visits import visit

HISTORY = 60


@needs("keyaccounts.view")
def issue(request: HttpRequest, number: str) -> HttpResponseBase:
    """What it is about, who promised what until when, and all that happened on the account before."""
    found, on = load_issue(request, number, to="keyaccounts.view"), visit(request).on
    late = found.closed_at is None and found.promised_on < on
    state = (
        Badge("Closed", Tone.GOOD)
        if found.closed_at
        else Badge("Past its promise", Tone.BAD)
        if late
        else Badge("Open", Tone.WATCH)
    )
    panels = [
        Panel("about", "What must be settled", "key/facts.html", lambda: _about(found, request)),
        Panel("done", "What was said and done about it", "key/entries.html",
              lambda: told(history(of=[found]))),
        Panel("complaint", "Looked into", "key/facts.html", lambda: complaints.panel_of(found)),
    ]  # fmt: skip
    if found.account is not None:
        panels.append(Panel("history", f"All that happened on account {found.account.number}", "key/entries.html",
                            lambda: _history(found, request)))  # fmt: skip
    return page(
        request, title=found.get_about_display(), number=f"Issue {found.number}", crumbs=[TODAY], badges=[state],
        meta=[f"Owner: {found.owner.name}" if found.owner else "Nobody has taken it"], actions=_actions(request, found),
        panels=panels,
    )  # fmt: skip


@needs("keyaccounts.work")
def take(request: HttpRequest, number: str) -> HttpResponse:
    found, now = load_issue(request, number, to="keyaccounts.work"), visit(request)

    def act(_form: object) -> str:
        relations.take_issue(issue=found, owner=user_of(now), by=actor(request), at=now.at)
        return "It is yours."

    return _panel(request, found, "Take it", forms.Sure, act, submit="Take it")


@needs("keyaccounts.work")
def note(request: HttpRequest, number: str) -> HttpResponse:
    """A contact about it, with the next step."""
    found, now = load_issue(request, number, to="keyaccounts.work"), visit(request)

    def act(form: forms.Log) -> str:
        relations.log_touch(touch=touch_in(form, now), owner=user_of(now), organisation=found.organisation,
                            account=found.account, issue=found, by=actor(request), at=now.at)  # fmt: skip
        return "Noted."

    return _panel(request, found, "Log a contact", lambda *a: forms.Log(*a, organisation=None, now=now), act)


@needs("keyaccounts.work")
def promise(request: HttpRequest, number: str) -> HttpResponse:
    found, now = load_issue(request, number, to="keyaccounts.work"), visit(request)

    def act(form: forms.PromiseAgain) -> str:
        said = form.cleaned_data
        relations.promise_again(issue=found, promised_on=said["promised_on"], why=said["why"], on=now.on,
                                by=actor(request), at=now.at)  # fmt: skip
        return f"Promised for {day(said['promised_on'])}."

    return _panel(request, found, "Promise another day", forms.PromiseAgain, act)


@needs("keyaccounts.work")
def close(request: HttpRequest, number: str) -> HttpResponse:
    found, now = load_issue(request, number, to="keyaccounts.work"), visit(request)

    def act(form: forms.Close) -> str:
        said = form.cleaned_data
        relations.close_issue(issue=found, outcome=said["outcome"], words=said["words"], by=actor(request), at=now.at)
        return "Closed."

    return _panel(request, found, "Close it", forms.Close, act, submit="Close it")


@needs("notes.write")
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """From the desk: an account manager takes over, and the account's history goes along."""
    account, now = load_account(request, number, to="notes.write"), visit(request)
    here = reverse("desk:account", args=[number])

    def act(form: forms.HandOver) -> str:
        said = form.cleaned_data
        made = relations.open_issue(
            about=said["about"], words=said["words"], promised_on=said["promised_on"], owner=None, handed_over=True,
            account=account, organisation=organisation_of(account), on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return f"Issue {made.number} waits for an account manager. Tell the customer: by {day(said['promised_on'])}."

    return form_panel(
        request, title="Hand to an account manager", form=lambda *args: forms.HandOver(*args, now=now), act=act,
        submit="Hand it over", back=here, crumbs=[Crumb(f"Account {number}", here)], done=Done, refusals=(CannotKeep,),
    )  # fmt: skip


def _panel(
    request: HttpRequest, found: Issue, title: str, form: Any, act: Any, *, submit: str = "Save"
) -> HttpResponse:
    here = reverse("key:issue", args=[found.number])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, done=Done, refusals=(CannotKeep,),
        crumbs=[TODAY, Crumb(f"Issue {found.number}", here)],
    )  # fmt: skip


def _actions(request: HttpRequest, found: Issue) -> list[Action]:
    if found.closed_at is not None or "keyaccounts.work" not in permissions(request):
        return []
    mine, number = found.owner == visit(request).user, [found.number]
    acts = [
        Action("Log a contact", reverse("key:do-note", args=number), key="l", primary=mine),
        Action("Another day", reverse("key:do-promise", args=number), key="d"),
        Action("Close", reverse("key:do-close", args=number), key="e"),
    ]
    acts += complaints.actions(request, found)
    return acts if mine else [Action("Take it", reverse("key:do-take", args=number), key="t", primary=True), *acts]


def _about(found: Issue, request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    facts = [Fact("What", str(found.words))]
    if found.organisation is not None:
        url = reverse("key:account", args=[found.organisation.slug])
        facts.append(Fact("Organisation", str(found.organisation), Link("Open", url)))
    if found.account is not None and "accounts.view" in permissions(request):
        url = reverse("desk:account", args=[found.account.number])
        facts.append(Fact("Account", found.account.number, Link("Open", url)))
    if found.handed_by is not None:
        facts.append(Fact("Handed over by", f"{name_of(found.handed_by)}, {moment(found.opened_at, on)}"))
    facts.append(
        Fact(
            "Promised for",
            f"{day(found.promised_on)}, {due(found.promised_on, on)}"
            if not found.closed_at
            else day(found.promised_on),
        )
    )
    if found.first_promised_on != found.promised_on:
        facts.append(Fact("First promised for", day(found.first_promised_on)))
    if found.closed_at is not None:
        in_time = "in time" if found.closed_at.date() <= found.first_promised_on else "after the first promise"
        facts += [Fact("Outcome", f"{found.get_outcome_display()}, {in_time}"), Fact("Answer", str(found.closing))]
    return {"facts": facts, "links": []}


def _history(found: Issue, request: HttpRequest) -> Mapping[str, Any]:
    assert found.account is not None
    events = events_about(account=found.account_id).exclude(name__in=QUIET).annotate(actor_name=named("actor"))
    shown = worded(list(events[:HISTORY]), lambda _event: "", visit(request))
    return {"entries": shown, "empty": Empty("Nothing happened on it yet.")}
