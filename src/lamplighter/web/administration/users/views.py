"""See who signs in and as what, and the page of one login with its roles over time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.platform.access import PERMISSIONS
from lamplighter.platform.models import User
from lamplighter.platform.queries.events import events_about
from lamplighter.platform.queries.users import permissions_on
from lamplighter.web.access import needs
from lamplighter.web.administration.users.tables import Roles, UserFilters, Users, grants, label, logins
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Fact, Level, Tone
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.visits import visit

USERS = Crumb("Users", "/admin-desk/users/")
LATEST = 50
SAID = {
    "platform.user.added": "Login added",
    "platform.user.invited": "Invitation given",
    "platform.user.linked": "Signed in through the identity provider for the first time",
    "platform.user.closed": "Login closed",
    "platform.user.reopened": "Login opened again",
    "platform.role.granted": "Role granted",
    "platform.role.ended": "Role ended",
    "platform.role.taken_back": "Role taken back",
}


@needs("users.manage")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every login."""
    return table_page(
        request, title="Users", table=Users, rows=logins(on=visit(request).on), filters=UserFilters,
        empty=Empty("Nobody has a login yet."),
        actions=[Action("Add a user", reverse("admin-desk:do-add-user"), key="a", primary=True)],
    )  # fmt: skip


@needs("users.manage")
def user(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One login: its roles over time, what it may do today, and what administrators did to it."""
    found = load_user(pk)
    on = visit(request).on
    empty = Empty("No role yet: this login opens no page of the staff.")
    return page(
        request,
        title=found.name,
        crumbs=[USERS],
        badges=[Badge(found.get_kind_display(), Tone.INFO), *([] if found.is_active else [Badge("Closed", Tone.BAD)])],
        meta=[found.username, found.title],
        actions=_actions(request, found),
        alerts=_alerts(request, found),
        panels=[
            Panel("roles", "Roles", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Roles, rows=grants(found), caption="Roles", empty=empty)}),
            Panel("happened", "What happened", "administration/users/happened.html",
                  lambda: {"entries": _entries(found)}),
            Panel("about", "About", "administration/users/facts.html", lambda: {"facts": _about(found)}, "side"),
            Panel("may", "May do today", "administration/users/may.html",
                  lambda: {"may": sorted(PERMISSIONS[each] for each in permissions_on(found, on=on))}, "side"),
        ],
    )  # fmt: skip


def load_user(pk: int) -> User:
    found = User.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such login.")
    return found


def _actions(request: HttpRequest, found: User) -> list[Action]:
    acts = []
    if not found.is_active:
        return [Action("Reopen", reverse("admin-desk:do-reopen-login", args=[found.pk]), "o", primary=True)]
    if found.kind == User.Kind.STAFF:
        acts.append(Action("Grant a role", reverse("admin-desk:do-grant-role", args=[found.pk]), "g", primary=True))
    if found.last_login is None:
        acts.append(Action("Invite", reverse("admin-desk:do-invite", args=[found.pk]), "i"))
    if found != visit(request).user:
        acts.append(Action("Close", reverse("admin-desk:do-close-login", args=[found.pk]), "c"))
    return acts


def _alerts(request: HttpRequest, found: User) -> list[Alert]:
    if found != visit(request).user:
        return []
    return [Alert(Level.KNOW, "This is your own login", "Another administrator grants you roles.")]


def _about(found: User) -> list[Fact]:
    return [
        Fact("Login", found.username),
        Fact("Email", found.email or "–"),
        Fact("Since", found.joined_at),
        Fact("Last sign-in", found.last_login or "never"),
        Fact("Password", "chosen" if found.has_usable_password() else "none yet"),
    ]


def _entries(found: User) -> list[Entry]:
    events = list(events_about(subject=f"user:{found.username}")[:LATEST])
    names = names_of(event.actor for event in events)
    told = [(event, label(event.data.get("role", "")), str(event.remark or ""), names[event.actor]) for event in events]
    return [
        Entry(event.at, Badge(event.name.split(".")[1].capitalize()), SAID.get(event.name, event.name),
              " · ".join(filter(None, said)))
        for event, *said in told
    ]  # fmt: skip
