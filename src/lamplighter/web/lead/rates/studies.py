"""The rate lab: what was studied, a tariff edited with live checks, the study as it runs and what came of it."""

from __future__ import annotations

from datetime import date
from difflib import unified_diff
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.kernel.findings import Finding, Severity
from lamplighter.ratestudies.models import Forecast, Study
from lamplighter.ratestudies.operations.studies import CannotStudy, begin_study, studied
from lamplighter.rating.files import parse, verify
from lamplighter.tariffs.models import Version
from lamplighter.web.access import actor, needs
from lamplighter.web.lead.rates.forms import StudyForm
from lamplighter.web.lead.rates.results import panels_of
from lamplighter.web.lead.rates.tables import StartFrom, Studies
from lamplighter.web.naming import named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Tone
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

LAB = Crumb("Rate lab", "/lead/rates/")


@needs("rates.study")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Studies, and the versions that one may begin with."""
    rows = Study.objects.select_related("schedule").annotate(maker=named("made_by")).order_by("-made_at")
    versions = Version.objects.select_related("schedule").order_by("schedule__code", "-period")
    return page(
        request, title="Rate lab",
        actions=[
            Action("Best rates", reverse("lead:better"), key="b", panel=False),
            Action("Who is on which", reverse("lead:rate-reviews"), key="w", panel=False),
        ],
        panels=[
            Panel("studies", "Studies", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=Studies, rows=rows, caption="Studies", name="studies",
                empty=Empty("No rate was studied yet. Choose a version to begin with."),
            )}),
            Panel("versions", "Begin with a version", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=StartFrom, rows=versions, caption="Versions", name="versions",
            )}, place="side"),
        ],
    )  # fmt: skip


@needs("rates.study")
def begin(request: HttpRequest) -> HttpResponse:
    """Edit a version's text and ask for its study; without a version, the list of those to begin with."""
    if request.method == "GET" and "version" not in request.GET:
        return redirect("lead:ratelab")
    version = _version(request)
    now = visit(request)

    def form(*args: Any) -> StudyForm:
        initial = {"text": version.source.text, "scope": "rate", "name": f"{version.schedule.code}, "}
        return StudyForm(*args, on=now.on, initial=initial)

    def act(form: StudyForm) -> str:
        said = form.cleaned_data
        made = begin_study(
            name=said["name"], schedule=version.schedule, text=said["text"], scope=said["scope"],
            until=date.fromisoformat(said["until"]), by=actor(request), at=now.at,
            forecast=Forecast.objects.get(pk=said["forecast"]) if said["forecast"] else None,
        )  # fmt: skip
        return str(made.pk)

    return form_panel(
        request, title=f"Study {version.schedule.code}", form=form, act=act, submit="Price it for everybody",
        back=LAB.url, crumbs=[LAB], refusals=(CannotStudy,), template="lead/rates/begin.html", busy="Asking…",
        version=version, done=lambda pk: Done("It is being worked out.", url=reverse("lead:study", args=[int(pk)])),
    )  # fmt: skip


@needs("rates.study")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is amiss with a text as it stands, and what it changes; a fragment."""
    version, text = _version(request), request.POST.get("text", "")
    read = parse(text, "")
    found = [finding for finding in read.findings if finding.severity is not Severity.INFO]
    refused, bills = "", list[Finding]()
    if read.tariff is not None and not any(one.severity is Severity.ERROR for one in found):
        bills = [one for one in verify(read.tariff) if one.severity is Severity.ERROR]
        try:
            studied(text)
        except CannotStudy as why:
            refused = str(why)
    old, new = version.source.text.splitlines(), text.splitlines()
    changes = [(_mark(line), line) for line in list(unified_diff(old, new, n=0, lineterm=""))[2:] if line[:1] != "@"]
    return render(request, "lead/rates/checked.html", {
        "findings": found, "refused": refused, "bills": len(bills), "changes": changes,
        "sound": read.tariff is not None and not refused and all(one.severity is not Severity.ERROR for one in found),
    })  # fmt: skip


@needs("rates.study")
def study(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = load_study(pk)
    done = found.state == Study.State.DONE
    files = [
        Action("Spreadsheet", reverse("lead:study-workbook", args=[pk]), key="x", panel=False, icon="download"),
        Action("PDF", reverse("lead:study-pdf", args=[pk]), key="d", panel=False, icon="download"),
        Action("Compare", reverse("lead:do-compare", args=[pk]), key="c"),
    ]
    return page(
        request, title=found.name, crumbs=[LAB], actions=files if done else [],
        badges=[Badge(found.get_state_display(), Tone.GOOD if done else Tone.WATCH)],
        meta=[
            f"{found.schedule.code} {found.schedule.name}", found.get_scope_display(),
            f"The year of “{found.forecast}”" if found.forecast else f"Bills of the year before {found.until:%B %Y}",
            moment(found.made_at, visit(request).on),
        ],
        panels=panels_of(request, found),
    )  # fmt: skip


def load_study(pk: int) -> Study:
    found = Study.objects.select_related("schedule", "source", "run", "forecast").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such study.")
    return found


def _version(request: HttpRequest) -> Version:
    asked = request.GET.get("version") or request.POST.get("version", "")
    rows = Version.objects.select_related("schedule", "source")
    found = rows.filter(pk=int(asked)).first() if asked.isdecimal() else None
    if found is None:
        raise Http404("Choose a version of the rate book to begin with.")
    return found


def _mark(line: str) -> str:
    return {"+": "new", "-": "gone"}.get(line[:1], "")
