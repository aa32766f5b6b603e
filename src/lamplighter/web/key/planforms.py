"""The forms of an account plan: begin and review it, set a goal, an action, a risk."""

from __future__ import annotations

from typing import Any

from django import forms

from lamplighter.keyaccounts.measures import MEASURES
from lamplighter.keyaccounts.models import Organisation, Plan
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.web.key.forms import LINES, NextStep
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField

MEASURED = [(key, f"{one.label} ({one.unit})".replace(" ()", "")) for key, one in MEASURES.items()]
SEEN = "The customer's view shows it; what is only for us goes into risks."
GRAVE = {"no": Option("To be watched"), "yes": Option("Grave")}


class NewPlan(Once, Form):
    start = DayField(label="From")
    end = DayField(label="Last day")
    situation = forms.CharField(label="Where it stands", max_length=2000, widget=LINES, help_text=SEEN)
    review_on = DayField(label="Look at it again on")


class Review(Once, Form):
    situation = forms.CharField(label="Where it stands now", max_length=2000, widget=LINES, help_text=SEEN)
    review_on = DayField(label="Look at it again on")
    seen = forms.IntegerField(widget=forms.HiddenInput)


class NewGoal(Once, Form):
    """The baseline is measured when it is left empty."""

    title = forms.CharField(label="Goal", max_length=120)
    measure = forms.ChoiceField(
        label="Measured by",
        choices=[(key, f"{one.label} ({one.unit})".replace(" ()", "")) for key, one in MEASURES.items()],
    )
    service = forms.ChoiceField(label="Of", required=False)
    baseline = forms.DecimalField(
        label="Where it begins", required=False, decimal_places=3, help_text="Left empty, it is measured now."
    )
    target = forms.DecimalField(label="Target", decimal_places=3)
    due_on = DayField(label="By")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        services = [(str(one.pk), str(one.premise)) for one in services_of(organisation)]
        field.choices = [("", "All services together"), *services] if len(services) > 1 else services


class NewAction(NextStep):
    goal = forms.ChoiceField(label="For the goal", required=False)
    field_order = ("words", "goal", "due_on", "owner")

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["goal"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "The plan as a whole"),
            *((str(g.pk), g.title) for g in plan.goals.filter(dropped_at=None)),
        ]


class NewRisk(Once, Form):
    words = forms.CharField(
        label="What may go wrong",
        max_length=500,
        widget=LINES,
        help_text="For ourselves: the customer's view and paper leave it out.",
    )
    grave = OptionsField(
        label="How grave", options={"no": Option("To be watched"), "yes": Option("Grave")}, initial="no"
    )


class Drop(Once, Form):
    why = forms.CharField(label="Why it is given up", max_length=300)
