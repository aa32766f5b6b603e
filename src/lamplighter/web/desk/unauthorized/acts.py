"""Acts of a case: report it, safety and a crew, what was found, bill who used it or what was not measured, close."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.operations import CannotServe
from lamplighter.billing.rules import CannotBill
from lamplighter.credit.models import Investigation
from lamplighter.credit.operations.investigating import close_case
from lamplighter.credit.queries.unauthorized import evidence_at
from lamplighter.credit.rules.unauthorized import CannotInvestigate, Estimate, shown
from lamplighter.fieldwork.operations.ordering import CannotRaise
from lamplighter.journeys import investigating as journey
from lamplighter.tariffs.models import Schedule
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.service.places import choose_from, rate_choices
from lamplighter.web.desk.unauthorized.views import CASES, load_case
from lamplighter.web.loading import load_premise
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

REFUSALS = (CannotInvestigate, CannotRaise, CannotServe, CannotBill)
WORDS = forms.Textarea({"rows": 3})


class Report(Once, Form):
    point = forms.ChoiceField(label="Service point")
    source = OptionsField(label="From", options={one.value: Option(one.label) for one in Investigation.Source})
    words = forms.CharField(label="What was said or seen", max_length=500, widget=WORDS)


@needs("credit.work", "metering.view")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """A case at a premise, with what the meter data say as of now."""
    place = load_premise(request, number, to="credit.work")
    here, seen = reverse("desk:premise", args=[number]), visit(request)
    points = {str(one.pk): one for one in place.service_points.order_by("number")}
    signs = [sign for one in points.values() for sign in evidence_at(one, on=seen.on)]

    def form(*args: Any) -> Report:
        made = Report(*args)
        choose_from(made.fields["point"], [(key, f"Point {one.number}") for key, one in points.items()])
        return made

    def act(form: Report) -> str:
        said = form.cleaned_data
        made = journey.report_use(
            point=points[said["point"]], source=said["source"], words=said["words"], on=seen.on, by=actor(request),
            at=seen.at,
        )  # fmt: skip
        return str(made.pk)

    return form_panel(
        request, title="Report unauthorized use", form=form, act=act, submit="Open a case", back=here,
        crumbs=[Crumb(place.address, here)], refusals=REFUSALS,
        done=lambda pk: Done("The case is open.", url=reverse("desk:investigation", args=[pk])),
        alerts=[Alert(Level.WATCH, sign.sign.label, sign.words) for sign in signs]
        or [Alert(Level.KNOW, "Meter data say nothing", "The case can be opened all the same.")],
    )  # fmt: skip


class Safety(Once, Form):
    danger = OptionsField(
        label="Is anybody in danger?",
        options={"yes": Option("Yes", "Open or hot parts, a by-pass that was seen"), "no": Option("Not that we know")},
    )
    words = forms.CharField(label="What is known", max_length=500, widget=WORDS)


@needs("credit.work", "orders.raise")
def safety(request: HttpRequest, pk: int) -> HttpResponse:
    """First of all; a crew goes, at once where there is danger."""
    case, seen = load_case(request, pk, to="credit.work"), visit(request)

    def act(form: Safety) -> str:
        said = form.cleaned_data
        order = journey.look_at_safety(
            case=case, danger=said["danger"] == "yes", words=said["words"], on=seen.on, by=actor(request), at=seen.at
        )
        return f"Order SO-{order} is {'urgent' if said['danger'] == 'yes' else 'raised'}."

    return _panel(request, case, title="Safety, and a crew", form=Safety, act=act, submit="Send a crew")


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("credit.work")
def visited(request: HttpRequest, pk: int) -> HttpResponse:
    """What the crew reported is taken into the case."""
    case, seen = load_case(request, pk, to="credit.work"), visit(request)

    def act(_: Sure) -> str:
        journey.take_finding(case=case, on=seen.on, by=actor(request), at=seen.at)
        return "The crew's finding stands in the case."

    return _panel(request, case, title="What the crew found", form=Sure, act=act, submit="Take it in")


class User(Once, Form):
    account = forms.CharField(label="Account of who used it", max_length=20)
    rate = forms.ChoiceField(label="Rate")
    since = DayField(label="First day of use")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["rate"], [*rate_choices("residential"), *rate_choices("commercial")])

    def clean_account(self) -> Account:
        found = Account.objects.filter(number=self.cleaned_data["account"].strip(), closed_on__isnull=True).first()
        if found is None:
            raise forms.ValidationError("There is no open account of that number. Open one first: New customer.")
        return found


@needs("credit.work", "service.start")
def bill_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Service from the first day of use, and its bill by the meter's readings."""
    case, seen = load_case(request, pk, to="credit.work"), visit(request)

    def act(form: User) -> str:
        said = form.cleaned_data
        made = journey.bill_user(
            case=case, account=said["account"], schedule=Schedule.objects.get(pk=said["rate"]), since=said["since"],
            on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"Bill {made.number}: {made.charges}."

    return _panel(
        request, case, title="Bill who used it", form=User, act=act, submit="Bill it",
        alerts=[Alert(Level.KNOW, "Service starts on that day", "It is billed by the readings of the meter there.")],
    )  # fmt: skip


class Loss(Once, Form):
    first = DayField(label="First day")
    last = DayField(label="Last day")

    def __init__(self, *args: Any, case: Investigation, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.on = case, visit(request).on
        self.drafted: Estimate | None = None

    def clean(self) -> dict[str, Any]:
        """The estimate for these days, or why there is none."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self.drafted = journey.draft_loss(self.case, first=said["first"], last=said["last"], on=self.on)
            except CannotInvestigate as refused:
                self.add_error(None, str(refused))
        return said


@needs("credit.work", "billing.view")
def bill_loss(request: HttpRequest, pk: int) -> HttpResponse:
    """The estimate with its figures, then exactly that on an invoice."""
    case, seen = load_case(request, pk, to="credit.work"), visit(request)

    def act(form: Loss) -> str:
        assert form.drafted
        made = journey.bill_loss(case=case, estimate=form.drafted, on=seen.on, by=actor(request), at=seen.at)
        return f"Bill {made.number}: {made.charges}."

    return _panel(
        request, case, title="Bill what was not measured", act=act, submit="Bill it",
        form=lambda *args: Loss(*args, case=case, request=request), check=lambda form: _figures(form.drafted),
    )  # fmt: skip


class Damage(Once, Form):
    amount = MoneyField(label="Amount")
    what = forms.CharField(label="What was broken", max_length=100)


@needs("credit.work", "adjustments.ask")
def restitution(request: HttpRequest, pk: int) -> HttpResponse:
    """An invoice to whoever used it."""
    case, seen = load_case(request, pk, to="credit.work"), visit(request)

    def act(form: Damage) -> str:
        said = form.cleaned_data
        made = journey.charge_restitution(
            case=case, amount=said["amount"], what=said["what"], on=seen.on, by=actor(request), at=seen.at
        )
        return f"Bill {made.number}: {made.charges}."

    return _panel(request, case, title="Charge damage", form=Damage, act=act, submit="Charge it")


class Outcome(Once, Form):
    outcome = OptionsField(
        label="What came of it", options={one.value: Option(one.label) for one in Investigation.Outcome}
    )
    words = forms.CharField(label="Why", max_length=500, widget=WORDS)


@needs("credit.work")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """With its outcome and the reason."""
    case, seen = load_case(request, pk, to="credit.work"), visit(request)

    def act(form: Outcome) -> str:
        said = form.cleaned_data
        done = close_case(
            case=case, outcome=said["outcome"], words=said["words"], on=seen.on, by=actor(request), at=seen.at
        )
        return f"Closed: {done.get_outcome_display().lower()}."

    return _panel(request, case, title="Close the case", form=Outcome, act=act, submit="Close it")


def _panel(request: HttpRequest, case: Investigation, **more: Any) -> HttpResponse:
    here = reverse("desk:investigation", args=[case.pk])
    crumbs = [CASES, Crumb(case.point.premise.address, here)]
    return form_panel(request, back=here, crumbs=crumbs, done=Done, refusals=REFUSALS, **more)


def _figures(estimate: Estimate | None) -> list[Fact]:
    assert estimate
    return [
        Fact("Used a year before", f"{shown(estimate.usual)} kWh"), Fact("Measured", f"{shown(estimate.measured)} kWh"),
        Fact("Not measured", f"{shown(estimate.lost)} kWh"),
        Fact("Average price", f"{estimate.cents_per_kwh:.2f} cents a kWh"), Fact("To be billed", estimate.amount),
    ]  # fmt: skip
