"""Add a login, invite its person, close and reopen it, grant a role, end one: what an administrator does to users."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.platform.access import ROLES
from lamplighter.platform.models import RoleGrant, User
from lamplighter.platform.operations.users import (
    CannotAdd,
    CannotClose,
    CannotEnd,
    CannotGrant,
    CannotInvite,
    add_user,
    close_login,
    end_role,
    grant_role,
    invite,
    reopen_login,
)
from lamplighter.platform.queries.invitations import first_password
from lamplighter.web.access import actor, needs
from lamplighter.web.administration.users.tables import label
from lamplighter.web.administration.users.views import USERS, load_user
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

LOGIN = RegexValidator(r"\A[a-z0-9][a-z0-9._-]*\Z", "Use small letters, digits, dots and hyphens.")
ROLE_CHOICES = [(name, role.label) for name, role in ROLES.items()]
DAY_SECONDS = 86_400


class AddUser(Once, Form):
    username = forms.CharField(
        label="Login", max_length=60, validators=[LOGIN], help_text="The audit trail names it; it never changes.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    kind = OptionsField(
        label="Kind", initial=User.Kind.STAFF,
        options={
            User.Kind.STAFF.value: Option("Staff", "works at a desk, with roles"),
            User.Kind.CUSTOMER.value: Option("Customer", "reaches own accounts only"),
            User.Kind.PARTNER.value: Option("Partner system", "another program"),
        },
    )  # fmt: skip
    title = forms.CharField(label="Job title", max_length=80, required=False)
    email = forms.EmailField(
        label="Email", required=False, max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )


class GrantRole(Once, Form):
    role = forms.ChoiceField(label="Role", choices=[("", "Choose a role"), *ROLE_CHOICES])
    start = DayField(label="From")
    last = DayField(label="Last day", required=False, help_text="Empty: until somebody ends it.")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        start, last = found.get("start"), found.get("last")
        if start and last and last < start:
            self.add_error("last", "The last day is before the first.")
        return found


class EndRole(Form):
    on = DayField(label="First day without it")


class Why(Form):
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 3}))


@needs("users.manage")
def add(request: HttpRequest) -> HttpResponse:
    """A login without a password: its person chooses one by invitation."""

    def act(form: AddUser) -> str:
        typed = {name: form.cleaned_data[name] for name in ("username", "name", "kind", "title", "email")}
        return str(add_user(**typed, by=actor(request), at=visit(request).at).pk)

    return form_panel(
        request, title="Add a user", form=AddUser, act=act, submit="Add the user", back=USERS.url, crumbs=[USERS],
        refusals=(CannotAdd,),
        done=lambda pk: Done("Added. Grant a role, then invite them.", url=reverse("admin-desk:user", args=[int(pk)])),
    )  # fmt: skip


@needs("users.manage")
def invited(request: HttpRequest, pk: int) -> HttpResponse:
    """The link with which somebody chooses their first password; shown once, to be handed over."""
    found = load_user(pk)
    days = settings.PASSWORD_RESET_TIMEOUT // DAY_SECONDS

    def act(_form: Form) -> str:
        invite(user=found, by=actor(request), at=visit(request).at)
        return request.build_absolute_uri(first_password(found))

    def done(link: str) -> Done:
        shown = "." if htmx.asks(request) else f": {link}"
        return Done(
            f"Invitation for {found.username}{shown}", template="administration/users/invited.html",
            context={"link": link, "days": days, "name": found.name},
        )  # fmt: skip

    here = reverse("admin-desk:user", args=[pk])
    about = Alert(Level.KNOW, "A link for one person", f"Whoever opens it within {days} days chooses the password.")
    return form_panel(
        request, title=f"Invite {found.name}", form=Form, act=act, submit="Make the link", back=here, alerts=[about],
        crumbs=[USERS, Crumb(found.name, here)], done=done, refusals=(CannotInvite,),
    )  # fmt: skip


@needs("users.manage")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    words = "Who is signed in with it is out at once. Its roles, and what was done with it, stay as they are."
    about = Alert(Level.WATCH, "From now on nobody signs in with it", words)
    return _switch(request, pk, act=close_login, verb="Close", about=about, said="Closed. Its sessions have ended.")


@needs("users.manage")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    about = Alert(Level.KNOW, "It signs in again as before", "With its password or passkey, and the roles it holds.")
    return _switch(request, pk, act=reopen_login, verb="Reopen", about=about, said="Open again.")


def _switch(
    request: HttpRequest, pk: int, *, act: Callable[..., None], verb: str, about: Alert, said: str
) -> HttpResponse:
    found = load_user(pk)
    here = reverse("admin-desk:user", args=[pk])

    def switched(form: Why) -> str:
        act(user=found, by=actor(request), at=visit(request).at, remark=form.cleaned_data["remark"])
        return said

    return form_panel(
        request, title=f"{verb} the login of {found.name}", form=Why, act=switched, submit=f"{verb} it", back=here,
        crumbs=[USERS, Crumb(found.name, here)], alerts=[about], refusals=(CannotClose,),
        done=lambda words: Done(words, url=here),
    )  # fmt: skip


@needs("users.manage")
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role from a day; duties that must be apart, and one's own login, are refused in words."""
    found = load_user(pk)
    here = reverse("admin-desk:user", args=[pk])

    def form(*args: Any) -> GrantRole:
        return GrantRole(*args, initial={"start": visit(request).on})

    def act(form: GrantRole) -> str:
        typed = form.cleaned_data
        made = grant_role(
            user=found, role=typed["role"], on=typed["start"], until=_after(typed["last"]), by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"{label(made.role)} from {made.period.start:%b %-d, %Y}."

    return form_panel(
        request, title=f"Grant {found.name} a role", form=form, act=act, submit="Grant the role", back=here,
        crumbs=[USERS, Crumb(found.name, here)], done=lambda words: Done(words, url=here), refusals=(CannotGrant,),
    )  # fmt: skip


@needs("users.manage")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    held = RoleGrant.objects.filter(pk=pk).select_related("user").first()
    if held is None:
        raise Http404("There is no such role, or it was taken back.")
    here = reverse("admin-desk:user", args=[held.user_id])

    def form(*args: Any) -> EndRole:
        return EndRole(*args, initial={"on": visit(request).on})

    def act(form: EndRole) -> str:
        on = form.cleaned_data["on"]
        end_role(grant=held, on=on, by=actor(request), at=visit(request).at)
        return f"{label(held.role)} ends: from {on:%b %-d, %Y} without it."

    back_whole = "On that day or before, it is taken back whole; the audit trail keeps that it was granted."
    since = Alert(Level.KNOW, f"Since {held.period.start:%b %-d, %Y}", back_whole)
    return form_panel(
        request, title=f"End {label(held.role)} of {held.user.name}", form=form, act=act, submit="End the role",
        back=here, crumbs=[USERS, Crumb(held.user.name, here)], done=lambda words: Done(words, url=here),
        refusals=(CannotEnd,), alerts=[since],
    )  # fmt: skip


def _after(last: date | None) -> date | None:
    """The day after a last day: periods are half-open."""
    return last + timedelta(days=1) if last else None
