"""The forms of a negotiation: few fields, what was said last filled in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from lamplighter.customers.models import Person
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.models import Organisation, TermsDraft
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.keyaccounts.terms import MOST_MONTHS, Terms, terms_of
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField

LINES = forms.Textarea({"rows": 3})
NOTHING = Money(0)


def percent(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=7, decimal_places=4, min_value=Decimal(0),
                              max_value=Decimal(100), help_text=hint)  # fmt: skip


class Begin(Once, Form):
    """A negotiation with one customer."""

    code = forms.CharField(label="Contract", max_length=20, help_text="Such as SC-05.")
    name = forms.CharField(label="What it is", max_length=80)
    service = forms.ChoiceField(label="Service")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.pk), str(one.premise)) for one in services_of(organisation)]

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class Version(Once, Form):
    """A version of terms. `seen` is the newest version that was on the table when the form was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    alternative = forms.CharField(
        label="Alternative", max_length=40,
        help_text="Of the same name it is the next version; another name is another alternative.",
    )  # fmt: skip
    side = OptionsField(
        label="Whose", options={key: Option(str(label)) for key, label in TermsDraft.Side.choices}, initial="ours"
    )
    start = DayField(label="From")
    months = forms.IntegerField(label="Term (months)", min_value=1, max_value=MOST_MONTHS)
    notice_days = forms.IntegerField(label="Notice before its end (days)", min_value=0)
    energy_percent = percent("Off energy charges (%)")
    demand_percent = percent("Off demand charges (%)")
    facilities = MoneyField(label="Facilities charge a month", required=False, least=NOTHING)
    minimum = MoneyField(label="Minimum bill a month, before taxes", required=False, least=NOTHING)
    least_kwh = forms.DecimalField(
        label="Minimum take of each bill (kWh)", required=False, max_digits=12, decimal_places=2, min_value=Decimal(0),
        help_text="Not billed: each bill is held to it, and you are told of a shortfall.",
    )  # fmt: skip
    renewable_percent = percent("Renewable share (%)")
    renewable_dollars = forms.DecimalField(label="More for each renewable kWh ($)", required=False, max_digits=8,
                                           decimal_places=6, min_value=Decimal(0))  # fmt: skip
    clauses = forms.CharField(label="Other clauses", required=False, max_length=2000, widget=LINES,
                              help_text="In words, as they stand on the term sheet.")  # fmt: skip
    words = forms.CharField(label="Why this version, for ourselves", required=False, max_length=1000, widget=LINES)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                said["terms"] = _terms(said)
            except CannotKeep as refused:
                self.add_error(None, str(refused))
        return said


class AskApproval(Once, Form):
    board = forms.CharField(label="The board's decision", max_length=40, help_text="Such as Resolution 2026-31.")
    board_on = DayField(label="Decided on")
    remark = forms.CharField(label="For whoever approves", required=False, max_length=500, widget=LINES)


class Sign(Once, Form):
    signer = forms.ChoiceField(label="Signed for the customer by")
    signed_on = DayField(label="On")

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["signer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.pk), one.name) for one in people]


class GiveUp(Once, Form):
    why = forms.CharField(label="Why", max_length=300)


class End(Once, Form):
    last_day = DayField(label="Last day")
    why = forms.CharField(label="Why before its term", max_length=300)


class AdoptCosts(Once, Form):
    file = forms.FileField(label="Costs file (TOML)", help_text="One [[marginal]], with the day from which it holds.")


def shown(draft: TermsDraft) -> dict[str, Any]:
    """A version as the form shows it, to write the next from."""
    terms = terms_of(draft.terms)
    return {
        "alternative": draft.alternative, "clauses": str(draft.clauses or ""),
        "start": terms.start, "months": terms.months,
        "notice_days": terms.notice_days, "facilities": terms.facilities or None, "minimum": terms.minimum or None,
        **{name: _plain(getattr(terms, name)) for name in
           ("energy_percent", "demand_percent", "least_kwh", "renewable_percent", "renewable_dollars")},
    }  # fmt: skip


def _terms(said: dict[str, Any]) -> Terms:
    zero = Decimal(0)
    return Terms(
        start=said["start"], months=said["months"], notice_days=said["notice_days"],
        energy_percent=said["energy_percent"] or zero, demand_percent=said["demand_percent"] or zero,
        facilities=said["facilities"] or NOTHING, minimum=said["minimum"] or NOTHING,
        least_kwh=said["least_kwh"] or zero, renewable_percent=said["renewable_percent"] or zero,
        renewable_dollars=said["renewable_dollars"] or zero,
    )  # fmt: skip


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else ""
