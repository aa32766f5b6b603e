"""What work saved by the meter: projects with their days, the year before beside the days since, printed on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.intervals.curves.curve import Floats
from lamplighter.intervals.curves.verifying import MOST_OFF, Verified
from lamplighter.keyaccounts.models import Organisation, Project
from lamplighter.keyaccounts.operations import projects as keeping
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.keyaccounts.queries.projects import Outcome, outcome, projects_of
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.usage.queries.verifying import ByMeter
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.forms import choose
from lamplighter.web.key.loading import PORTFOLIO, heading, load_organisation
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Chip, Crumb, Empty, Fact, Level, Tile
from lamplighter.web.ui.wording import day, number, quantity
from lamplighter.web.visits import visit

NONE = Empty("No project is kept. Keep one when the work is done, and the meter tells what it saved.")


class KeepProject(Once, Form):
    """Work and its days."""

    name = forms.CharField(label="What was done", max_length=60, help_text="For example: LED lights in the halls.")
    service = forms.ChoiceField(label="At")
    began_on = DayField(label="First day of the work")
    done_on = DayField(label="Last day of the work", help_text="The days between count on neither side.")

    def __init__(self, *args: Any, services: list[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(one.pk): one for one in services}
        choose(self, "service", [(key, str(one.premise)) for key, one in self.services.items()])


class DropProject(Once, Form):
    """Nothing to fill in."""


@needs("keyaccounts.view", "billing.view")
def savings(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The project that the address names, else the one done last; `?print=1` is its paper."""
    organisation, on = load_organisation(slug), visit(request).on
    above = heading(request, organisation, "key:savings")
    above.pop("found")
    kept = projects_of(organisation)
    asked = request.GET.get("project", "")
    chosen = next((one for one in kept if str(one.pk) == asked), kept[0] if kept else None)
    paper = chosen is not None and "print" in request.GET
    if "keyaccounts.work" in permissions(request):
        above["actions"].insert(0, Action("Keep a project", reverse("key:do-keep-project", args=[slug]), key="k"))
    panels = [
        Panel("saved", chosen.name if chosen else "What was saved", "key/savings/saved.html",
              lambda: _saved(request, slug, kept, chosen, on)),
    ]  # fmt: skip
    template = "key/savings/print.html" if paper else "ui/page.html"
    return page(request, **above, template=template, panels=panels, organisation=organisation, project=chosen)


@needs("keyaccounts.work", "billing.view")
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    services = services_of(organisation)

    def act(form: KeepProject) -> str:
        said = form.cleaned_data
        keeping.keep_project(
            organisation=organisation, agreement=form.services[said["service"]], name=said["name"],
            began_on=said["began_on"], done_on=said["done_on"], on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return "Kept."

    title = f"Keep a project of {organisation}"
    return _panel(request, organisation, title, lambda *args: KeepProject(*args, services=services), act)


@needs("keyaccounts.work", "billing.view")
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    found = next((one for one in projects_of(organisation) if one.pk == pk), None)
    if found is None:
        raise Http404("There is no such project.")

    def act(form: DropProject) -> str:  # noqa: ARG001
        keeping.drop_project(project=found, by=actor(request), at=now.at)
        return "Dropped."

    return _panel(request, organisation, f"Drop “{found.name}”", DropProject, act)


def _panel(
    request: HttpRequest, organisation: Organisation, title: str, form: Callable[..., Any], act: Callable[[Any], str]
) -> HttpResponse:
    back = reverse("key:savings", args=[organisation.slug])
    return form_panel(
        request, title=title, form=form, act=act, back=back, crumbs=[PORTFOLIO, Crumb(str(organisation), back)],
        done=lambda words: Done(words, url=back), refusals=(CannotKeep,),
    )  # fmt: skip


def _saved(request: HttpRequest, slug: str, kept: list[Project], chosen: Project | None, on: date) -> Mapping[str, Any]:
    if chosen is None:
        return {"empty": NONE}
    here = reverse("key:savings", args=[slug])
    chips = [Chip(one.name, f"{here}?project={one.pk}", on=one == chosen) for one in kept] if len(kept) > 1 else []
    drops = "keyaccounts.work" in permissions(request)
    shown = {
        "chips": chips,
        "about": f"{chosen.agreement.premise}. Work from {day(chosen.began_on)} to {day(chosen.done_on)}.",
        "drop": reverse("key:do-drop-project", args=[slug, chosen.pk]) if drops else "",
    }
    return shown | _told(outcome(chosen, on=on), f"{here}?project={chosen.pk}&print=1")


def _told(found: Outcome, paper: str) -> dict[str, Any]:
    if found.by_meter is None:
        return {"alerts": [Alert(Level.WATCH, "The meter does not tell what it saved", found.refused)]}
    return {
        "paper": paper,
        "tiles": tiles(found.by_meter.verified),
        "sentence": sentence(found.by_meter),
        "facts": facts(found.by_meter),
        "chart": chart(found.by_meter),
    }


def tiles(found: Verified) -> list[Tile]:
    low, high = found.kwh - found.off_kwh, found.kwh + found.off_kwh
    return [
        Tile("Saved in a year", quantity(found.kwh, "kWh"), f"from {number(low, 0)} to {number(high, 0)}"),
        Tile("Of the use", f"{found.share:.1%}", "at the same weather"),
        Tile("A day is missed by", f"{found.cv:.1%}", "CV(RMSE); over 25% nothing is told"),
        Tile("Explained", f"{found.r2:.0%}", "of the days' differences (R²)"),
    ]


def sentence(found: ByMeter) -> str:
    """The saving with how sure it is, fit to be read aloud."""
    one = found.verified
    low, high = quantity(one.kwh - one.off_kwh, "kWh"), quantity(one.kwh + one.off_kwh, "kWh")
    if one.kwh <= one.off_kwh and one.kwh >= -one.off_kwh:
        return f"No saving can be told from chance: it may be anything from {low} to {high} a year."
    word = "less" if one.kwh > 0 else "more"
    words = (
        f"At the same weather {quantity(abs(one.kwh), 'kWh')} a year {word} are used, {abs(one.share):.1%} of the use."
    )
    sure = f" Nine times in ten it lies between {low} and {high}."
    weak = "" if one.sure else f" That is more than {MOST_OFF:.0%} off, two times in three: too rough for a claim."
    return words + sure + weak


def facts(found: ByMeter) -> list[Fact]:
    one = found.verified
    return [
        Fact("The year before", f"{day(found.before.start)} to {day(found.before.last_day)}, {one.before} days known"),
        Fact("The days since", f"{day(found.since.start)} to {day(found.since.last_day)}, {one.after} days known"),
        Fact("Fit of that year", f"CV(RMSE) {one.cv:.1%}, PNRMSE {one.pn:.2f}, R² {one.r2:.2f}"),
        Fact("Method", "IPMVP option C: daily use by degree-days and working days, interval by ASHRAE Guideline 14"),
    ]


def chart(found: ByMeter) -> Bars:
    """Month by month since: what was used beside what would have been."""
    months = list(dict.fromkeys((one.year, one.month) for one in found.since))
    of = np.array([months.index((one.year, one.month)) for one in found.since])
    known = ~np.isnan(found.used) & ~np.isnan(found.verified.would)
    used, would = (
        np.bincount(of[known], weights=days[known], minlength=len(months)).astype(np.float64)
        for days in (found.used, found.verified.would)
    )
    labels = [f"{date(year, month, 1):%b} ’{year % 100:02}" for year, month in months]
    title = f"{quantity(float(used.sum()), 'kWh')} used; {quantity(float(would.sum()), 'kWh')} would have been."
    return Bars(
        "saved", title, "Without the work, by the weather of the same days; days that are not known are in neither.",
        labels, [Series("Used", _whole(used)), Series("Without the work", _whole(would), "tick")], "kWh", "Month",
    )  # fmt: skip


def _whole(values: Floats) -> list[Decimal | None]:
    return [Decimal(float(value)).quantize(Decimal(1)) for value in values]
