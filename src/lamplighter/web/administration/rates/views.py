"""See the rate book, read a version with its worked bills, draft one, propose it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff

from django import forms
from django.db.models import DateField, Func, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.findings import Finding, Severity
from lamplighter.kernel.money import Money
from lamplighter.rating import explain_total, needed, parse, verify
from lamplighter.rating.files.bills import name_of as name_of_determinant
from lamplighter.rating.files.bills import work
from lamplighter.rating.tariff import Tariff
from lamplighter.rating.telling import told_condition, told_prices
from lamplighter.tariffs import operations
from lamplighter.tariffs.models import Schedule, Version
from lamplighter.tariffs.operations import CannotAdopt
from lamplighter.tariffs.queries import may_be_proposed
from lamplighter.web.access import actor, needs, permissions, who_can
from lamplighter.web.administration.rates.peakhours import told_in
from lamplighter.web.administration.rates.tables import Schedules, Versions
from lamplighter.web.naming import name_of, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Fact, Level, Tone
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.visits import visit

RATES = Crumb("Rates", "/admin-desk/rates/")
STATES = {"adopted": Tone.GOOD, "proposed": Tone.WATCH, "draft": Tone.NOTICE}
CLASSES = [(c, c.capitalize()) for c in ("residential", "commercial", "industrial", "government", "lighting")]


class DraftForm(Form):
    draft = "tariff"
    customer_class = forms.ChoiceField(label="Class of customer", choices=CLASSES)
    text = forms.CharField(
        label="Tariff", widget=forms.Textarea({"rows": 24, "class": "code", "spellcheck": "false"}),
        help_text="TOML, as docs/algorithms/tariff-files.md describes. Its own worked bills must come out.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worked:
    """A worked bill of a tariff file, and what it comes to."""

    name: str
    total: Money
    lines: tuple[str, ...]


@needs("tariffs.view")
def schedules(request: HttpRequest) -> HttpResponseBase:
    """The rate book."""
    now = Version.objects.filter(
        schedule=OuterRef("pk"), state=Version.State.ADOPTED, period__contains=visit(request).on
    )
    since = Func("period", function="lower", output_field=DateField())
    coming = Version.objects.filter(
        schedule=OuterRef("pk"), state__in=[Version.State.DRAFT, Version.State.PROPOSED]
    ).order_by("-state")
    rows = Schedule.objects.annotate(
        since=Subquery(now.annotate(first=since).values("first")[:1]), coming=Subquery(coming.values("state")[:1])
    ).order_by("utility", "code")
    draft = Action("Draft a version", reverse("admin-desk:do-draft"), key="d", primary=True, panel=False)
    return table_page(
        request, title="Rates", table=Schedules, rows=rows, empty=Empty("No rate has been drafted yet."),
        actions=[draft] if "tariffs.draft" in permissions(request) else [],
    )  # fmt: skip


@needs("tariffs.view")
def schedule(request: HttpRequest, key: str) -> HttpResponseBase:
    found = Schedule.objects.filter(pk=key).first()
    if found is None:
        raise Http404(f"There is no schedule {key}.")
    versions = (
        Version.objects.filter(schedule=found)
        .annotate(drafter=named("drafted_by"), adopter=named("adopted_by"))
        .order_by("-period", "-pk")
    )
    return page(
        request, title=found.code, crumbs=[RATES], meta=[found.name, found.utility, found.customer_class.capitalize()],
        panels=[
            Panel("versions", "Versions", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Versions, rows=versions, caption="Versions")}),
        ],
    )  # fmt: skip


@needs("tariffs.view")
def version(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The text as somebody wrote it, what it says in words, its findings and its worked bills."""
    found = Version.objects.filter(pk=pk).select_related("schedule", "source").first()
    if found is None:
        raise Http404("There is no such version.")
    read = parse(found.source.text, found.schedule.code)
    tariff = read.tariff
    may_propose = may_be_proposed(found) and "tariffs.draft" in permissions(request)
    propose = Action("Propose it", reverse("admin-desk:do-propose", args=[pk]), key="p", primary=True)
    again = Action("Draft from it", f"{reverse('admin-desk:do-draft')}?from={pk}", key="d", panel=False)
    return page(
        request,
        title=f"{found.schedule.code} from {found.period.start:%b %-d, %Y}",
        crumbs=[RATES, Crumb(found.schedule.code, reverse("admin-desk:schedule", args=[found.schedule_id]))],
        badges=[Badge(found.get_state_display(), STATES[found.state])],
        meta=[found.resolution],
        actions=[*([propose] if may_propose else []),
                 *([again] if "tariffs.draft" in permissions(request) else []), *_telling(request, found, tariff)],
        alerts=[_awaited()] if found.state == Version.State.PROPOSED else [],
        panels=[
            *([_lines(tariff)] if tariff else []),
            *_changes(found),
            Panel("text", "Text", "administration/rates/text.html", lambda: {"text": found.source.text}),
            Panel("about", "About this version", "administration/rates/about.html",
                  lambda: {"facts": _about(found), "sources": tariff.sources if tariff else (),
                           "notes": tariff.notes if tariff else (), "findings": _findings(tariff, read.findings)},
                  place="side"),
            Panel("bills", "Worked bills", "administration/rates/bills.html",
                  lambda: {"bills": _worked(tariff) if tariff else []}, place="side"),
        ],
    )  # fmt: skip


def _telling(request: HttpRequest, found: Version, tariff: Tariff | None) -> list[Action]:
    """Where something goes by the hours in which the system peaked, those of other days."""
    if "tariffs.draft" not in permissions(request) or told_in(tariff) is None:
        return []
    return [Action("Tell the peak hours", reverse("admin-desk:do-peak-hours", args=[found.pk]), key="h")]


def _awaited() -> Alert:
    """Whoever proposed it looks here for what holds it up."""
    adopters = " or ".join(who_can("tariffs.adopt"))
    return Alert(Level.WATCH, "It waits for a second person", f"{adopters} adopts it, under Approvals.")


@needs("tariffs.draft")
def draft(request: HttpRequest) -> HttpResponse:
    """Write or paste a version, or change the text of another (`?from=`). Everything that is amiss is named with its
    line."""

    def act(form: DraftForm) -> str:
        made = operations.draft(
            text=form.cleaned_data["text"], file="the draft", customer_class=form.cleaned_data["customer_class"],
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return str(made.pk)

    return form_panel(
        request, title="Draft a version", form=lambda *args: DraftForm(*args, initial=_text_of(request)), act=act,
        submit="Keep the draft", back=RATES.url,
        crumbs=[RATES], refusals=(CannotAdopt,),
        done=lambda pk: Done("Draft kept.", url=reverse("admin-desk:version", args=[int(pk)])),
    )  # fmt: skip


def _text_of(request: HttpRequest) -> dict[str, str]:
    """Of the version that is named, to be changed; else nothing."""
    asked = request.GET.get("from", "")
    rows = Version.objects.filter(pk=int(asked)) if asked.isdecimal() else Version.objects.none()
    found = rows.select_related("schedule", "source").first()
    return {"text": found.source.text, "customer_class": found.schedule.customer_class} if found else {}


class ProposeForm(Form):
    remark = forms.CharField(label="For whoever adopts it", required=False, widget=forms.Textarea({"rows": 3}))


@needs("tariffs.draft")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    found = Version.objects.filter(pk=pk).select_related("schedule").first()
    if found is None:
        raise Http404("There is no such version.")
    back = reverse("admin-desk:version", args=[pk])

    def act(form: ProposeForm) -> str:
        operations.propose(version=found, by=actor(request), at=visit(request).at, remark=form.cleaned_data["remark"])
        return str(pk)

    return form_panel(
        request, title="Propose for adoption", form=ProposeForm, act=act, submit="Propose", back=back,
        crumbs=[RATES], done=lambda _: Done("It waits for a second person to adopt it.", url=back),
        refusals=(CannotAdopt,),
    )  # fmt: skip


def _lines(tariff: Tariff) -> Panel:
    """Its sentences with their prices, and what must be measured for them."""
    rows = [
        (
            line.label,
            line.code,
            told_condition(line.when),
            told_prices(line, tariff),
            line.kind.value,
            line.season,
            line.citation.clause,
        )
        for line in tariff.lines
    ]
    measured = list(dict.fromkeys(name_of_determinant(one) for one in needed(tariff)))
    return Panel("lines", "Lines", "administration/rates/lines.html", lambda: {"lines": rows, "measured": measured})


def _changes(found: Version) -> list[Panel]:
    """What differs from the version in force before it, line by line of the text."""
    before = (
        Version.objects.filter(schedule=found.schedule_id, state=Version.State.ADOPTED)
        .filter(period__startswith__lt=found.period.start)
        .select_related("source")
        .order_by("-period")
        .first()
    )
    if before is None:
        return []
    texts = before.source.text.splitlines(), found.source.text.splitlines()
    rows = [(_mark(line), line) for line in list(unified_diff(*texts, n=1, lineterm=""))[2:]]
    title = f"What changes since {before.period.start:%b} {before.period.start.day}, {before.period.start.year}"
    return [Panel("changes", title, "administration/rates/changes.html", lambda: {"rows": rows})]


def _mark(line: str) -> str:
    return {"+": "new", "-": "gone", "@": "place"}.get(line[:1], "")


def _about(found: Version) -> list[Fact]:
    return [
        Fact("Valid from", found.period.start),
        *([Fact("Until", found.period.last_day)] if found.period.end else []),
        Fact("Drafted by", name_of(found.drafted_by)),
        *([Fact("Entered by", name_of(found.adopted_by))] if found.adopted_by else []),
        Fact("SHA-256", found.source_id[:16]),
    ]


def _findings(tariff: Tariff | None, found: tuple[Finding, ...]) -> list[Finding]:
    wrong = [*found, *(verify(tariff) if tariff else ())]
    return [finding for finding in wrong if finding.severity is not Severity.INFO]


def _worked(tariff: Tariff) -> list[Worked]:
    """A rider's bills need their base tariff, which its own file does not have."""
    if tariff.rider:
        return []
    made = []
    for bill in tariff.bills:
        priced = work(tariff, bill)
        lines = tuple(f"{line.label}: {line.amount}" for line in priced.lines)
        made.append(Worked(bill.name, priced.total, (*lines, explain_total(priced))))
    return made
