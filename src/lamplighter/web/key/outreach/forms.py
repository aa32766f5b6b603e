"""The forms of outreach: whom a campaign means, what it says, who signed up, what came of a lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.keyaccounts.models import Gathering, Organisation
from lamplighter.outreach.models import Campaign, Lead, MaterialRequest, OptOut, Reply, Topic, Trait
from lamplighter.outreach.queries.audience import audience
from lamplighter.outreach.queries.letters import samples
from lamplighter.outreach.queries.segments import feeders, names
from lamplighter.outreach.rules.segments import CannotReach, Segment, in_words, segment_of
from lamplighter.programs.models import Program
from lamplighter.tariffs.models import Schedule
from lamplighter.web.key.forms import choose
from lamplighter.web.ui.forms import AsShown, CheckRows, DayField, Form, Once, Option, OptionsField
from lamplighter.web.visits import Visit

PARAGRAPH = forms.Textarea({"rows": 4})
TOPICS = {key: Option(str(label)) for key, label in Topic.choices}
SEGMENT = tuple(Segment.__dataclass_fields__)


class SegmentFields(forms.Form):
    """Whom is meant: all that is filled in must hold."""

    business = forms.CharField(
        label="Business code begins with", required=False, max_length=6, help_text="NAICS: 722 is restaurants."
    )
    trait = forms.ChoiceField(label="Site", required=False)
    rate = forms.ChoiceField(label="Rate", required=False)
    customer_class = forms.ChoiceField(
        label="Class", required=False, choices=[("", "Any"), *Account.CustomerClass.choices]
    )
    feeder = forms.ChoiceField(label="Area (feeder)", required=False)
    language = forms.ChoiceField(label="Language", required=False, choices=[("", "Any"), *Person.Language.choices])
    kwh_least = forms.IntegerField(label="kWh of a year, at least", required=False, min_value=0)
    kwh_most = forms.IntegerField(label="kWh of a year, at most", required=False, min_value=0)
    kw_least = forms.IntegerField(label="Highest kW, at least", required=False, min_value=0)
    kw_most = forms.IntegerField(label="Highest kW, at most", required=False, min_value=0)
    has = forms.ChoiceField(label="Is in the program", required=False)
    lacks = forms.ChoiceField(label="Is not in the program", required=False)

    def offer(self, now: Visit) -> None:
        """The choices of the day."""
        traits = [(key, label.capitalize()) for key, label in names(on=now.on).items() if "=" in key]
        programs = list(Program.objects.order_by("name").values_list("code", "name"))
        codes = Schedule.objects.order_by("code").values_list("code", flat=True).distinct()
        rates, areas = [(code, code) for code in codes], [(one, one) for one in feeders()]
        for name, rows in (
            ("trait", traits), ("rate", rates), ("feeder", areas), ("has", programs), ("lacks", programs),
        ):  # fmt: skip
            choose(self, name, [("", "Any"), *rows])


class NewCampaign(Once, SegmentFields, Form):
    """Whom it means, by which way, and what it leads to."""

    name = forms.CharField(label="Campaign", max_length=60)
    by_way_of = OptionsField(
        label="Written by", options={key: Option(str(label)) for key, label in Campaign.By.choices}, initial="either"
    )
    topic = forms.ChoiceField(label="About", choices=Topic.choices)
    program = forms.ChoiceField(label="Leads to the program", required=False)
    gathering = forms.ChoiceField(label="Invites to the event", required=False)
    field_order = ("name",)

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(now)
        events = Gathering.objects.filter(day__gte=now.on).order_by("day").values_list("slug", "name")
        programs = Program.objects.order_by("name").values_list("code", "name")
        choose(self, "program", [("", "None"), *programs])
        choose(self, "gathering", [("", "None"), *events])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                said["segment"] = segment_of({name: said[name] for name in SEGMENT})
            except CannotReach as why:
                self.add_error(None, str(why))
        return said


def segment_words(campaign: Campaign, words: Mapping[str, str]) -> str:
    return in_words(segment_of(campaign.segment), words)


class Words(Once, Form):
    language = forms.ChoiceField(label="Language", choices=Person.Language.choices)
    about = forms.CharField(label="Subject", max_length=80)
    words = forms.CharField(label="What it says", max_length=1200, widget=PARAGRAPH)


class Send(Once, AsShown, Form):
    """Nothing to fill in: what goes out is shown, and sent as it was shown."""

    def __init__(self, *args: Any, campaign: Campaign, page: str, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.page, self.now = campaign, page, now

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        self.reached = audience(self.campaign, on=self.now.on)
        try:
            self.samples = samples(self.campaign, self.reached, page=self.page, on=self.now.on)
        except CannotReach as why:
            self.add_error(None, str(why))
        self.hold_to(self.reached.digest, "Whom this reaches changed since you looked. Look at it once more.")
        return said


class ReplyOf(Once, Form):
    """Somebody answered another way than by the link."""

    said = OptionsField(label="They said", options={key: Option(str(label)) for key, label in Reply.Said.choices})
    how = OptionsField(
        label="How", options={key: Option(str(label)) for key, label in Reply.How.choices if key != Reply.How.LINK}
    )
    words = forms.CharField(label="In their words", required=False, max_length=500)


class CloseLead(Once, Form):
    outcome = OptionsField(
        label="What came of it", options={key: Option(str(label)) for key, label in Lead.Outcome.choices}
    )
    words = forms.CharField(label="In a line", max_length=300)


class NewLead(Once, Form):
    """Somebody who may want something, by their number or the number of their account."""

    who = forms.CharField(label="Account or person number", max_length=20)
    topic = OptionsField(label="About", options=TOPICS)
    words = forms.CharField(label="What they said", max_length=500)


class Guest(Once, Form):
    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label="Email", required=False)
    phone = forms.CharField(label="Telephone", required=False, max_length=30)
    of = forms.CharField(label="Organisation", required=False, max_length=80)
    topic = forms.ChoiceField(label="Asks about", required=False, choices=[("", "Nothing yet"), *Topic.choices])


class GuestSheet(Once, Form):
    sheet = forms.CharField(
        label="A line for each guest", max_length=60_000, widget=forms.Textarea({"rows": 8}),
        help_text="Name, email, telephone, organisation, topic, by commas; what is not known stays empty.",
    )  # fmt: skip


class Came(Once, Form):
    who = forms.MultipleChoiceField(label="Who came", widget=CheckRows)

    def __init__(self, *args: Any, rows: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "who", rows)


class Material(Once, Form):
    title = forms.CharField(label="What", max_length=80, help_text="Such as: rebate brochure for kitchens.")
    copies = forms.IntegerField(label="Copies", min_value=1, max_value=100_000, initial=50)
    language = forms.ChoiceField(label="Language", choices=Person.Language.choices)
    needed_on = DayField(label="Needed by")
    purpose = forms.ChoiceField(label="For")

    def __init__(self, *args: Any, now: Visit, purpose: str = "", **kwargs: Any) -> None:
        known = {"needed_on": now.on + timedelta(days=10), "purpose": purpose}
        super().__init__(*args, initial=known, **kwargs)
        events = Gathering.objects.filter(day__gte=now.on).order_by("day").values_list("slug", "name")
        leads = Lead.objects.filter(closed_at__isnull=True).select_related("person").order_by("-opened_at")[:100]
        others = Organisation.objects.order_by("person__sort_name").values_list("slug", "person__name")
        choose(self, "purpose", [
            *((f"event:{slug}", f"Event: {name}") for slug, name in events),
            *((f"lead:{one.pk}", f"Lead: {one}") for one in leads),
            *((f"organisation:{slug}", name) for slug, name in others),
        ])  # fmt: skip


class AnswerMaterial(Once, Form):
    answer = OptionsField(
        label="What came of it", options={key: Option(str(label)) for key, label in MaterialRequest.Answer.choices}
    )
    how = forms.CharField(label="By which way, or why not", max_length=120)


KNOWN = (
    "gas, electric, oil or none; a code of six digits; whole square feet; for outages line, generator, both, battery or"
    " none; critical as hospital, care, water, safety or cold."
)


class NewTrait(Once, Form):
    account = forms.CharField(label="Account", max_length=20)
    kind = forms.ChoiceField(label="What is known", choices=Trait.Kind.choices)
    value = forms.CharField(label="It is", max_length=20, help_text=KNOWN)
    source = forms.CharField(label="Known from", max_length=60, help_text="A visit, a call, the city's tax list.")
    since = DayField(label="Since")


class TraitList(Once, Form):
    file = forms.FileField(label="List (CSV)", help_text="Columns: account, kind, value.")
    source = forms.CharField(label="Known from", max_length=60)
    since = DayField(label="Since")


class NoOffers(Once, Form):
    who = forms.CharField(label="Account or person number", max_length=20)
    how = OptionsField(
        label="How they said so",
        options={key: Option(str(label)) for key, label in OptOut.How.choices if key != OptOut.How.LINK},
    )
