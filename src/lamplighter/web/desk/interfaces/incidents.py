"""Incidents by vendor with their time to fix; one with its evidence and what was done; its ticket as a file."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django_tables2 import Column

from lamplighter.incidents.models import Incident
from lamplighter.incidents.queries import ticket
from lamplighter.notices.models import Sender
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.interfaces.views import INTERFACES, spell
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, MomentColumn, Table, table_page
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

TONES = {"Open": Tone.BAD, "With the vendor": Tone.WATCH, "Fixed": Tone.GOOD}


class TookColumn(Column):  # type: ignore[misc]
    """How long it took; empty while it is open."""

    def render(self, value: Any) -> str:
        return spell(value)


class Incidents(Table):
    vendor = Column("Vendor")
    number = Column("Incident", accessor="pk", order_by="pk")
    name = Column("Interface")
    origin = Column("Told by")
    state = BadgeColumn("State", tones=TONES, orderable=False)
    ticket = Column("Ticket")
    reported_at = MomentColumn("Reported")
    fixed_at = MomentColumn("Fixed")
    took = TookColumn("Time to fix")

    def row_url(self, record: Incident) -> str:
        return reverse("desk:incident", args=[record.pk])

    def render_number(self, record: Incident) -> str:
        return str(record)


class IncidentFilters(django_filters.FilterSet):  # type: ignore[misc]
    open = django_filters.ChoiceFilter(
        label="State", empty_label="All", choices=[("open", "Not fixed"), ("fixed", "Fixed")], method="by_state"
    )
    origin = django_filters.ChoiceFilter(label="Told by", empty_label="Anybody", choices=Incident.Origin.choices)

    class Meta:
        model = Incident
        fields: ClassVar = ["open", "origin"]

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(fixed_at__isnull=value == "open")


@needs("interfaces.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    rows = Incident.objects.with_time_to_fix().order_by("vendor", "-reported_at")
    return table_page(
        request, title="Incidents", table=Incidents, rows=rows, filters=IncidentFilters, crumbs=[INTERFACES],
        empty=Empty("No error at an interface was reported.", good=True),
    )  # fmt: skip


@needs("interfaces.view")
def incident(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = load(pk)
    on = visit(request).on
    return page(
        request,
        title=f"Error at {found.name}",
        number=str(found),
        crumbs=[INTERFACES, Crumb("Incidents", reverse("desk:incidents"))],
        badges=[Badge(found.state, TONES[found.state])],
        meta=[found.vendor, f"Reported {moment(found.reported_at, on)}"],
        actions=_actions(request, found),
        panels=[
            Panel("about", "What went wrong", "desk/interfaces/about.html",
                  lambda: {"incident": found, "facts": _about(request, found)}),
            Panel("evidence", "Evidence", "desk/interfaces/evidence.html",
                  lambda: {"evidence": found.evidence, "empty": Empty("No failed message was attached.")}),
            Panel("steps", "What was done", "desk/network/entries.html",
                  lambda: {"entries": _steps(found), "empty": Empty("Nothing yet.")}, place="side"),
        ],
    )  # fmt: skip


@needs("interfaces.view")
def ticket_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ticket with its evidence, to be sent by any mail program."""
    found = load(pk)
    sender = Sender.objects.order_by("-pk").first()
    body = ticket(
        found, at=visit(request).at, sender=sender.email if sender else "utility@example.net",
        utility=settings.UTILITY_NAME,
    )  # fmt: skip
    response = HttpResponse(body, content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="{found}.eml"'
    response["Cache-Control"] = "private, no-store"
    return response


def load(pk: int) -> Incident:
    found = Incident.objects.select_related("what", "account").filter(pk=pk).first()
    if found is None:
        raise Http404(f"There is no incident I-{pk}.")
    return found


def _actions(request: HttpRequest, found: Incident) -> list[Action]:
    file = Action("Ticket file", reverse("desk:incident-ticket", args=[found.pk]), panel=False)
    if "interfaces.work" not in permissions(request):
        return [file]
    if found.fixed_at:
        return [file, Action("Not fixed after all", reverse("desk:do-reopen-incident", args=[found.pk]))]
    return [
        file,
        Action("Sent to the vendor", reverse("desk:do-ticket-sent", args=[found.pk]), key="t", primary=True),
        Action("Fixed", reverse("desk:do-fix-incident", args=[found.pk]), key="f"),
        Action("Note", reverse("desk:do-incident-note", args=[found.pk]), key="n"),
    ]


def _about(request: HttpRequest, found: Incident) -> list[Fact]:
    on = visit(request).on
    names = names_of([found.reported_by])
    facts = [
        Fact("Interface", found.name, Link("Open", reverse("desk:interface", args=[found.interface]))),
        Fact("Told by", found.get_origin_display()),
        Fact("Reported", f"{moment(found.reported_at, on)} by {names[found.reported_by]}"),
        Fact("Ticket", found.ticket or "Not sent to the vendor yet"),
    ]
    if found.account and "accounts.view" in permissions(request):
        url = reverse("desk:account", args=[found.account.number])
        facts.insert(1, Fact("Account", found.account.number, Link("Open", url)))
    if found.fixed_at:
        took = spell(found.fixed_at - found.reported_at)
        facts.append(Fact("Fixed", f"{moment(found.fixed_at, on)}, after {took}"))
    return facts


def _steps(found: Incident) -> list[Entry]:
    steps = list(found.steps.select_related("remark").order_by("-id"))
    names = names_of(step.by for step in steps)
    return [
        Entry(step.at, Badge(str(step.get_act_display())), str(step.remark or step.get_act_display()), names[step.by])
        for step in steps
    ]
