"""The forms of a manager's acts: few fields, the usual answer filled in, Enter posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms

from lamplighter.keyaccounts.models import Assignment, Issue, Obligation, Organisation, Tie, Touch
from lamplighter.keyaccounts.queries.history import people_of
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.platform.models import User
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.visits import Visit

LINES = forms.Textarea({"rows": 3})
KINDS = {
    Touch.Kind.CALL.value: Option("Call", key="c"),
    Touch.Kind.EMAIL.value: Option("Email", key="m"),
    Touch.Kind.VISIT.value: Option("Visit", key="b"),
    Touch.Kind.MEETING.value: Option("Meeting", key="g"),
    Touch.Kind.TALK.value: Option("Presentation", key="r"),
}
MANAGERS = ("account-manager", "lead-account-manager")


class Sure(Once, Form):
    """Nothing to fill in: only whether."""


class Log(Once, Form):
    """Who, how, one line, and what comes next: ten seconds."""

    who = forms.ChoiceField(label="With", required=False)
    kind = OptionsField(label="How", options=KINDS, initial=Touch.Kind.CALL.value)
    words = forms.CharField(
        label="What was said", max_length=1000, widget=forms.TextInput({"autocomplete": "off", "data-focus": ""})
    )
    step = forms.CharField(label="Next step", required=False, max_length=300,
                           widget=forms.TextInput({"autocomplete": "off"}))  # fmt: skip
    step_due = DayField(label="By", required=False)
    draft = "key.log"

    def __init__(self, *args: Any, organisation: Organisation | None, now: Visit, **kwargs: Any) -> None:
        initial = {"step_due": now.on + timedelta(days=7), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        if organisation is None:
            del self.fields["who"]
        else:
            ties = people_of(organisation, on=now.on)
            choose(self, "who", [("", "Nobody in particular"), *((str(t.person_id), t.person.name) for t in ties)])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("step"):
            said["step_due"] = None
        elif not said.get("step_due"):
            self.add_error("step_due", "Say by which day.")
        return said


class LogAny(Log):
    """The same from anywhere: the account comes first."""

    organisation = forms.ChoiceField(label="Account")
    field_order = ("organisation", "kind", "words", "step", "step_due")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, organisation=None, now=now, **kwargs)
        rows = Organisation.objects.order_by("person__sort_name").values_list("slug", "person__name")
        choose(self, "organisation", [("", "Choose"), *rows])
        del self.fields["words"].widget.attrs["data-focus"]
        self.fields["organisation"].widget.attrs["data-focus"] = ""


class NextStep(Once, Form):
    words = forms.CharField(label="What is to be done", max_length=300)
    due_on = DayField(label="By")
    owner = forms.ChoiceField(label="By whom")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": now.on + timedelta(days=7)}, **kwargs)
        people_of_the_desk(self, "owner", now)


class NewIssue(Once, Form):
    about = OptionsField(label="About", options={key: Option(str(label)) for key, label in Issue.About.choices})
    words = forms.CharField(label="What must be settled", max_length=1000, widget=LINES)
    promised_on = DayField(label="Promised for")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"promised_on": now.on + timedelta(days=5)}, **kwargs)


class HandOver(NewIssue):
    """A representative gives an account's matter to the account managers."""

    about = OptionsField(label="About", options={key: Option(str(label)) for key, label in Issue.About.choices},
                         initial="complaint")  # fmt: skip
    words = forms.CharField(
        label="What must be settled", max_length=1000, widget=LINES,
        help_text="What the customer wants, what was tried, what you promised. The account's history goes along.",
    )  # fmt: skip


class PromiseAgain(Once, Form):
    promised_on = DayField(label="Promised for")
    why = forms.CharField(label="Why the day changes", max_length=300)


class Close(Once, Form):
    outcome = OptionsField(
        label="What came of it", options={key: Option(str(label)) for key, label in Issue.Outcome.choices}
    )
    words = forms.CharField(label="In words that can be read to the customer", max_length=1000, widget=LINES)


class Person(Once, Form):
    """Somebody at an organisation: new, or known already by their number."""

    given = forms.CharField(label="Given name", required=False, max_length=80)
    family = forms.CharField(label="Family name", required=False, max_length=79)
    number = forms.CharField(label="Or the number of a person who is known", required=False, max_length=20)
    part = OptionsField(label="Part", options={key: Option(str(label)) for key, label in Tie.Part.choices})
    title = forms.CharField(label="Title", required=False, max_length=60)
    mobile = forms.CharField(label="Mobile", required=False, max_length=40)
    email = forms.EmailField(label="Email", required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("number") and not (said.get("given") and said.get("family")):
            self.add_error("family", "Give both names, or the number of a person who is known.")
        return said


class Assign(Once, Form):
    user = forms.ChoiceField(label="Who")
    part = OptionsField(label="As", options={key: Option(str(label)) for key, label in Assignment.Part.choices})
    on = DayField(label="From")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": now.on, "part": "lead"}, **kwargs)
        people_of_the_desk(self, "user", now)


class Describe(Once, Form):
    segment = forms.CharField(label="Segment", required=False, max_length=40)
    business_code = forms.CharField(label="Business code (NAICS)", required=False, max_length=6)
    community = forms.IntegerField(label="How much the town depends on it", min_value=0, max_value=3,
                                   help_text="0 not at all, 3 as on a hospital. It counts for the tier.")  # fmt: skip


class NewOrganisation(Once, Form):
    kind = OptionsField(label="Kind", options={key: Option(str(label)) for key, label in Organisation.Kind.choices})
    name = forms.CharField(label="Name", required=False, max_length=120)
    account = forms.CharField(label="Or the number of a customer's account", required=False, max_length=20)
    segment = forms.CharField(label="Segment or purpose", required=False, max_length=40)
    email = forms.EmailField(label="Email", required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("name")) == bool(said.get("account")):
            self.add_error("name", "Give a name, or the number of an account: one of them.")
        return said


class NewMembership(Once, Form):
    organisation = forms.ChoiceField(label="Association")
    renew_on = DayField(label="Renew by")
    purpose = forms.CharField(label="What for", required=False, max_length=300)
    user = forms.ChoiceField(label="Who stands for us")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"renew_on": now.on + timedelta(days=365)}, **kwargs)
        rows = Organisation.objects.exclude(kind=Organisation.Kind.CUSTOMER).order_by("person__sort_name")
        choose(self, "organisation", [("", "Choose"), *rows.values_list("slug", "person__name")])
        people_of_the_desk(self, "user", now)


class NewGathering(Once, Form):
    name = forms.CharField(label="Event", max_length=80)
    day = DayField(label="Day")
    place = forms.CharField(label="Place", max_length=80)
    host = forms.ChoiceField(label="Held by", required=False)
    user = forms.ChoiceField(label="Who goes for us")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.order_by("person__sort_name").values_list("slug", "person__name")
        choose(self, "host", [("", "Ourselves"), *rows])
        people_of_the_desk(self, "user", now)


class Met(Log):
    """Somebody met at an event: their organisation, a line, and the follow-up."""

    organisation = forms.ChoiceField(label="Of", required=False)
    words = forms.CharField(label="Who, and what was said", max_length=1000,
                            widget=forms.TextInput({"autocomplete": "off"}))  # fmt: skip
    field_order = ("organisation", "words", "step", "step_due")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, organisation=None, now=now, **kwargs)
        del self.fields["kind"]
        rows = Organisation.objects.order_by("person__sort_name").values_list("slug", "person__name")
        choose(self, "organisation", [("", "No organisation that we know"), *rows])


class NewContract(Once, Form):
    code = forms.CharField(label="Contract", max_length=20, help_text="Such as SC-05.")
    name = forms.CharField(label="What it is", max_length=80)
    service = forms.ChoiceField(label="Service")
    start = DayField(label="From")
    end = DayField(label="Last day")
    minimum = MoneyField(label="Minimum of each bill", required=False)
    approval = forms.CharField(label="Approved by", max_length=60, help_text="The board's resolution.")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", [(str(one.pk), str(one.premise)) for one in services_of(organisation)])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and said["end"] < said["start"]:
            self.add_error("end", "It ends before it begins.")
        return said


class VisitNote(Form):
    """What a manager notes on site; kept on the phone until there is a signal."""

    draft = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # type: ignore[assignment]
    found_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(label="What was seen and said", max_length=2000, widget=forms.Textarea({"rows": 4}))
    step = forms.CharField(label="Next step", required=False, max_length=300)
    step_due = DayField(label="By", required=False)


def people_of_the_desk(form: forms.BaseForm, name: str, now: Visit) -> None:
    """Colleagues who hold a manager's role today, oneself chosen."""
    rows = User.objects.filter(
        kind=User.Kind.STAFF, is_active=True, role_grants__role__in=MANAGERS, role_grants__period__contains=now.on
    ).distinct().order_by("name")  # fmt: skip
    listed = {user.username: user.name for user in rows}
    if now.user is not None:
        listed.setdefault(now.user.username, now.user.name)
        form.initial.setdefault(name, now.user.username)
    choose(form, name, list(listed.items()))


def choose(form: forms.BaseForm, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class KeepScenario(Once, Form):
    name = forms.CharField(label="Name", max_length=60, help_text="Of the same name, the older one is replaced.")


class AdoptSurroundings(Once, Form):
    since = DayField(label="From")
    file = forms.FileField(label="Surroundings file (TOML)", help_text="Sun, weather and carbon of the place.")


class Promise(Once, Form):
    measure = forms.ChoiceField(label="Of every bill", choices=Obligation.Measure.choices)
    least = forms.DecimalField(label="At least", max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    start = DayField(label="From")
    end = DayField(label="Last day")
