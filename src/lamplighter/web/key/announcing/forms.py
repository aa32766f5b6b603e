"""What is filled in about announcements: what, for whom, when; what a change says; who confirmed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms

from lamplighter.customers.models import Person
from lamplighter.notices.channels import Channel
from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.notices.queries.templates import sender
from lamplighter.outreach.models import Announcement, Confirmation
from lamplighter.outreach.queries.announced import Logged, addressed, ways_of
from lamplighter.outreach.queries.announcing import previews
from lamplighter.outreach.queries.segments import feeders
from lamplighter.outreach.rules.announcing import REASONS, whom_of
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.access import ROLES
from lamplighter.platform.models import RoleGrant, User
from lamplighter.web.key.forms import choose
from lamplighter.web.ui.forms import AsShown, DayField, Form, Once, Option, OptionsField
from lamplighter.web.visits import Visit

Kind = Announcement.Kind
CLOCK = forms.TimeInput({"type": "time"}, format="%H:%M")
MANAGES = [role.name for role in ROLES.values() if "outages.communicate" in role.permissions]
AHEAD = timedelta(days=10)


class Plan(Once, Form):
    """Whom it is for: a feeder, accounts, both, or a portfolio."""

    draft = "announcement"
    kind = OptionsField(label="What it is", options={key: Option(str(label)) for key, label in Kind.choices})
    title = forms.CharField(label="In a line, for us", max_length=80)
    reason = forms.ChoiceField(label="The work", required=False, choices=[("", "–"), *Announcement.Reason.choices],
                               help_text="Of an outage or of trees; a change has words instead.")  # fmt: skip
    feeder = forms.ChoiceField(label="For everybody on a feeder", required=False)
    accounts = forms.CharField(label="And for these accounts", required=False, max_length=4000,
                               widget=forms.Textarea({"rows": 2}), help_text="By commas or lines.")  # fmt: skip
    portfolio = forms.ChoiceField(label="Or for a manager's portfolio", required=False)
    homes = forms.BooleanField(label="Homes on the feeder too", required=False)
    day = DayField(label="Day (of trees: the week's first day)")
    begins = forms.TimeField(label="Power is off from", required=False, widget=CLOCK)
    ends = forms.TimeField(label="Until", required=False, widget=CLOCK)
    contact = forms.ChoiceField(label="Their contact")
    phone = forms.CharField(label="Number to call", max_length=30)

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        known = {"day": now.on + AHEAD, "phone": sender().phone, "contact": now.user.username if now.user else ""}
        super().__init__(*args, initial=known, **kwargs)
        grants = RoleGrant.objects.filter(role__in=MANAGES, period__contains=now.on)
        people = User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("name")
        managers = list(people.values_list("username", "name"))
        choose(self, "feeder", [("", "–"), *((one, one) for one in feeders())])
        choose(self, "portfolio", [("", "–"), *managers])
        choose(self, "contact", managers)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        numbers = [one for one in re.split(r"[\s,;]+", said.get("accounts", "")) if one]
        try:
            said["whom"] = whom_of(
                {"feeder": said.get("feeder", ""), "accounts": numbers, "portfolio": said.get("portfolio", "")}
            ).kept
        except CannotReach as why:
            self.add_error(None, str(why))
        if said.get("kind") and not REASONS[said["kind"]]:
            said["reason"] = ""
        if said.get("kind") != Kind.OUTAGE:
            said["begins"] = said["ends"] = None
        return said


class Words(Once, Form):
    language = forms.ChoiceField(label="Language", choices=Person.Language.choices)
    about = forms.CharField(label="Subject", max_length=80)
    words = forms.CharField(label="What changes", max_length=1200, widget=forms.Textarea({"rows": 5}))


class Ask(Once, AsShown, Form):
    """What goes out is shown, and asked for as it was shown."""

    remark = forms.CharField(label="For whoever decides", required=False, max_length=300)

    def __init__(self, *args: Any, announcement: Announcement, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.announcement, self.now = announcement, now

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        self.found = addressed(self.announcement, on=self.now.on)
        try:
            self.samples = previews(self.announcement, self.found, on=self.now.on)
        except (CannotReach, CannotCompose) as why:
            self.add_error(None, str(why))
        self.hold_to(self.found.digest, "Whom this reaches changed since you looked. Look at it once more.")
        return said


class Move(Once, Form):
    day = DayField(label="It is now on")
    begins = forms.TimeField(label="Power is off from", required=False, widget=CLOCK)
    ends = forms.TimeField(label="Until", required=False, widget=CLOCK)

    def __init__(self, *args: Any, announcement: Announcement, **kwargs: Any) -> None:
        known = {"day": announcement.day, "begins": announcement.begins, "ends": announcement.ends}
        super().__init__(*args, initial=known, **kwargs)
        if announcement.kind != Kind.OUTAGE:
            del self.fields["begins"], self.fields["ends"]


class Confirmed(Once, Form):
    who = forms.CharField(label="Who confirmed it", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    how = OptionsField(
        label="How", options={key: Option(str(label)) for key, label in Confirmation.How.choices}, initial="call"
    )


class Again(Once, Form):
    """By which other way; where there is none the form says so."""

    channel = OptionsField(label="Tell them by", options={})

    def __init__(self, *args: Any, logged: Logged, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways: list[tuple[str, Any]] = [
            (channel.value, Option(channel.label, _shown(channel, address)))
            for channel, address in ways_of(logged, on=now.on)
        ]
        choose(self, "channel", ways)


def _shown(channel: Channel, address: tuple[str, ...]) -> str:
    return ", ".join(address) if channel is Channel.LETTER else address[0]
