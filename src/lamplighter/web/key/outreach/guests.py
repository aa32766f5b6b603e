"""Who signed up for an event, who came, and the sheet that makes contacts without duplicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.customers.rules import CannotRecord
from lamplighter.keyaccounts.models import Gathering
from lamplighter.outreach.models import Lead, SignUp
from lamplighter.outreach.operations import signing_up
from lamplighter.outreach.operations.signing_up import Guest
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.web.access import actor, needs
from lamplighter.web.key.loading import load_gathering
from lamplighter.web.key.outreach import forms, lists
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import Column, Grid, MomentColumn, Table, grid
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"
REFUSALS = (CannotReach, CannotRecord)


class Places(Table):
    """Places at an event."""

    who = Column("Who", accessor="person__name", order_by="person__sort_name")
    of = Column("Of", empty_values=(), orderable=False)
    signed_at = MomentColumn("Signed up")
    attended_at = MomentColumn("Came", default="")

    def render_of(self, record: Any) -> str:
        return str(record.organisation or record.of)

    def value_of(self, record: Any) -> str:
        return self.render_of(record)


class EventLeads(Table):
    who = Column("Who", accessor="person__name", order_by="person__sort_name")
    topic = Column("About", accessor="get_topic_display", order_by="topic")
    state = Column("State", accessor="get_outcome_display", empty_values=(), order_by="outcome")

    def render_state(self, value: Any) -> str:
        return str(value) or "Open"

    def row_url(self, record: Any) -> str:
        return reverse("key:lead", args=[record.pk])


def panels(request: HttpRequest, found: Gathering) -> list[Panel]:
    """Places and leads of an event, as its page shows them."""
    return [
        Panel("places", "Signed up", GRID, lambda: {"grid": _places(request, found)}),
        Panel("leads", "Leads", GRID, lambda: {"grid": _leads(request, found)}, "side"),
    ]


def actions(found: Gathering) -> list[Action]:
    slug = [found.slug]
    return [
        Action("Sign up", reverse("key:do-sign-up", args=slug), key="u"),
        Action("Take in the sheet", reverse("key:do-sheet", args=slug), key="s"),
        Action("Who came", reverse("key:do-came", args=slug), key="c"),
    ]


@needs("keyaccounts.work")
def sign_up(request: HttpRequest, slug: str) -> HttpResponse:
    found, now = load_gathering(slug), visit(request)

    def act(form: forms.Guest) -> str:
        said = form.cleaned_data
        guest = Guest(said["name"], said["email"], said["phone"], said["of"], said["topic"])
        place, new = signing_up.sign_up(gathering=found, guest=guest, on=now.on, by=actor(request), at=now.at)
        return f"{place.person.name} has a place." if new else f"{place.person.name} had a place already."

    return _panel(request, found, "Sign up", forms.Guest, act)


@needs("keyaccounts.work")
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The paper list of the day, a line each."""
    found, now = load_gathering(slug), visit(request)

    def act(form: forms.GuestSheet) -> str:
        made = signing_up.take_sheet(gathering=found, text=form.cleaned_data["sheet"], on=now.on, by=actor(request),
                                     at=now.at)  # fmt: skip
        return str(made.pk)

    return _panel(request, found, "Take in the sheet", forms.GuestSheet, act, done=lists.done)


@needs("keyaccounts.work")
def came(request: HttpRequest, slug: str) -> HttpResponse:
    found, now = load_gathering(slug), visit(request)
    waiting = SignUp.objects.filter(gathering=found, attended_at__isnull=True).select_related("person")
    rows = [(str(one.pk), one.person.name) for one in waiting.order_by("person__sort_name")]

    def act(form: forms.Came) -> str:
        if found.day > now.on:
            raise CannotReach(f"{found} has not been yet.")
        places = SignUp.objects.filter(gathering=found, pk__in=form.cleaned_data["who"])
        count = signing_up.note_attendance(places=places, by=actor(request), at=now.at)
        return f"{count} came."

    return _panel(request, found, "Who came", lambda *a: forms.Came(*a, rows=rows), act)


def _panel(
    request: HttpRequest, found: Gathering, title: str, form: Any, act: Any, *, done: Callable[[str], Done] = Done
) -> HttpResponse:
    here = reverse("key:event", args=[found.slug])
    return form_panel(request, title=f"{title}: {found}", form=form, act=act, back=here, done=done, refusals=REFUSALS,
                      crumbs=[Crumb(found.name, here)])  # fmt: skip


def _places(request: HttpRequest, found: Gathering) -> Grid:
    rows = SignUp.objects.filter(gathering=found).select_related("person", "organisation__person")
    return grid(request, table=Places, rows=rows.order_by("person__sort_name"), caption="Signed up", name="places",
                empty=Empty("Nobody signed up yet."))  # fmt: skip


def _leads(request: HttpRequest, found: Gathering) -> Grid:
    rows = Lead.objects.filter(gathering=found).select_related("person")
    return grid(request, table=EventLeads, rows=rows.order_by("pk"), caption="Leads", name="leads",
                empty=Empty("No lead came of it yet."))  # fmt: skip
