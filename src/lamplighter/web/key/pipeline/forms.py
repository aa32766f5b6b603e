"""The forms of a development: few fields, the usual answer filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from lamplighter.accounts.models import Account
from lamplighter.keyaccounts.models import DevelopmentNeed, DevelopmentStage, Organisation
from lamplighter.keyaccounts.operations.developments import ENDED, MOST_RAMP, ORDER
from lamplighter.keyaccounts.planning import Planning, Use
from lamplighter.web.key.forms import KINDS, LINES, people_of_the_desk
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.visits import Visit

SIZE = "size_"
Stage = DevelopmentStage.Stage


class Open(Once, Form):
    """A request for service."""

    name = forms.CharField(label="Development", max_length=58)
    developer = forms.ChoiceField(label="Developer")
    place = forms.CharField(label="Where", max_length=120)
    feeder = forms.ChoiceField(label="Feeder that would carry it")
    customer_class = forms.ChoiceField(label="Class", choices=Account.CustomerClass.choices)
    wanted_on = DayField(label="Power wanted on")
    ramp_months = forms.IntegerField(label="Months until the buildings are full", min_value=1, max_value=MOST_RAMP)
    user = forms.ChoiceField(label="Who looks after it")

    def __init__(self, *args: Any, now: Visit, planning: Planning, **kwargs: Any) -> None:
        initial = {"wanted_on": now.on + timedelta(days=365), "ramp_months": 12, "customer_class": "commercial"}
        super().__init__(*args, initial=initial, **kwargs)
        rows = Organisation.objects.order_by("person__sort_name").values_list("slug", "person__name")
        _choose(self, "developer", [("", "Choose"), *rows])
        _choose(self, "feeder", [(one, one) for one in planning.feeders])
        people_of_the_desk(self, "user", now)


class Letter(Once, Form):
    """A load letter: the size of each kind of building, left empty where there is none."""

    received_on = DayField(label="Received on")
    stated_kva = forms.DecimalField(label="Demand that their engineer states (kVA)", required=False, max_digits=8,
                                    decimal_places=1, min_value=Decimal("0.1"))  # fmt: skip

    def __init__(self, *args: Any, planning: Planning, now: Visit, sizes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, initial={"received_on": now.on}, **kwargs)
        for one in planning.buildings.values():
            self.fields[SIZE + one.key] = forms.DecimalField(
                label=f"{one.label} ({one.per})", required=False, max_digits=10, decimal_places=1,
                min_value=Decimal("0.1"), initial=sizes.get(one.key),
            )  # fmt: skip

    def uses(self) -> list[Use]:
        said = self.cleaned_data
        named = ((name.removeprefix(SIZE), said[name]) for name in self.fields if name.startswith(SIZE))
        return [Use(key, size) for key, size in named if size]


class Move(Once, Form):
    """The next stage, an earlier one, or withdrawn."""

    stage = forms.ChoiceField(label="It came to")
    on = DayField(label="On")
    words = forms.CharField(label="Why, where it goes back or is withdrawn", required=False, max_length=500,
                            widget=LINES)  # fmt: skip

    def __init__(self, *args: Any, now: Visit, stage: Stage, **kwargs: Any) -> None:
        at = ORDER.index(stage)
        listed = [*ORDER[at + 1 : at + 2], *reversed(ORDER[:at]), Stage.WITHDRAWN]
        super().__init__(*args, initial={"on": now.on}, **kwargs)
        _choose(self, "stage", [(one.value, str(one.label)) for one in listed])


class Wanted(Once, Form):
    wanted_on = DayField(label="Power wanted on")
    why = forms.CharField(label="Why the day changes", max_length=300)


class Need(Once, Form):
    kind = forms.ChoiceField(label="What", choices=DevelopmentNeed.Kind.choices)
    words = forms.CharField(label="In a line", max_length=120)
    amount = MoneyField(label="Amount, of a fee or contribution", required=False)
    waits_on = OptionsField(
        label="Waits on", options={key: Option(str(label)) for key, label in DevelopmentNeed.Side.choices},
        initial=DevelopmentNeed.Side.DEVELOPER.value,
    )  # fmt: skip
    since = DayField(label="Since")
    expected_on = DayField(label="Expected on", required=False)


class ChangeNeed(Once, Form):
    waits_on = OptionsField(
        label="Waits on", options={key: Option(str(label)) for key, label in DevelopmentNeed.Side.choices}
    )
    since = DayField(label="Since")
    expected_on = DayField(label="Expected on", required=False)


class MeetNeed(Once, Form):
    met_on = DayField(label="Met on")
    reference = forms.CharField(label="Its number", required=False, max_length=60,
                                help_text="Of the invoice, the recording, the purchase order.")  # fmt: skip


class Meeting(Once, Form):
    """Minutes, and what comes of them."""

    kind = OptionsField(label="How", options=KINDS, initial="meeting")
    words = forms.CharField(label="Minutes", max_length=4000, widget=forms.Textarea({"rows": 5}))
    step = forms.CharField(label="Task", required=False, max_length=300)
    step_due = DayField(label="By", required=False)
    user = forms.ChoiceField(label="Whose task")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people_of_the_desk(self, "user", now)


class Task(Once, Form):
    words = forms.CharField(label="What is to be done", max_length=300)
    due_on = DayField(label="By")
    user = forms.ChoiceField(label="Who")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": now.on + timedelta(days=7)}, **kwargs)
        people_of_the_desk(self, "user", now)


class AdoptPlanning(Once, Form):
    file = forms.FileField(label="Planning file (TOML)",
                           help_text="Kinds of buildings, transformers and feeders, with their source.")  # fmt: skip


def movable(stage: Stage) -> bool:
    return stage not in ENDED


def _choose(form: forms.BaseForm, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
