"""The form in which a drawer is counted: pieces by denomination, other tenders by kind, never what should be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.cash.counting import DENOMINATIONS, OTHERS, Counted
from lamplighter.payments.models import Tender
from lamplighter.web.ui.forms import Form, MoneyField, Once

MOST_PIECES = 9999
DOLLAR = 100


class Count(Once, Form):
    """Empty is none. Answers with `counted`."""

    draft = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cents in DENOMINATIONS:
            self.fields[f"pieces_{cents}"] = forms.IntegerField(
                label=str(Money(cents)), required=False, min_value=0, max_value=MOST_PIECES,
                widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip
        for kind in OTHERS:
            label = f"{Tender.Kind(kind).label}, all together"
            self.fields[f"other_{kind}"] = MoneyField(label=label, required=False, least=ZERO)

    @property
    def pieces(self) -> list[BoundField]:
        return [self[f"pieces_{cents}"] for cents in DENOMINATIONS]

    @property
    def others(self) -> list[BoundField]:
        return [self[f"other_{kind}"] for kind in OTHERS]

    @property
    def counted(self) -> Counted:
        said = self.cleaned_data
        pieces = {cents: said[f"pieces_{cents}"] or 0 for cents in DENOMINATIONS}
        return Counted(pieces, {kind: said[f"other_{kind}"] for kind in OTHERS if said[f"other_{kind}"]})
