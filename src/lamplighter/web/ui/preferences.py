"""Where a person chooses light or dark, and whether letters are shortcuts (WCAG 2.1.4)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.platform.models import User
from lamplighter.web.access import actor, signed_in
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Option, OptionsField
from lamplighter.web.ui.operations import prefer
from lamplighter.web.ui.shell import KEYS_COOKIE, Shell, shell
from lamplighter.web.visits import visit

THEMES = {
    "system": Option("As this computer", "Light by day and dark by night, if it is set so."),
    "light": Option("Light"),
    "dark": Option("Dark"),
}
KEYS = {
    "single": Option("Single keys", "P takes a payment. They never work while you type in a field."),
    "prefix": Option("Keys after ;", "; then P takes a payment. For this browser only."),
    "off": Option("Off", "No letter does anything by itself."),
}
YEAR = 365 * 86400


class Preferences(Form):
    theme = OptionsField(label="Colors", options=THEMES)
    keys = OptionsField(label="Shortcuts", options=KEYS, help_text="Press ? on any page to see its keys.")

    def __init__(self, *args: object, staff: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not staff:
            del self.fields["keys"]


@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    now = shell(request)
    user = visit(request).user
    assert user is not None
    initial = {"theme": now.theme, "keys": now.keys}

    def form(*data: object) -> forms.BaseForm:
        return Preferences(*data, initial=initial, staff=now.visit.is_staff)

    def keep(filled: Preferences) -> str:
        _keep(request, user, filled)
        return str(filled.cleaned_data.get("keys", "off"))

    response = form_panel(
        request, title="Preferences", form=form, act=keep, done=lambda _: Done("Preferences saved."),
        back=reverse("preferences"), base=base_of(now),
    )  # fmt: skip
    if request.method == "POST" and response.status_code < 400:
        response.set_cookie(
            KEYS_COOKIE, "prefix" if request.POST.get("keys") == "prefix" else "", max_age=YEAR, samesite="Lax",
            httponly=True, secure=request.is_secure(),
        )  # fmt: skip
    return response


def base_of(shown: Shell) -> str:
    """The shell around a page that staff and customers share."""
    return "ui/desk.html" if shown.visit.is_staff else "ui/portal.html"


def _keep(request: HttpRequest, user: User, filled: Preferences) -> None:
    chosen = filled.cleaned_data
    prefer(
        user=user, theme=chosen["theme"], single_keys=chosen.get("keys", "single") == "single",
        by=actor(request), at=visit(request).at,
    )  # fmt: skip
