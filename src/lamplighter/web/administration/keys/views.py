"""All keys of the API, the form that issues one, and the act that revokes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.payments.models import TenderSource
from lamplighter.platform.access import PERMISSIONS
from lamplighter.platform.models import ApiToken, User
from lamplighter.platform.operations.tokens import LONGEST_DAYS, CannotIssue, issue_token, revoke_token
from lamplighter.web.access import actor, needs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once
from lamplighter.web.ui.markup import badge
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Level, Tone
from lamplighter.web.ui.tables import Column, DayColumn, MomentColumn, NumberColumn, Table, table_page
from lamplighter.web.visits import visit

TITLE = "Keys of other programs"
OFFERED = ("accounts.view", "billing.view", "metering.view", "notes.write", "payments.take")
"""The permissions that the API asks for."""


class Tokens(Table):
    label = Column("Key")
    begins = Column("Begins", orderable=False)
    user = Column("Login", accessor="user__username")
    scopes = Column("May", orderable=False)
    source = Column("Payments go to")
    per_minute = NumberColumn("A minute")
    issued_at = MomentColumn("Issued")
    expires_on = DayColumn("Ends")
    state = Column("State", empty_values=(), orderable=False)

    def render_scopes(self, value: list[str]) -> str:
        return ", ".join(value)

    def value_scopes(self, value: list[str]) -> str:
        return self.render_scopes(value)

    def render_state(self, record: ApiToken) -> Any:
        state = self.value_state(record)
        return badge(Badge(state, Tone.BAD if record.revoked_at else Tone.GOOD))

    def value_state(self, record: ApiToken) -> str:
        return "Revoked" if record.revoked_at else "Open"

    def row_url(self, record: ApiToken) -> str:
        return "" if record.revoked_at else reverse("admin-desk:do-revoke-key", args=[record.pk])


@needs("users.manage")
def listed(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title=TITLE, table=Tokens, rows=ApiToken.objects.select_related("user").order_by("-issued_at"),
        empty=Empty("No other program has a key."),
        actions=[Action("Issue a key", reverse("admin-desk:do-issue-key"), key="i", primary=True)],
    )  # fmt: skip


class IssueForm(Once, Form):
    user = forms.ChoiceField(label="Login of the partner system", help_text="Add it under Users first.")
    label = forms.CharField(label="What the key is for", max_length=60, help_text="Such as Kiosk in the lobby.")
    scopes = forms.MultipleChoiceField(
        label="It may", widget=CheckRows, choices=[(each, PERMISSIONS[each]) for each in OFFERED]
    )
    source = forms.ChoiceField(label="Its payments go to", required=False)
    per_minute = forms.IntegerField(label="Requests a minute", initial=60)
    expires_on = DayField(label="Ends on", help_text=f"Within {LONGEST_DAYS} days.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = User.objects.filter(kind=User.Kind.PARTNER, is_active=True).order_by("username")
        self.users = {user.username: user for user in partners}
        sources = TenderSource.objects.exclude(kind=TenderSource.Kind.DRAWER).order_by("name")
        for name, choices in (
            ("user", [(key, user.name) for key, user in self.users.items()]),
            ("source", [("", ""), *((source.pk, source.name) for source in sources)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


@needs("users.manage")
def issue(request: HttpRequest) -> HttpResponse:
    """The key is on the answer, and nowhere else."""
    on, here = visit(request).on, reverse("admin-desk:keys")
    shown: list[str] = []

    def act(form: IssueForm) -> str:
        given = form.cleaned_data
        made, key = issue_token(
            user=form.users[given["user"]], label=given["label"], scopes=given["scopes"], source=given["source"],
            per_minute=given["per_minute"], expires_on=given["expires_on"], on=on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        shown.append(key)
        return str(made)

    def done(label: str) -> Done:
        """A form that is sent twice issues one key, and does not show it again."""
        key = shown[0] if shown else ""
        return Done(f"Key issued: {label}.", url=here, template="administration/keys/issued.html", context={"key": key})

    return form_panel(
        request, title="Issue a key", act=act, submit="Issue it", back=here, crumbs=[Crumb(TITLE, here)], done=done,
        form=lambda *args: IssueForm(*args, initial={"expires_on": on + timedelta(days=365)}),
        refusals=(CannotIssue,),
        alerts=[Alert(Level.KNOW, "The key is shown once", "Hand it over safely; a lost one is revoked and replaced.")],
    )  # fmt: skip


class SureForm(Once, Form):
    """Nothing to fill in."""


@needs("users.manage")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = ApiToken.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such key.")
    here = reverse("admin-desk:keys")

    def act(_: SureForm) -> str:
        return f"{revoke_token(token=found, by=actor(request), at=visit(request).at).label} is revoked."

    return form_panel(
        request, title=f"Revoke {found.label}", form=SureForm, act=act, submit="Revoke it", back=here,
        crumbs=[Crumb(TITLE, here)], done=lambda words: Done(words, url=here), refusals=(CannotIssue,),
        alerts=[Alert(Level.WATCH, "From now on it opens nothing", "What was done with it stays.")],
    )  # fmt: skip
