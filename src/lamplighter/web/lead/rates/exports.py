"""A study as a spreadsheet and as a PDF, and two studies beside each other."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.notices.queries.templates import sender
from lamplighter.ratestudies.documents import summary
from lamplighter.ratestudies.documents.paper import pdf
from lamplighter.ratestudies.documents.spreadsheet import workbook
from lamplighter.ratestudies.models import Study
from lamplighter.web.access import needs
from lamplighter.web.lead.rates.forms import CompareForm
from lamplighter.web.lead.rates.studies import LAB, load_study
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("rates.study")
def spreadsheet(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 - its URL says all
    found = _done(pk)
    return _file(workbook(found), XLSX, f"study-{pk}.xlsx")


@needs("rates.study")
def paper(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 - its URL says all
    found = _done(pk)
    return _file(pdf(found, utility=sender().utility), "application/pdf", f"study-{pk}.pdf")


@needs("rates.study")
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Which other study to lay beside it."""
    found = _done(pk)
    others = list(
        Study.objects.filter(state=Study.State.DONE).exclude(pk=pk).order_by("-made_at").values_list("pk", "name")
    )
    return form_panel(
        request, title="Compare", form=lambda *args: CompareForm(*args, others=others),
        act=lambda form: str(form.cleaned_data["other"]), submit="Compare",
        back=reverse("lead:study", args=[found.pk]), crumbs=[LAB, Crumb(found.name, reverse("lead:study", args=[pk]))],
        done=lambda other: Done("Side by side.", url=reverse("lead:study-compared", args=[pk, int(other)])),
    )  # fmt: skip


@needs("rates.study")
def compared(request: HttpRequest, pk: int, other: int) -> HttpResponseBase:
    """Two studies in one table each: all, classes, assistance, bands."""
    both = [_done(pk), _done(other)]
    crumbs = [LAB, *(Crumb(one.name, reverse("lead:study", args=[one.pk])) for one in both)]

    def panel(name: str, title: str, rows: Any) -> Panel:
        return Panel(name, title, "lead/rates/compared.html", lambda: {"both": both, "rows": _pairs(both, rows)})

    return page(
        request, title="Two studies", crumbs=crumbs,
        panels=[
            panel("whole", "A year", lambda study: [summary.whole(study)]),
            panel("classes", "By class", summary.classes),
            panel("assistance", "By assistance", summary.assistance),
            Panel("bands", "Winners and losers", "lead/rates/compared-bands.html", lambda: {
                "both": both,
                "rows": list(zip(*(summary.bands(one) for one in both), strict=True)),
            }),
        ],
    )  # fmt: skip


def _pairs(both: list[Study], rows: Any) -> list[tuple[str, Any, Any]]:
    one, other = ({row.label: row for row in rows(study)} for study in both)
    return [(label, one.get(label), other.get(label)) for label in dict.fromkeys((*one, *other))]


def _done(pk: int) -> Study:
    found = load_study(pk)
    if found.state != Study.State.DONE:
        raise Http404("This study is still being worked out.")
    return found


def _file(data: bytes, media: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
