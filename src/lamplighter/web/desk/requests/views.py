"""Requests to other departments: the list with filters and CSV, one with its steps, and those of an account."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.cases.departments import DEPARTMENTS
from lamplighter.cases.models import Request
from lamplighter.cases.operations.requests import NEXT
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.requests.acts import OF_THE_ASKED, REQUESTS, VERBS
from lamplighter.web.desk.requests.loading import load_request
from lamplighter.web.naming import ActorColumn, customer_of, named, names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, Table, table_page
from lamplighter.web.ui.wording import due, short_day
from lamplighter.web.visits import visit

TONES = {"Asked": Tone.WATCH, "In work": Tone.INFO, "Answered": Tone.GOOD, "Declined": Tone.BAD, "Closed": Tone.PLAIN}
KEYS = {"accepted": "t", "answered": "a", "declined": "x", "closed": "e", "asked": "g"}


class Requests(Table):
    """What departments are asked, the soonest due first."""

    title = Column("What")
    department = Column("Who is asked", accessor="get_department_display", order_by="department")
    customer = Column("Customer", default="")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=TONES)
    due_on = DayColumn("By")
    by = ActorColumn("Asked by", accessor="by_name", order_by="asked_by")

    def row_url(self, record: Any) -> str:
        return reverse("desk:request", args=[record.pk])


class RequestFilters(django_filters.FilterSet):  # type: ignore[misc]
    department = django_filters.ChoiceFilter(
        label="Who is asked", empty_label="All departments",
        choices=[(one.key, one.label) for one in DEPARTMENTS.values()],
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label="State", empty_label="All states", choices=Request.State.choices)
    mine = django_filters.BooleanFilter(label="Asked by me", method="own", widget=forms.CheckboxInput)

    class Meta:
        model = Request
        fields: tuple[str, ...] = ()

    def own(self, rows: Any, name: str, value: bool) -> Any:  # noqa: ARG002, FBT001 - the library's signature
        return rows.filter(asked_by=actor(self.request)) if value else rows


@needs("worklist.work")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Everything for those who speak with customers; for others what their department is asked."""
    may = permissions(request)
    rows = Request.objects.order_by("due_on", "id")
    if "contacts.work" not in may:
        rows = rows.filter(department__in=[one.key for one in DEPARTMENTS.values() if one.permission in may])
    customer = Case(When(account__isnull=False, then=customer_of("account")), default=Value(""))
    acts = [Action("Ask", reverse("desk:do-ask-anybody"), key="a", primary=True)] if "contacts.work" in may else []
    return table_page(
        request, title="Requests", table=Requests, filters=RequestFilters, actions=acts,
        rows=rows.annotate(customer=customer, by_name=named("asked_by")), empty=Empty("Nobody is asked for anything."),
    )  # fmt: skip


@needs("worklist.work")
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = load_request(request, pk)
    account = found.account
    crumbs = [Crumb(account.number, reverse("desk:account", args=[account.number]))] if account else []
    return page(
        request, title=found.title, number=found.number, crumbs=[REQUESTS, *crumbs],
        badges=[Badge(str(found.get_state_display()), TONES[str(found.get_state_display())])],
        actions=_acts(found, request),
        panels=[
            Panel("steps", "What was said", "desk/contacts/thread.html", lambda: _steps(found)),
            Panel("about", "About", "desk/accounts/facts.html", lambda: {"facts": _about(found, request)},
                  place="side"),
        ],
    )  # fmt: skip


def requests_panel(request: HttpRequest, account: Account) -> list[Panel]:
    """What other departments are asked for this account; fetched after the page."""
    if "contacts.work" not in permissions(request):
        return []
    return [
        Panel("requests", "Requests", "desk/contacts/files.html", lambda: _of_account(account, request), place="side",
              lazy=True)
    ]  # fmt: skip


def _of_account(account: Account, request: HttpRequest) -> dict[str, Any]:
    on = visit(request).on
    rows = Request.objects.filter(account=account).order_by("-id")[:5]
    facts = [
        Fact(
            str(row.get_department_display()),
            f"{row.title}: {row.get_state_display().lower()}" + (f", {due(row.due_on, on)}" if row.open else ""),
            Link("Open", reverse("desk:request", args=[row.pk])),
        )
        for row in rows
    ]
    return {"facts": facts, "empty": Empty("Nothing is asked of another department.")}


def _acts(found: Request, request: HttpRequest) -> list[Action]:
    may = permissions(request)
    return [
        Action(VERBS[to][0], reverse("desk:do-move-request", args=[found.pk, to]), key=KEYS[to],
               primary=to in {"answered", "closed"})
        for to in VERBS
        if to in NEXT[found.state]
        and (DEPARTMENTS[found.department].permission if to in OF_THE_ASKED else "contacts.work") in may
    ]  # fmt: skip


def _about(found: Request, request: HttpRequest) -> list[Fact]:
    on = visit(request).on
    account = found.account
    link = Link("Open", reverse("desk:account", args=[account.number])) if account else None
    return [
        Fact("Who is asked", str(found.get_department_display())),
        Fact("By", f"{short_day(found.due_on, on)}" + (f", {due(found.due_on, on)}" if found.open else "")),
        *([Fact("Account", account.number, link)] if account else []),
    ]


def _steps(found: Request) -> dict[str, Any]:
    steps = list(found.steps.select_related("remark").order_by("id"))
    names = names_of(step.by for step in steps)
    entries = [
        Entry(step.at, Badge(str(step.get_state_display()), TONES[str(step.get_state_display())]),
              str(step.remark or names[step.by]), names[step.by] if step.remark else "")
        for step in steps
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("Nothing yet.")}
