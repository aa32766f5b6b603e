"""Who would pay less on another rate that they may choose: found for everybody, told by letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.reclassing import tell_of_better_rates
from lamplighter.kernel.money import ZERO, Money
from lamplighter.platform.models import Run
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.ratestudies.models import Advice
from lamplighter.web.access import actor, may_open, needs
from lamplighter.web.lead.rates.forms import YearForm
from lamplighter.web.lead.rates.studies import LAB
from lamplighter.web.lead.rates.tables import Better
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Link, Tile
from lamplighter.web.ui.runs import ENDED
from lamplighter.web.ui.tables import grid
from lamplighter.web.visits import visit

TITLE, TASK, KIND = "Best rates", "ratestudies.advice", "rate.advice"
LEAST = Money(2500)
MOST = 1_000


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    told = django_filters.ChoiceFilter(
        label="Told", method="filter_told", choices=[("no", "Not told yet"), ("yes", "Told")], empty_label="All"
    )

    class Meta:
        model = Advice
        fields = ("told",)

    def filter_told(self, rows: QuerySet[Advice], name: str, value: str) -> QuerySet[Advice]:  # noqa: ARG002
        return rows.filter(told_at__isnull=value == "no")


class Write(Once, Form):
    least = MoneyField(label="Who would save a year, at least", initial=LEAST)
    sure = forms.BooleanField(label="Write a letter to each of them who was not told yet")


@needs("rates.study")
def listed(request: HttpRequest) -> HttpResponseBase:
    rows = (
        Advice.objects.filter(saving__gt=0)
        .select_related("agreement__account", "present_schedule", "best_schedule")
        .annotate(customer=customer_of("agreement__account"))
        .order_by("-saving", "agreement")
    )
    look, write = reverse("lead:do-look"), reverse("lead:do-tell-better")
    return page(
        request, title=TITLE, crumbs=[LAB],
        actions=[
            *([Action("Write to them", write, key="w")] if may_open(request, write) else []),
            Action("Look again", look, key="l", primary=True),
        ],
        panels=[
            Panel("sum", "", "desk/accounts/tiles.html", lambda: {"tiles": _tiles()}, place="top", frame=False),
            *_running(),
            Panel("better", "Who would pay less", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=Better, rows=rows, caption="Better rates", filters=Filters,
                empty=Empty("Nobody is known to pay less on another rate.", Link("Look", look, panel=True)),
            )}),
        ],
    )  # fmt: skip


@needs("rates.study")
def look(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: YearForm) -> str:
        until = date.fromisoformat(form.cleaned_data["until"])
        queue_run(
            TASK, kind=KIND, subject=f"year before {until:%B %Y}", alone=TASK, by=actor(request), at=now.at,
            until=until.isoformat(),
        )  # fmt: skip
        return "Every rate is being tried for everybody."

    here = reverse("lead:better")
    return form_panel(
        request, title="Find everybody's best rate", form=lambda *args: YearForm(*args, on=now.on), act=act,
        submit="Look", back=here, crumbs=[LAB, Crumb(TITLE, here)], refusals=(AlreadyQueued,),
        done=lambda words: Done(words, url=here),
    )  # fmt: skip


@needs("rates.study", "notices.send")
def tell(request: HttpRequest) -> HttpResponse:
    """A letter to everybody who would save enough and was not told."""
    now, here = visit(request), reverse("lead:better")

    def act(form: Write) -> str:
        wanted = Advice.objects.filter(saving__gte=form.cleaned_data["least"], told_at__isnull=True).order_by("-saving")
        pks = list(wanted.values_list("pk", flat=True)[:MOST])
        count = tell_of_better_rates(advice=pks, on=now.on, by=actor(request), at=now.at)
        return f"{count:,} letters go out." if count != 1 else "One letter goes out."

    return form_panel(
        request, title="Write to who would pay less", form=Write, act=act, submit="Write", back=here,
        crumbs=[LAB, Crumb(TITLE, here)], done=lambda words: Done(words, url=here),
    )  # fmt: skip


def _tiles() -> list[Tile]:
    found: dict[str, Any] = Advice.objects.filter(saving__gt=0).aggregate(saved=Sum("saving"))
    better = Advice.objects.filter(saving__gt=0).count()
    newest = Advice.objects.order_by("-found_at").first()
    return [
        Tile("Looked at", f"{Advice.objects.count():,}", f"bills before {newest.until:%B %Y}" if newest else "nobody"),
        Tile("Would pay less", f"{better:,}"),
        Tile("Together a year", found["saved"] or ZERO),
        Tile("Told", f"{Advice.objects.filter(told_at__isnull=False).count():,}"),
    ]


def _running() -> list[Panel]:
    run = Run.objects.filter(kind=KIND).order_by("-pk").first()
    if run is None or run.state in ENDED:
        return []
    return [Panel("run", "Looking", "lead/rates/running.html", lambda: {"run": run, "ended": False})]
