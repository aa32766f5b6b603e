"""The form that shares out what a roof sends back: a service and its percentage on each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.sharing.queries import plans_of
from lamplighter.accounts.types import AgreementKind
from lamplighter.journeys.amendments import Amendment, SharesWere
from lamplighter.kernel.energy import Flow
from lamplighter.metering.models import Channel
from lamplighter.premises.models import ServicePoint
from lamplighter.web.desk.amending.forms import Amending
from lamplighter.web.loading import load_account
from lamplighter.web.ui.forms import DayField
from lamplighter.web.visits import visit

HELP = "On each line an account and its percentage: 204001-9 33.5. They add up to 100. Empty: shared no more."


class Shares(Amending):
    field_order = ["point", "start", "shares", "remark"]
    point = forms.ChoiceField(label="What is sent back at")
    start = DayField(label="From", help_text="Days that are billed already are billed again.")
    shares = forms.CharField(label="Shares", required=False, help_text=HELP,
                             widget=forms.Textarea({"rows": 8, "autocomplete": "off"}))  # fmt: skip

    def __init__(self, *args: Any, points: Sequence[ServicePoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["point"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = [(one.pk, f"{one.premise.address}, point {one}") for one in points]
        self.initial["point"] = points[0].pk
        self.initial["shares"] = _written(points[0], on=visit(self.request).on)

    def change(self, said: Mapping[str, Any]) -> Amendment:
        percents: dict[int, Decimal] = {}
        for number, line in enumerate(said["shares"].splitlines(), start=1):
            if line.strip():
                try:
                    agreement, percent = self._line(line, said["start"])
                    if agreement in percents:
                        raise forms.ValidationError("This account has a share already.")
                    percents[agreement] = percent
                except forms.ValidationError as wrong:
                    self.add_error("shares", f"Line {number}: {wrong.messages[0]}")
        return SharesWere(int(said["point"]), said["start"], tuple(percents.items()))

    def _line(self, line: str, day: date) -> tuple[int, Decimal]:
        """`204001-9 33.5`: the account's one electric service on that day, and its percentage."""
        number, _, told = line.strip().rstrip("%").rpartition(" ")
        try:
            percent = Decimal(told.strip())
        except InvalidOperation:
            percent = Decimal("NaN")
        if not number or not percent.is_finite():
            raise forms.ValidationError("Write an account and its percentage: 204001-9 33.5.")
        rows = Agreement.objects.filter(
            account__number=number.strip(), kind=AgreementKind.ENERGY, period__contains=day, cancelled_at__isnull=True
        )
        found = list(rows[:2])
        if len(found) != 1:
            many = "no electric service" if not found else "more than one electric service"
            raise forms.ValidationError(f"Account {number.strip()} has {many} on that day.")
        load_account(self.request, number.strip(), to="billing.correct")  # never one's own
        return found[0].pk, percent


def points_that_send(agreement: Agreement, *, on: date) -> list[ServicePoint]:
    """The agreement's own points with a meter that counts what is sent back."""
    own = ServicePoint.objects.filter(agreements__agreement=agreement, agreements__period__contains=on)
    sends = Channel.objects.filter(
        quantity=Channel.Quantity.ENERGY, flow=Flow.RECEIVED, meter__installations__point__in=own
    ).values("meter__installations__point")
    return list(own.filter(pk__in=sends).select_related("premise").order_by("pk").distinct())


def _written(point: ServicePoint, *, on: date) -> str:
    """The plan in force on a day, as a person writes it."""
    plans = plans_of([point.pk]).get(point.pk, [])
    plan = next((plan for days, plan in plans if on in days), None)
    shares = [] if plan is None else plan.shares.all()
    return "\n".join(f"{share.agreement.account.number} {share.percent.normalize():f}" for share in shares)
