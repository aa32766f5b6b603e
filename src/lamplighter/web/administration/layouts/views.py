"""The layouts of lockboxes and pay stations, in force and before; what each says; the form that sets one from a day."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.formats.remittances.layout import BadLayout, Layout, layout_of
from lamplighter.payments.models import SourceLayout, TenderSource
from lamplighter.payments.operations.layouts import SENDS, add_source, set_layout
from lamplighter.web.access import actor, needs
from lamplighter.web.columns import FromColumn, IdColumn, UntilColumn
from lamplighter.web.naming import ActorColumn, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import Column, Table, table_page
from lamplighter.web.visits import visit

TITLE = "Layouts"
RULES = Crumb("Rules and limits", "/admin-desk/rules/")
SHIPPED = {one.name: one.read_text() for one in files("lamplighter.formats.remittances").joinpath("layouts").iterdir()}
OWN = "own"
NEW = {"new-lockbox": TenderSource.Kind.LOCKBOX, "new-pay-station": TenderSource.Kind.PAY_STATION}


class Layouts(Table):
    """The newest first; a row opens what a layout says."""

    source = Column("Files of", accessor="source__name")
    code = IdColumn("Layout")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    citation = Column("Taken from")
    by = ActorColumn("Set by", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:layout", args=[record.pk])


class Fields(Table):
    """One field of a kind of line."""

    line = Column("Line", orderable=False)
    starts = IdColumn("Begins with", orderable=False)
    role = Column("Field", orderable=False)
    where = Column("Where", orderable=False)
    how = Column("How", orderable=False)


class SetLayout(Once, Form):
    source = forms.ChoiceField(label="Files of")
    name = forms.CharField(label="Its name, if it is new", required=False, max_length=60)
    shipped = forms.ChoiceField(label="Layout")
    text = forms.CharField(
        label="Its own layout", required=False, help_text="TOML, as docs/algorithms/remittances.md describes.",
        widget=forms.Textarea({"rows": 8, "class": "code", "spellcheck": "false"}),
    )  # fmt: skip
    citation = forms.CharField(label="Taken from (the sender's guide, and its date)", max_length=200)
    start = DayField(label="For files from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.pk, one.name) for one in TenderSource.objects.filter(kind__in=SENDS).order_by("name")]
        titles = [(name, layout_of(text).title) for name, text in sorted(SHIPPED.items())]
        for field, choices in (
            ("source", [*known, ("new-lockbox", "A new lockbox"), ("new-pay-station", "A new pay station")]),
            ("shipped", [*titles, (OWN, "Its own, below")]),
        ):
            choice = self.fields[field]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = choices

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("source") in NEW and not said["name"].strip():
            self.add_error("name", "Give the new sender a name.")
        if said.get("shipped") == OWN and not said["text"].strip():
            self.add_error("text", "Write the layout, or choose one that comes with the program.")
        said["layout"] = SHIPPED.get(said.get("shipped", ""), said.get("text", ""))
        return said


@needs("system.configure")
def listed(request: HttpRequest) -> HttpResponseBase:
    rows = SourceLayout.objects.select_related("source").annotate(by=named("set_by")).order_by("-period", "-pk")
    return table_page(
        request, title=TITLE, table=Layouts, rows=rows, crumbs=[RULES],
        empty=Empty("None is set: no file of a lockbox or pay station can be taken."),
        actions=[Action("Set a layout", reverse("admin-desk:do-set-layout"), key="s", primary=True)],
    )  # fmt: skip


@needs("system.configure")
def shown(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What stands where in a file of this layout."""
    found = SourceLayout.objects.filter(pk=pk).select_related("source").first()
    if found is None:
        raise Http404("There is no such layout.")
    layout = layout_of(found.text)
    return table_page(
        request, title=layout.title, table=Fields, rows=_fields(layout), empty=Empty("It names no field."),
        crumbs=[RULES, Crumb(TITLE, reverse("admin-desk:layouts"))],
    )  # fmt: skip


@needs("system.configure")
def change(request: HttpRequest) -> HttpResponse:
    here = reverse("admin-desk:layouts")

    def act(form: SetLayout) -> str:
        said, by, at = form.cleaned_data, actor(request), visit(request).at
        if said["source"] in NEW:
            source = add_source(name=said["name"], kind=NEW[said["source"]], by=by, at=at)
        else:
            source = TenderSource.objects.get(pk=said["source"])
        row = set_layout(source=source, text=said["layout"], citation=said["citation"], on=said["start"], by=by, at=at)
        return f"Files of {source.name} are read by {row.code} from {row.period.start:%b %-d, %Y} on."

    return form_panel(
        request, title="Set a layout", form=SetLayout, act=act, submit="Set it", back=here,
        crumbs=[RULES, Crumb(TITLE, here)], done=lambda words: Done(words, url=here), refusals=(BadLayout,),
    )  # fmt: skip


def _fields(layout: Layout) -> list[dict[str, str]]:
    rows = []
    for one in layout.records:
        for field in one.fields:
            columns = f"columns {field.first} to {field.last}"
            scale = "" if field.scale is None else f"{field.scale} decimals without a point"
            rows.append(
                {
                    "line": one.line.value, "starts": one.starts or "anything else", "role": field.role.value,
                    "where": f"field {field.first}" if layout.delimiter else columns, "how": field.pattern or scale,
                }
            )  # fmt: skip
    return rows
