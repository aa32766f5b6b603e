"""Forms in our look: label, hint, error at the field, the same words in a summary on top (GOV.UK's pattern).

`{{ form }}` renders all of it, in Tabler and in Bootstrap alike. A form that moves money is also `Once`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict

from lamplighter.kernel.money import Money

AMOUNT = re.compile(r"([-\u2212]?\$?|\$[-\u2212])(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?")
"""Commas stand between thousands alone: who types 12,50 means no $1,250."""
CONTROL = "form-control"
BOUNDS = {
    "min_value": "is %(limit_value)s at least.",
    "max_value": "is %(limit_value)s at most.",
    "max_length": "has %(show_value)d characters, and %(limit_value)d at most are kept.",
}
"""What a field says of an answer beyond its bounds, after its name: the summary stands far from the field."""


class Field(BoundField):
    """A field that gives its widget the class that styles it."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        classes = [shown.attrs.get("class", ""), _class_of(shown), "is-invalid" if self.errors else ""]
        if style := " ".join(filter(None, classes)):
            attrs["class"] = style
        return attrs


class Renderer(TemplatesSetting):
    """`settings.FORM_RENDERER`: every form of the program, and of its libraries, looks like ours."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field


class Form(forms.Form):
    """A form with our manners. `draft` names what a browser may keep of it until it is done; "" keeps nothing."""

    draft = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            if field.label and field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                verb = "Choose" if isinstance(field, forms.ChoiceField) else "Fill in"
                field.error_messages["required"] = f"{verb} “{field.label}”."
            for code, words in BOUNDS.items() if field.label else ():
                field.error_messages.setdefault(code, f"“{str(field.label).replace('%', '%%')}” {words}")


class Once(forms.Form):
    """A form that acts once however often it is sent: it carries a one-time key (platform.operations.requests)."""

    request_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": "This form has lost its key. Open it again.", "invalid": "Open this form again."},
    )


def carry(form: forms.Form, name: str, value: str) -> None:
    """Let a form that is shown again send back what it found out; each field keeps all of its answers."""
    assert isinstance(form.data, QueryDict), "a bound form has what was sent"
    said = form.data.copy()
    said[name] = value
    form.data = said


class AsShown(forms.Form):
    """A form whose answers are shown before they are acted on: what is confirmed must be the draft that was shown."""

    digest = forms.CharField(required=False, widget=forms.HiddenInput)

    def hold_to(self, digest: str, changed: str) -> None:
        """Called by `clean` with the name of the draft of these answers; `changed` says that it is another now."""
        if "confirmed" in self.data and self.cleaned_data["digest"] != digest:
            self.add_error(None, changed)
        carry(self, "digest", digest)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice with its hint and the key that chooses it."""

    label: str
    hint: str = ""
    key: str = ""

    def __str__(self) -> str:
        return self.label


class MoneyInput(forms.TextInput):
    template_name = "ui/forms/money.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return str(value.dollars) if isinstance(value, Money) else value


class MoneyField(forms.Field):
    """Dollars and cents as people type them (`$1,234.5`, `60`), as Money."""

    widget = MoneyInput

    def __init__(self, *, least: Money | None = Money(1), most: Money | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def to_python(self, value: Any) -> Money | None:
        if value in self.empty_values or isinstance(value, Money):
            return value or None
        typed = str(value).strip()
        if not AMOUNT.fullmatch(typed):
            raise forms.ValidationError("Enter dollars and cents, like 84.66.", code="invalid")
        return Money.exactly(re.sub(r"[$,]", "", typed).replace("\u2212", "-"))

    def validate(self, value: Money | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise forms.ValidationError(f"Enter {self.least} or more.", code="least")
        if self.most is not None and value > self.most:
            raise forms.ValidationError(f"Enter {self.most} or less.", code="most")


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A service day, from the browser's own date control. One far from any life is a slip of the keys."""

    widget = DayInput

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if said is not None and not FIRST_DAY <= said <= LAST_DAY:
            raise forms.ValidationError(f"Enter a day from {FIRST_DAY.year} to {LAST_DAY.year}.")
        return said


class RadioRows(forms.RadioSelect):
    """Choices one below the other; the digits choose while one of them has focus, and their own keys anywhere."""

    template_name = "ui/forms/radio_rows.html"


class OptionsField(forms.ChoiceField):
    """Radio rows: `OptionsField(options={"cash": Option("Cash", key="c"), ...})`."""

    widget = RadioRows

    def __init__(self, *, options: Mapping[str, Option], **kwargs: Any) -> None:
        super().__init__(choices=[(value, option) for value, option in options.items()], **kwargs)


class CheckRows(forms.CheckboxSelectMultiple):
    template_name = "ui/forms/radio_rows.html"


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary, and the id of the field that it leads to."""

    field_id: str
    message: str


def problems(form: forms.BaseForm) -> list[Problem]:
    """Every error of a form, in the order of its fields."""
    found = [Problem("", str(message)) for message in form.non_field_errors()]
    for name, messages in form.errors.items():
        if name in form.fields:
            found += [Problem(_first_control(form[name]), str(message)) for message in messages]
    return found


def fields_of(form: forms.BaseForm, names: Iterable[str] = ()) -> list[BoundField]:
    """The visible fields, or those named, in that order."""
    return [form[name] for name in names] if names else form.visible_fields()


def _first_control(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    return f"{field.auto_id}_0" if isinstance(field.field.widget, forms.RadioSelect | CheckRows) else field.auto_id


def _class_of(widget: forms.Widget) -> str:
    match widget:
        case forms.HiddenInput() | RadioRows() | CheckRows():
            return ""
        case forms.CheckboxInput():
            return "form-check-input"
        case forms.Select():
            return "form-select"
    return CONTROL
