"""Meters that stand nowhere, and new ones that come in: field orders set them by the number on their face."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.metering.kinds import METER_KINDS
from lamplighter.metering.models import Installation, Meter
from lamplighter.metering.operations import CannotInstall, receive_meters
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import Column, Table, table_page
from lamplighter.web.visits import visit

MOST = 500
BADGE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9./-]{1,39}$")
STOCK = Crumb("Meters in stock", "/desk/meters/")


class Stock(Table):
    """Meters that stand nowhere now."""

    badge = Column("Meter")
    maker = Column("Maker")
    model = Column("Model")
    measures = Column("Measures", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("desk:meter", args=[record.badge])


class Receive(Once, Form):
    kind = OptionsField(
        label="Kind", options={one.key: Option(one.label, one.says) for one in METER_KINDS.values()}, initial="hourly"
    )
    badges = forms.CharField(
        label="Numbers on their faces", help_text=f"One a line, up to {MOST}.", max_length=50 * MOST,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off"}),
    )  # fmt: skip
    maker = forms.CharField(label="Maker", max_length=40, required=False)
    model = forms.CharField(label="Model", max_length=40, required=False)
    since = DayField(label="In stock since", help_text="No later than the day of the first that was set.")
    multiplier = forms.DecimalField(
        label="Multiplier", min_value=Decimal("0.000001"), max_digits=14, decimal_places=6, initial=Decimal(1),
        help_text="CT ratio x PT ratio x the meter's constant; 1 for most.",
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = self.latest = on

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > self.latest:
            raise forms.ValidationError("This lies ahead.")
        return since

    def clean_badges(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["badges"]).splitlines()]
        badges = [line for line in lines if line]
        if wrong := next((i for i, line in enumerate(lines, 1) if line and not BADGE.match(line)), None):
            raise forms.ValidationError(f"Line {wrong}: {lines[wrong - 1][:40]} is not a meter number.")
        if len(badges) > MOST:
            raise forms.ValidationError(f"{len(badges)} numbers: up to {MOST} at once.")
        return badges


@needs("metering.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    stands = Installation.objects.filter(meter=OuterRef("pk"), span__endswith__isnull=True)
    rows = Meter.objects.exclude(Exists(stands)).annotate(
        measures=StringAgg("channels__name", ", ", order_by="channels__id")
    )
    add = Action("Add meters", reverse("desk:do-receive-meters"), key="n", primary=True)
    return table_page(
        request, title=STOCK.text, table=Stock, rows=rows.order_by("badge"),
        actions=[add] if "metering.change" in permissions(request) else [],
        empty=Empty("Every meter stands somewhere."),
    )  # fmt: skip


@needs("metering.change", "metering.view")
def receive(request: HttpRequest) -> HttpResponse:
    on = visit(request).on

    def form(*args: Any) -> Receive:
        return Receive(*args, on=on)

    def act(form: Receive) -> str:
        said = form.cleaned_data
        made = receive_meters(
            badges=said["badges"], kind=METER_KINDS[said["kind"]], multiplier=said["multiplier"], maker=said["maker"],
            model=said["model"], on=said["since"], by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return str(len(made))

    return form_panel(
        request, title="Add meters", form=form, act=act, submit="Add them", back=STOCK.url, crumbs=[STOCK],
        done=lambda count: Done(f"{count} in stock. Orders set them by their numbers.", url=STOCK.url),
        refusals=(CannotInstall,), busy="Adding…",
    )  # fmt: skip
