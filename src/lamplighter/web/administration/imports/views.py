"""The imported files, the upload, and the page that follows an import as it runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.formats.meterdata import Format
from lamplighter.formats.refusals import Unreadable
from lamplighter.platform.models import Run
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.models import ImportedFile
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.readings.imported import IMPORTS, KIND, TASK
from lamplighter.web.desk.readings.tables import Files
from lamplighter.web.naming import named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Empty, Level, Link
from lamplighter.web.ui.runs import ENDED
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.visits import visit

FORMATS = [("", "By its content"), *((one.value, one.value.upper()) for one in Format)]

FIELDS = {"timezone": "zone", "mapping": "mapping", "weeks": "shift_weeks"}
"""Where an option that is refused is asked for."""
TOLD, TOLD_FOR = 3, timedelta(days=7)


class Upload(Once, Form):
    """A file and what it does not say itself."""

    file = forms.FileField(
        label="Meter file", help_text="Green Button (ESPI), CMEP, NEM12, NEM13 or CSV; also in .zip or .gz.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another."},
    )  # fmt: skip
    format = forms.ChoiceField(label="Format", choices=FORMATS, required=False)
    zone = forms.CharField(
        label="Clock of the file", required=False, help_text="Where its format leaves it open, such as UTC.",
        widget=forms.TextInput({"list": "zones", "autocomplete": "off"}),
    )  # fmt: skip
    meter = forms.CharField(
        label="Meter", required=False, max_length=40, help_text="The badge, for a file that names no meter."
    )
    mapping = forms.CharField(
        label="What the columns of a CSV are", required=False,
        help_text="TOML, as docs/algorithms/meter-files.md describes.",
        widget=forms.Textarea({"rows": 6, "class": "code", "spellcheck": "false"}),
    )  # fmt: skip
    shift_weeks = forms.IntegerField(
        label="Moved by weeks", required=False,
        help_text="For samples only: every reading is moved by so many whole weeks, and the import says so.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        zone, mapping, meter = (said[name].strip() for name in ("zone", "mapping", "meter"))
        options = ImportOptions(said["format"], zone, mapping, meter, said["shift_weeks"] or 0)
        try:
            options.settings()
        except Unreadable as refused:
            self.add_error(FIELDS.get(refused.finding.place.field), str(refused))
        return said | {"options": options}


@needs("reads.import")
def listed(request: HttpRequest) -> HttpResponseBase:
    """What came in; files of which nothing could be used are told above, until they come again."""
    rows = ImportedFile.objects.annotate(by_name=named("imported_by")).order_by("-imported_at", "-pk")
    upload = reverse("admin-desk:do-import")
    return table_page(
        request, title="Imports", table=Files, rows=rows,
        empty=Empty("No meter file was imported yet.", Link("Import a file", upload, panel=True)),
        actions=[Action("Import a file", upload, key="i", primary=True, icon="upload")],
        alerts=[_stopped(run) for run in _unused(visit(request).at)],
    )  # fmt: skip


def _unused(at: datetime) -> QuerySet[Run]:
    """The runs of the last days that stopped, without a later one of the same file that went well."""
    later = Run.objects.filter(kind=KIND, subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    recent = Run.objects.filter(kind=KIND, state=Run.State.FAILED, started_at__gt=at - TOLD_FOR)
    return recent.filter(~Exists(later)).order_by("-pk")[:TOLD]


def _stopped(run: Run) -> Alert:
    link = Link("Open", reverse("admin-desk:import-run", args=[run.pk]))
    return Alert(Level.WATCH, f"{run.subject} was not taken in", run.message, link)


@needs("reads.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file and queue its import; a page follows it."""

    def act(form: Upload) -> str:
        sent: UploadedFile[bytes] = form.cleaned_data["file"]
        by, at = actor(request), visit(request).at
        media = sent.content_type or "application/octet-stream"
        file, _ = store_file(sent.chunks(), name=sent.name or "file", media_type=media, by=by, at=at)
        run = queue_run(
            TASK, kind=KIND, subject=file.name[:120], alone=f"import:{file.pk}", by=by, at=at, file=file.pk,
            options=json.dumps(asdict(form.cleaned_data["options"])),
        )  # fmt: skip
        return str(run.pk)

    zones = sorted({settings.UTILITY_ZONE, "UTC", *(zone for zone in available_timezones() if zone.startswith("US/"))})
    return form_panel(
        request, title="Import a meter file", form=Upload, act=act, submit="Import", back=IMPORTS.url, crumbs=[IMPORTS],
        refusals=(AlreadyQueued,), busy="Sending…", template="administration/imports/upload.html", zones=zones,
        done=lambda run: Done("It is queued.", url=reverse("admin-desk:import-run", args=[int(run)])),
    )  # fmt: skip


@needs("reads.import")
def run(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far an import is, and what came of it when it has ended."""
    found = Run.objects.filter(pk=pk, kind=KIND).first()
    if found is None:
        raise Http404("There is no such import.")
    return page(
        request, title=f"Import of {found.subject}", crumbs=[IMPORTS],
        actions=[Action("Import a file", reverse("admin-desk:do-import"), key="i", icon="upload")],
        panels=[
            Panel("progress", "Progress", "administration/imports/progress.html",
                  lambda: {"run": found, "ended": found.state in ENDED}),
            Panel("files", "What came of it", "administration/imports/files.html", lambda: _files(request, found)),
        ],
    )  # fmt: skip


def _files(request: HttpRequest, found: Run) -> Mapping[str, Any]:
    if found.state not in ENDED:
        return {"empty": Empty("The result will stand here.")}
    made = found.result.get("imports", [])
    if not made:
        return {"empty": Empty("Nothing of the file could be used. Correct it and import it again.")}
    rows = ImportedFile.objects.filter(pk__in=made).annotate(by_name=named("imported_by")).order_by("pk")
    return {"grid": grid(request, table=Files, rows=rows, caption="Files")}
