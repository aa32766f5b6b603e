"""Meters that stand nowhere: where they are, moved between places, and new ones that come in, by lot or singly."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.aggregates import StringAgg
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.fieldwork.queries.crews import crew_choices
from lamplighter.metering.kinds import METER_KINDS
from lamplighter.metering.models import Installation, Meter, Whereabouts
from lamplighter.metering.operations import CannotInstall, LotIn, move_meters, receive_meters
from lamplighter.metering.rules import sample_size
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Action, Crumb, Empty, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, Table, table_page
from lamplighter.web.visits import visit

MOST = 500
BADGE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9./-]{1,39}$")
LOT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]*$")
STOCK = Crumb("Meters in stock", "/desk/meters/")
UNSAID = "Not said"
PLACES = {
    "In the warehouse": Tone.GOOD, "On a truck": Tone.INFO, "Taken out, not looked at yet": Tone.WATCH,
    "In the meter shop": Tone.WATCH, "Retired": Tone.PLAIN, UNSAID: Tone.PLAIN,
}  # fmt: skip
MOVED_TO = tuple(place for place in Whereabouts.Place if place != Whereabouts.Place.RETURNED)
"""A meter is taken out by a crew; it is moved to any other place here."""
CLASSES = [("0.5", "0.5"), ("0.2", "0.2"), ("1", "1"), ("2", "2")]


class Stock(Table):
    """Meters that stand nowhere now."""

    badge = Column("Meter")
    maker = Column("Maker")
    model = Column("Model")
    measures = Column("Measures", orderable=False)
    place = BadgeColumn("Where", empty_values=(), tones=PLACES)
    holder = Column("Truck")
    lot = Column("Lot", accessor="lot__lot__number", order_by="lot__lot__number")

    def value_place(self, value: str | None) -> str:
        return str(Whereabouts.Place(value).label) if value else UNSAID

    def render_place(self, value: str | None) -> Any:
        return self.columns["place"].column.render(self.value_place(value))

    def row_url(self, record: Any) -> str:
        return reverse("desk:meter", args=[record.badge])


class StockFilters(django_filters.FilterSet):  # type: ignore[misc]
    place = django_filters.ChoiceFilter(label="Where", choices=Whereabouts.Place.choices)
    lot__lot__number = django_filters.CharFilter(label="Lot", lookup_expr="iexact")


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
    lot = forms.CharField(
        label="Lot", max_length=40, required=False, validators=[RegexValidator(LOT, "Letters and digits.")],
        help_text="The delivery's number. Samples of a lot are tested before any of it is set.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    accuracy_class = forms.ChoiceField(label="Accuracy class", choices=CLASSES, required=False)
    sample = forms.IntegerField(
        label="Tested before any is set", min_value=0, required=False,
        help_text="Empty: as many as ANSI/ASQ Z1.4, level II, asks for.",
    )  # fmt: skip
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
        return badges_of(self.cleaned_data["badges"])

    @property
    def came(self) -> LotIn | None:
        """The lot that was named, if one was."""
        said = self.cleaned_data
        if not said["lot"]:
            return None
        tested = sample_size(len(said["badges"])) if said["sample"] is None else said["sample"]
        return LotIn(said["lot"], Decimal(said["accuracy_class"] or CLASSES[0][0]), tested)


class Move(Once, Form):
    badges = forms.CharField(
        label="Numbers on their faces", help_text=f"One a line, up to {MOST}.", max_length=50 * MOST,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off"}),
    )  # fmt: skip
    place = OptionsField(
        label="Where", options={one.value: Option(str(one.label)) for one in Whereabouts.Place if one in MOVED_TO}
    )
    crew = forms.ChoiceField(label="Truck", required=False, help_text="Only where a truck has them.")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["crew"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", ""), *((name, name) for _, name in crew_choices(on))]

    def clean_badges(self) -> list[str]:
        return badges_of(self.cleaned_data["badges"])


def badges_of(typed: str) -> list[str]:
    """One number a line. Raises ValidationError with the line that is none."""
    lines = [line.strip() for line in typed.splitlines()]
    badges = [line for line in lines if line]
    if wrong := next((i for i, line in enumerate(lines, 1) if line and not BADGE.match(line)), None):
        raise forms.ValidationError(f"Line {wrong}: {lines[wrong - 1][:40]} is not a meter number.")
    if len(badges) > MOST:
        raise forms.ValidationError(f"{len(badges)} numbers: up to {MOST} at once.")
    return badges


@needs("metering.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    stands = Installation.objects.filter(meter=OuterRef("pk"), span__endswith__isnull=True)
    now = Whereabouts.objects.filter(meter=OuterRef("pk"), span__contains=visit(request).at)
    rows = Meter.objects.exclude(Exists(stands)).select_related("lot__lot").annotate(
        measures=StringAgg("channels__name", ", ", order_by="channels__id"), place=Subquery(now.values("place")[:1]),
        holder=Subquery(now.values("holder")[:1]),
    )  # fmt: skip
    acts = [
        Action("Add meters", reverse("desk:do-receive-meters"), key="n", primary=True),
        Action("Move", reverse("desk:do-move-meters"), key="m"),
    ]
    lots = Action("Lots", reverse("desk:lots"), key="l", panel=False)
    return table_page(
        request, title=STOCK.text, table=Stock, rows=rows.order_by("badge"), filters=StockFilters,
        actions=[*(acts if "metering.change" in permissions(request) else []), lots],
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
            model=said["model"], on=said["since"], by=actor(request), at=visit(request).at, lot=form.came,
        )  # fmt: skip
        return str(len(made))

    return form_panel(
        request, title="Add meters", form=form, act=act, submit="Add them", back=STOCK.url, crumbs=[STOCK],
        done=lambda count: Done(f"{count} in stock. Orders set them by their numbers.", url=STOCK.url),
        refusals=(CannotInstall,), busy="Adding…",
    )  # fmt: skip


@needs("metering.change", "metering.view")
def move(request: HttpRequest) -> HttpResponse:
    def form(*args: Any) -> Move:
        return Move(*args, on=visit(request).on)

    def act(form: Move) -> str:
        said = form.cleaned_data
        moved = move_meters(
            badges=said["badges"], place=said["place"], holder=said["crew"], by=actor(request), at=visit(request).at
        )
        return f"{len(moved)}"

    return form_panel(
        request, title="Move meters", form=form, act=act, submit="Move them", back=STOCK.url, crumbs=[STOCK],
        done=lambda count: Done(f"{count} moved.", url=STOCK.url), refusals=(CannotInstall,), busy="Moving…",
    )  # fmt: skip
