"""A study's figures as panels: revenue, winners and losers, assistance, who is affected most, a typical bill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.db.models.functions import Abs
from django.http import HttpRequest
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.ratestudies.documents import summary
from lamplighter.ratestudies.models import Study
from lamplighter.ratestudies.rules import band_mark
from lamplighter.web.lead.rates.tables import Affected
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.panels import Panel
from lamplighter.web.ui.parts import Tile, Tone
from lamplighter.web.ui.runs import ENDED
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import change

MOST = 20


def panels_of(request: HttpRequest, study: Study) -> list[Panel]:
    if study.state != Study.State.DONE:
        return [Panel("run", "Pricing", "lead/rates/running.html", lambda: _running(study))]
    return [
        Panel("whole", "", "desk/accounts/tiles.html", lambda: {"tiles": _tiles(study)}, place="top", frame=False),
        Panel("months", "Revenue by month", "lead/rates/chart.html", lambda: {"chart": _months(study)}),
        Panel("bands", "Winners and losers", "lead/rates/chart.html", lambda: {"chart": _bands(study)}),
        Panel("classes", "Revenue by class", "lead/rates/beside.html",
              lambda: {"rows": summary.classes(study), "head": "Class"}),
        Panel("assistance", "By assistance", "lead/rates/beside.html", lambda: _assistance(study)),
        Panel("affected", "The twenty most affected", "ui/tables/grid.html", lambda: _affected(request, study)),
        Panel("typical", "A typical year", "lead/rates/beside.html", lambda: _typical(study)),
        Panel("basis", "What it stands on", "lead/rates/basis.html", lambda: _basis(study)),
    ]  # fmt: skip


def _running(study: Study) -> Mapping[str, Any]:
    run = study.run
    return {"run": run, "ended": run is None or run.state in ENDED}


def _tiles(study: Study) -> list[Tile]:
    whole, found = summary.whole(study), study.result
    percent = f"{whole.percent:+}%" if whole.percent is not None else ""
    losers = sum(band.count for band in summary.bands(study)[-3:])
    return [
        Tile("At present rates", whole.present, f"{found['bills']:,} bills"),
        Tile("At this rate", whole.proposed),
        Tile("Change a year", change(whole.change), percent),
        Tile("Customers priced", f"{found['priced']:,}", f"of {found['customers']:,}"),
        Tile("5% more or over", f"{losers:,}", "customers", tone=Tone.WATCH if losers else Tone.PLAIN),
    ]


def _months(study: Study) -> Bars:
    rows = summary.months(study)
    highest = max(rows, key=lambda row: row.change.cents, default=None)
    sentence = f"The largest change is {change(highest.change)} in {highest.label}." if highest else "No bill."
    return Bars(
        "months", "Revenue by month, present and proposed", sentence, [row.label for row in rows],
        [
            Series("Present", [row.present.dollars for row in rows], style="grey"),
            Series("Proposed", [row.proposed.dollars for row in rows], style="blue"),
        ],
        "$", "Month", 2,
    )  # fmt: skip


def _bands(study: Study) -> Bars:
    bands = summary.bands(study)
    more = sum(band.count for band in bands[len(bands) // 2 + 1 :])
    less = sum(band.count for band in bands[: len(bands) // 2])
    sentence = f"{more:,} customers would pay over 2% more, {less:,} over 2% less."
    return Bars(
        "bands", "Customers by the change of their year", sentence,
        [band_mark(number) for number in range(len(bands))],
        [Series("Customers", [band.count for band in bands])], "customers", "Change",
    )  # fmt: skip


def _affected(request: HttpRequest, study: Study) -> Mapping[str, Any]:
    rows = (
        study.years.select_related("agreement__account")
        .annotate(size=Abs(F("proposed") - F("present")), customer=customer_of("agreement__account"))
        .order_by("-size", "agreement")[:MOST]
    )
    return {"grid": grid(request, table=Affected, rows=list(rows), caption="Most affected", name="affected")}


def _assistance(study: Study) -> Mapping[str, Any]:
    rows = summary.assistance(study)
    words = [
        f"{row.label}: {change(row.each)} each, {row.more:,} of {row.count:,} pay 5% more or over." for row in rows
    ]
    none = "This rate has no discount for need, so bills do not tell who gets assistance."
    return {"rows": rows, "head": "Customers", "sentence": " ".join(words) or none}


def _typical(study: Study) -> Mapping[str, Any]:
    found = study.result["typical"]
    if not found:
        return {"rows": [], "sentence": "Nobody has a whole year on this rate."}
    account = Agreement.objects.filter(pk=found["agreement"]).values_list("account__number", flat=True).first()
    sentence = f"The customer in the middle by use, {int(found['kwh']):,} kWh."
    return {
        "rows": summary.typical_lines(study), "head": "Line", "sentence": sentence,
        "url": reverse("desk:account-rates", args=[account]), "number": account,
    }  # fmt: skip


def _basis(study: Study) -> Mapping[str, Any]:
    found = study.result
    return {
        "checked": found["checked"], "differing": found["differing"], "left_out": summary.left_out(study),
        "sha256": study.source_id[:16], "text": study.source.text,
    }  # fmt: skip
