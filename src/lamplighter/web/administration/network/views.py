"""The head-ends, the form that sets one up, and the try whether it answers. No password goes through a browser: both
sides' stand in the environment of the server."""

from __future__ import annotations

import os
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.formats.network.messages import Login
from lamplighter.journeys.commanding import try_connection
from lamplighter.network.models import HeadEnd
from lamplighter.network.operations.heads import CannotDefine, HeadEndIn, define_head_end
from lamplighter.network.transport import post
from lamplighter.network.types import Protocol
from lamplighter.web.access import actor, needs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Fact, Level
from lamplighter.web.ui.tables import Column, Table, table_page
from lamplighter.web.visits import visit

TITLE = "Head-ends"


class HeadEnds(Table):
    name = Column("Head-end")
    vendor = Column("Vendor")
    protocol = Column("Speaks", accessor="get_protocol_display", order_by="protocol")
    makers = Column("Meters of", orderable=False)
    url = Column("Address")
    active = Column("In use")

    def value_makers(self, value: list[str]) -> str:
        return ", ".join(value) or "all other makers"

    def render_makers(self, value: list[str]) -> str:
        return self.value_makers(value)

    def value_active(self, value: bool) -> str:  # noqa: FBT001 - a column's value
        return "Yes" if value else "No"

    def render_active(self, value: bool) -> str:  # noqa: FBT001 - a column's value
        return self.value_active(value)

    def row_url(self, record: HeadEnd) -> str:
        return reverse("admin-desk:head-end", args=[record.key])


class Define(Once, Form):
    key = forms.SlugField(label="Short name", max_length=20, help_text="Small letters, digits and dashes. It stays.")
    name = forms.CharField(label="Name", max_length=60)
    vendor = forms.CharField(label="Vendor", max_length=60)
    protocol = forms.ChoiceField(label="Speaks", choices=[(one.value, one.label) for one in Protocol])
    url = forms.URLField(label="Its address", assume_scheme="https", help_text="Commands are posted there.")
    reply_url = forms.URLField(label="Our address", assume_scheme="https", help_text="It calls us there.")
    zone = forms.CharField(label="Time zone of what it tells", max_length=40, help_text="Such as America/Los_Angeles.")
    makers = forms.CharField(label="Meters of these makers", max_length=200, required=False,
                             help_text="By commas. Empty: all that no other head-end reaches.")  # fmt: skip
    user = forms.CharField(label="Our login there", max_length=40)
    their_user = forms.CharField(label="Its login here", max_length=40)
    active = forms.BooleanField(label="In use", required=False, initial=True)

    def __init__(self, *args: Any, found: HeadEnd | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if found is not None:
            self.fields["key"].disabled = True


@needs("system.configure")
def listed(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title=TITLE, table=HeadEnds, rows=HeadEnd.objects.order_by("name"),
        crumbs=[Crumb("Interfaces", reverse("desk:interfaces"))],
        empty=Empty("No head-end is set up: no meter is reached over the network."),
        actions=[Action("Add a head-end", reverse("admin-desk:do-add-head-end"), key="a", primary=True)],
    )  # fmt: skip


@needs("system.configure")
def shown(request: HttpRequest, key: str) -> HttpResponseBase:
    found = _load(key)
    return page(
        request, title=found.name, crumbs=[Crumb(TITLE, reverse("admin-desk:head-ends"))],
        actions=[Action("Change", reverse("admin-desk:do-change-head-end", args=[key]), key="c", primary=True)],
        panels=[
            Panel("about", "How it is reached", "desk/accounts/facts.html", lambda: {"facts": _facts(found)}),
            Panel("try", "Does it answer?", "administration/network/try.html",
                  lambda: {"url": reverse("admin-desk:do-try-head-end", args=[key])}, place="side"),
        ],
    )  # fmt: skip


@needs("system.configure")
def define(request: HttpRequest, key: str = "") -> HttpResponse:
    """A new one, or one as it is from now on."""
    found = _load(key) if key else None
    here = reverse("admin-desk:head-ends")

    def form(*args: Any) -> Define:
        return Define(*args, found=found, initial=_initial(found))

    def act(form: Define) -> str:
        said = form.cleaned_data
        if found is None and HeadEnd.objects.filter(key=said["key"]).exists():
            raise CannotDefine(f"There is a head-end {said['key']} already.")
        made = define_head_end(head_end=_said(said, found), by=actor(request), at=visit(request).at)
        return made.name

    return form_panel(
        request, title=f"Change {found.name}" if found else "Add a head-end", form=form, act=act, submit="Save it",
        back=here, crumbs=[Crumb(TITLE, here)], done=lambda name: Done(f"{name} is set up. Try whether it answers.",
        url=here), refusals=(CannotDefine,), alerts=[_where(found.key if found else "")],
    )  # fmt: skip


@needs("system.configure")
@require_POST
def attempt(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a meter that nobody has: whoever answers is there, and says what it thinks of the login."""
    found = _load(key)
    answered, words = try_connection(head_end=found, post=post, by=actor(request), at=visit(request).at)
    (messages.success if answered else messages.error)(request, words)
    return HttpResponseRedirect(reverse("admin-desk:head-end", args=[key]), status=303)


def passwords(key: str) -> tuple[str, str]:
    """The variables of the environment that hold our password there and its password here."""
    name = key.upper().replace("-", "_") or "KEY"
    return f"LAMPLIGHTER_HEADEND_{name}_OURS", f"LAMPLIGHTER_HEADEND_{name}_THEIRS"


def _said(said: dict[str, Any], found: HeadEnd | None) -> HeadEndIn:
    ours, theirs = (os.environ.get(name, "") for name in passwords(said["key"]))
    for name, value in zip(passwords(said["key"]), (ours, theirs), strict=True):
        if not value:
            raise CannotDefine(f"{name} is not set in the environment of the server. Set it, and save again.")
    return HeadEndIn(
        key=said["key"], name=said["name"], vendor=said["vendor"], protocol=Protocol(said["protocol"]),
        url=said["url"], reply_url=said["reply_url"], zone=said["zone"], ours=Login(said["user"], ours),
        theirs=Login(said["their_user"], theirs), codes=found.codes if found else {}, active=said["active"],
        makers=[maker.strip() for maker in said["makers"].split(",") if maker.strip()],
    )  # fmt: skip


def _initial(found: HeadEnd | None) -> dict[str, Any]:
    if found is None:
        return {}
    names = ("key", "name", "vendor", "protocol", "url", "reply_url", "zone", "user", "their_user", "active")
    return {name: getattr(found, name) for name in names} | {"makers": ", ".join(found.makers)}


def _facts(found: HeadEnd) -> list[Fact]:
    return [
        Fact("Vendor", found.vendor), Fact("Speaks", Protocol(found.protocol).label), Fact("Its address", found.url),
        Fact("Our address", found.reply_url), Fact("Files of readings", f"{found.reply_url}files/NAME"),
        Fact("Time zone", found.zone), Fact("Meters of", ", ".join(found.makers) or "all other makers"),
        Fact("Our login there", found.user), Fact("Its login here", found.their_user),
        Fact("Passwords", " and ".join(passwords(found.key))), Fact("In use", "yes" if found.active else "no"),
    ]  # fmt: skip


def _where(key: str) -> Alert:
    ours, theirs = passwords(key)
    return Alert(Level.KNOW, "Passwords stand in the environment", f"Ours in {ours}, its in {theirs}.")


def _load(key: str) -> HeadEnd:
    found = HeadEnd.objects.filter(key=key).first()
    if found is None:
        raise Http404(f"There is no head-end {key}.")
    return found
