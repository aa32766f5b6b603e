"""What crews must know of a place: told on its page and on its orders, and ended when it is no longer so."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.fieldwork.models import SiteNote
from lamplighter.fieldwork.operations.notes import end_site_note
from lamplighter.fieldwork.queries.orders import site_notes
from lamplighter.premises.models import Premise
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.loading import load_premise
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level, Link
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


class NoLonger(Once, Form):
    """No field: its button is the answer."""


def note_alerts(place: Premise, request: HttpRequest) -> list[Alert]:
    """Safety before access; each with the way to end it, for those who may. One query."""
    may = "orders.raise" in permissions(request)
    return [
        _alert(note, Link("No longer so", reverse("desk:do-end-note", args=[place.number, note.pk])) if may else None)
        for note in site_notes([place.pk], on=visit(request).on)[place.pk]
    ]


@needs("orders.raise")
def end_note(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It stays in the place's history; no later order shows it."""
    place, now = load_premise(request, number, to="orders.raise"), visit(request)
    standing = {note.pk: note for note in site_notes([place.pk], on=now.on)[place.pk]}
    if pk not in standing:
        raise Http404("That note does not stand at this place, or somebody has ended it.")
    here = reverse("desk:premise", args=[number])

    def act(form: NoLonger) -> str:  # noqa: ARG001 - the form is its own confirmation
        return day(end_site_note(note=standing[pk], on=now.on, by=actor(request), at=now.at))

    return form_panel(
        request, title="No longer so", form=NoLonger, act=act, submit="End the note", back=here,
        crumbs=[Crumb(place.address, here)], alerts=[_alert(standing[pk], None)], busy="Saving…",
        done=lambda end: Done(f"No crew will see it from {end} on.", url=here),
    )  # fmt: skip


def _alert(note: SiteNote, link: Link | None) -> Alert:
    level = Level.WATCH if note.about == SiteNote.About.SAFETY else Level.KNOW
    return Alert(level, str(note.get_about_display()), str(note.remark), link)
