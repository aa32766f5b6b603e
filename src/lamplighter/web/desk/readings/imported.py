"""One imported file: what went in, what waits and why, and trying again once that was put right."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.usage.models import ImportedFile
from lamplighter.usage.queries.exceptions import open_exceptions
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.readings.tables import Exceptions, Findings
from lamplighter.web.naming import customer_of, name_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Tile, Tone
from lamplighter.web.ui.tables import grid
from lamplighter.web.visits import visit

IMPORTS = Crumb("Imports", "/admin-desk/imports/")
TASK, KIND = "usage.import-file", "usage.import"


class Again(Once, Form):
    """Nothing to fill in: what is in changes nothing, what waited is tried."""


@needs("reads.import")
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _load(pk)
    waits = found.waiting or found.exceptions
    again = Action("Import again", reverse("desk:do-import-again", args=[pk]), key="i", primary=True)
    open_rows = open_exceptions().filter(imported=found).annotate(customer=customer_of("account"))
    findings = Empty("Every line of it could be used.", good=True)
    nothing = Empty("No reading of it waits for a decision.", good=True)
    return page(
        request,
        title=found.name,
        crumbs=[IMPORTS],
        badges=[Badge("Something waits", Tone.WATCH) if waits else Badge("Taken in whole", Tone.GOOD)],
        meta=[found.format.upper(), found.member],
        actions=[again] if found.waiting else [],
        panels=[
            Panel("facts", "", "desk/accounts/tiles.html", lambda: {"tiles": _tiles(found)}, "top", frame=False),
            Panel("unknown", "Meters that nobody has added", "desk/readings/unknown.html",
                  lambda: {"unknown": found.unknown, "none": Empty("Every meter in it is known.", good=True)}),
            Panel("findings", "What could not be used", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Findings, rows=found.findings, caption="Findings",
                                        name="findings", empty=findings)}),
            Panel("decide", "Readings to decide", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Exceptions, rows=open_rows, caption="Readings to decide",
                                        name="decide", empty=nothing)}),
            Panel("about", "About this file", "desk/accounts/facts.html", lambda: {"facts": _facts(found)},
                  place="side"),
        ],
    )  # fmt: skip


@needs("reads.import")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same file with the same options, once more, in the background."""
    found = _load(pk)
    here = reverse("desk:import", args=[pk])

    def act(form: Again) -> str:  # noqa: ARG001 - the form is its own confirmation
        run = queue_run(
            TASK, kind=KIND, subject=found.file.name[:120], alone=f"import:{found.file_id}", by=actor(request),
            at=visit(request).at, file=found.file_id, options=json.dumps(found.options),
        )  # fmt: skip
        return str(run.pk)

    return form_panel(
        request, title=f"Import {found.name} again", form=Again, act=act, submit="Import again", back=here,
        crumbs=[IMPORTS], refusals=(AlreadyQueued,), busy="Queueing…",
        done=lambda run: Done("It is queued.", url=reverse("admin-desk:import-run", args=[int(run)])),
    )  # fmt: skip


def _load(pk: int) -> ImportedFile:
    found = ImportedFile.objects.filter(pk=pk).select_related("file").first()
    if found is None:
        raise Http404("There is no such import.")
    return found


def _tiles(found: ImportedFile) -> list[Tile]:
    return [
        Tile("Readings", f"{found.readings:,}", f"{found.channels:,} channel{'' if found.channels == 1 else 's'}"),
        Tile("Taken in", f"{found.taken:,}", f"{found.unchanged:,} in already, {found.duplicates:,} said twice"),
        Tile("Estimated", f"{found.estimated:,}", "intervals filled around it"),
        Tile("Waiting", f"{found.waiting:,}", "meters, channels or lines", Tone.WATCH if found.waiting else Tone.PLAIN),
    ]


def _facts(found: ImportedFile) -> list[Fact]:
    options = {name: value for name, value in found.options.items() if value}
    return [
        Fact("Imported", found.imported_at),
        Fact("By", name_of(found.imported_by)),
        Fact("Attempts", found.attempts),
        Fact("Size", f"{found.file.size:,} bytes"),
        Fact("SHA-256", found.file_id[:16]),
        *(Fact(name.replace("_", " ").capitalize(), "given" if name == "mapping" else str(value))
          for name, value in options.items()),
    ]  # fmt: skip
