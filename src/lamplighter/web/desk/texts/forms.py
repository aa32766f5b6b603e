"""What is filled in about texts: words, owners, figures that change, days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from lamplighter.journeys.figures import Kind
from lamplighter.journeys.parameters import Parameter, parameters
from lamplighter.platform.access import ROLES
from lamplighter.platform.models import RoleGrant, User
from lamplighter.policies.models import Text, Version
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once
from lamplighter.web.visits import Visit

YEAR = timedelta(days=365)
PAGE = forms.Textarea({"rows": 18, "class": "code"})
MARKDOWN = "In Markdown: ## a heading, - a list, **bold**, [words](address), tables with |."


KEEPERS = [role.name for role in ROLES.values() if "policies.write" in role.permissions]


def keepers(on: date) -> list[tuple[str, str]]:
    """Who may keep a text or a requirement: whoever may write one."""
    grants = RoleGrant.objects.filter(role__in=KEEPERS, period__contains=on)
    rows = User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("name")
    return list(rows.values_list("username", "name"))


class Words(Once, Form):
    """The next version of a text; a policy also says by which resolution, and what it governs."""

    draft = "text"
    words = forms.CharField(label="What it says", max_length=40_000, widget=PAGE, help_text=MARKDOWN, strip=False)
    why = forms.CharField(label="What changes, and why", max_length=200)
    citation = forms.CharField(label="The board's resolution", max_length=120)
    governs = forms.MultipleChoiceField(
        label="Governs", required=False, widget=CheckRows, help_text="Figures that follow from it; their pages name it."
    )

    def __init__(self, *args: Any, kind: str, last: Version | None = None, **kwargs: Any) -> None:
        known = {"words": last.words, "citation": last.citation, "governs": last.governs} if last else {}
        super().__init__(*args, initial=known, **kwargs)
        if kind == Text.Kind.ARTICLE:
            del self.fields["citation"], self.fields["governs"]
        else:
            self.fields["governs"].choices = [  # type: ignore[attr-defined]
                (one.key, one.label) for one in parameters().values()
            ]


class Begin(Words):
    title = forms.CharField(label="Title", max_length=80)
    about = forms.ChoiceField(label="About", choices=Text.About.choices)
    owner = forms.ChoiceField(label="Kept by")
    field_order = ("title", "about", "owner")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["why"]
        self.fields["owner"].choices = keepers(now.on)  # type: ignore[attr-defined]
        self.fields["owner"].initial = now.user.username if now.user else ""


class Figures(Once, Form):
    """The figures of one parameter as they stand, to be typed over."""

    def __init__(self, *args: Any, parameter: Parameter, shown: dict[str, str], now: dict[str, str],
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for one in parameter.figures:
            hint = f"Now {one.words(now[one.name])}" + (f". Empty: {one.empty}" if one.empty else "")
            sign = " ($)" if one.kind is Kind.MONEY else ""
            keys = "text" if one.kind in {Kind.YES, Kind.TIME} else "decimal"
            self.fields[one.name] = forms.CharField(
                label=f"{one.label}{sign}", required=not one.empty, initial=shown[one.name], help_text=f"{hint}.",
                widget=forms.TextInput({"inputmode": keys, "autocomplete": "off"}),
            )  # fmt: skip

    @property
    def typed(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "request_key"}


class Propose(Once, Form):
    since = DayField(label="In force from")
    review_on = DayField(label="Read again by")
    remark = forms.CharField(label="For whoever decides", required=False, max_length=500)

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        known = {"since": now.on + timedelta(days=1), "review_on": now.on + YEAR}
        super().__init__(*args, initial=known, **kwargs)


class Reviewed(Once, Form):
    words = forms.CharField(label="What you looked at", max_length=500)
    next_on = DayField(label="Read again by")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"next_on": now.on + YEAR}, **kwargs)


class Give(Once, Form):
    owner = forms.ChoiceField(label="Kept by")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = keepers(now.on)  # type: ignore[attr-defined]
