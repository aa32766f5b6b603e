"""Memberships of the utility, and events of the trade and the town with whom we met there and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.keyaccounts.models import Gathering, Membership, Step, Touch
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.keyaccounts.operations import relations
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key import forms
from lamplighter.web.key.acts import named, touch_in, user_of
from lamplighter.web.key.loading import load_gathering, load_organisation
from lamplighter.web.key.outreach import guests
from lamplighter.web.key.portfolio import tabs
from lamplighter.web.key.steps import steps_shown
from lamplighter.web.naming import names_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Link, Tone
from lamplighter.web.ui.wording import day, due
from lamplighter.web.visits import visit

EVENTS = Crumb("Memberships and events", "/key/events/")


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Where we are a member, and where we go."""
    may = "keyaccounts.work" in permissions(request)
    return page(
        request, title="Memberships and events", tabs=tabs("key:events"),
        actions=[
            Action("Plan an event", reverse("key:do-event"), key="e", primary=True),
            Action("Membership", reverse("key:do-membership"), key="m"),
        ] if may else [],
        panels=[
            Panel("events", "Events", "key/entries.html", lambda: _events(request)),
            Panel("memberships", "Memberships", "key/entries.html", lambda: _memberships(request), "side"),
        ],
    )  # fmt: skip


@needs("keyaccounts.view")
def gathering(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One event: who signed up and came, the leads, whom we met, and every follow-up until it is done."""
    found, on = load_gathering(slug), visit(request).on
    may = "keyaccounts.work" in permissions(request)
    steps = Step.objects.filter(touch__gathering=found).order_by("done_at", "due_on")
    steps = steps.select_related("organisation__person", "account", "person", "words", "issue", "owner")
    return page(
        request, title=found.name, crumbs=[EVENTS], meta=[day(found.day), found.place, f"For us: {found.user.name}"],
        badges=[Badge("Over") if found.day < on else Badge("Planned", Tone.INFO)],
        actions=[
            Action("Somebody met", reverse("key:do-met", args=[slug]), key="l", primary=True), *guests.actions(found),
        ] if may else [],
        panels=[
            *guests.panels(request, found),
            Panel("met", "Whom we met", "key/entries.html", lambda: _met(found)),
            Panel("steps", "Follow-ups", "key/steps.html",
                  lambda: steps_shown(request, [one for one in steps if one.done_at is None])),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
def plan(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: forms.NewGathering) -> str:
        said = form.cleaned_data
        return relations.plan_gathering(
            name=said["name"], day=said["day"], place=said["place"], user=named(said["user"]),
            host=load_organisation(said["host"]) if said["host"] else None, by=actor(request), at=now.at,
        ).slug  # fmt: skip

    return form_panel(
        request, title="Plan an event", form=lambda *args: forms.NewGathering(*args, now=now), act=act,
        back=EVENTS.url, crumbs=[EVENTS], refusals=(CannotKeep,),
        done=lambda slug: Done("It is planned.", url=reverse("key:event", args=[slug])),
    )  # fmt: skip


@needs("keyaccounts.work")
def met(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody met there, with the follow-up that was promised."""
    found, now = load_gathering(slug), visit(request)

    def act(form: forms.Met) -> str:
        of = form.cleaned_data["organisation"]
        if form.cleaned_data["step"] and not of:
            raise CannotKeep("A follow-up needs the organisation that it is for. Add it to the organisations first.")
        relations.log_touch(
            touch=touch_in(form, now, Touch.Kind.EVENT), owner=user_of(now), gathering=found,
            organisation=load_organisation(of) if of else None, by=actor(request), at=now.at,
        )  # fmt: skip
        return "Noted."

    return form_panel(
        request, title=f"Met at {found}", form=lambda *args: forms.Met(*args, now=now), act=act, submit="Keep it",
        back=reverse("key:event", args=[slug]), crumbs=[EVENTS], done=Done, refusals=(CannotKeep,),
    )  # fmt: skip


@needs("keyaccounts.work")
def membership(request: HttpRequest) -> HttpResponse:
    """We are a member, or go on being one: who stands for us, and by when it is renewed."""
    now = visit(request)

    def act(form: forms.NewMembership) -> str:
        said = form.cleaned_data
        keeping.join(
            organisation=load_organisation(said["organisation"]), user=named(said["user"]), renew_on=said["renew_on"],
            purpose=said["purpose"], on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return "Kept."

    return form_panel(
        request, title="Membership", form=lambda *args: forms.NewMembership(*args, now=now), act=act, back=EVENTS.url,
        crumbs=[EVENTS], done=Done, refusals=(CannotKeep,),
    )  # fmt: skip


def _events(request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    rows = Gathering.objects.select_related("user", "host__person").order_by("-day")[:40]
    entries = [
        Entry(one.day, Badge(due(one.day, on), Tone.INFO) if one.day >= on else Badge("Over"),
              f"{one.name}, {one.place}",
              " · ".join(filter(None, [str(one.host or ""), f"for us {one.user.name}"])),
              Link("Open", reverse("key:event", args=[one.slug])))
        for one in rows
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("No event is planned.")}


def _memberships(request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    rows = Membership.objects.filter(period__contains=on).select_related("organisation__person", "user", "purpose")
    entries = [
        Entry(one.renew_on, Badge("Late", Tone.BAD) if one.renew_on < on else Badge("Renew"), str(one.organisation),
              " · ".join(filter(None, [f"for us {one.user.name}", str(one.purpose or "")])),
              Link("Open", reverse("key:account", args=[one.organisation.slug])))
        for one in rows.order_by("renew_on")
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("The utility is a member nowhere.")}


def _met(found: Gathering) -> Mapping[str, Any]:
    rows = list(Touch.objects.filter(gathering=found).select_related("words", "organisation__person").order_by("-at"))
    names = names_of(one.by for one in rows)
    entries = [
        Entry(one.at, Badge("Met", Tone.INFO), str(one.words),
              " · ".join(filter(None, [str(one.organisation or ""), names[one.by]])))
        for one in rows
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("Nobody was noted yet.")}
