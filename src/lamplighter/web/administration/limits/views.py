"""The limits in force and before, and the form that sets one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.parameters import LIMITED, limit_key
from lamplighter.platform.access import PERMISSIONS, ROLES
from lamplighter.platform.models import ApprovalLimit
from lamplighter.platform.operations.limits import CannotLimit, set_limit
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.texts.governed import governed
from lamplighter.web.naming import ActorColumn, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import Column, MoneyColumn, Table, table_page
from lamplighter.web.visits import visit


class Limits(Table):
    role = Column("Role")
    permission = Column("May")
    amount = MoneyColumn("Up to")
    period = Column("In force", orderable=False)
    by = ActorColumn("Set by", accessor="by_name", order_by="set_by")

    def render_role(self, value: str) -> str:
        return ROLES[value].label if value in ROLES else value

    def render_permission(self, value: str) -> str:
        return PERMISSIONS.get(value, value)


class SetLimit(Once, Form):
    of = forms.ChoiceField(
        label="Who may do what",
        choices=[
            (f"{name}:{permission}", f"{role.label}: {PERMISSIONS[permission]}")
            for name, role in ROLES.items()
            for permission in LIMITED
            if permission in role.permissions
        ],
    )
    amount = MoneyField(label="Up to", least=None)
    start = DayField(label="From")


@needs("system.configure")
def listed(request: HttpRequest) -> HttpResponseBase:
    rows = ApprovalLimit.objects.annotate(by_name=named("set_by")).order_by("role", "permission", "-period")
    return table_page(
        request, title="Rules and limits", table=Limits, rows=rows,
        alerts=governed(request, *(limit_key(role, permission) for role in ROLES for permission in LIMITED)),
        empty=Empty("No limit is set: every credit is asked for, and nobody may approve one."),
        actions=[
            Action("Rules of billing", reverse("admin-desk:policies"), panel=False),
            Action("Rules of readings", reverse("admin-desk:reading-rules"), panel=False),
            Action("Layouts of payment files", reverse("admin-desk:layouts"), panel=False),
            Action("Retention of records", reverse("admin-desk:retention"), panel=False),
            Action("Rules of rates", reverse("admin-desk:rate-rules"), panel=False),
            Action("Set a limit", reverse("admin-desk:do-set-limit"), key="s", primary=True),
        ],
    )  # fmt: skip


@needs("system.configure")
def change(request: HttpRequest) -> HttpResponse:
    here = reverse("admin-desk:rules")

    def form(*args: Any) -> SetLimit:
        return SetLimit(*args, initial={"start": visit(request).on})

    def act(form: SetLimit) -> str:
        role, _, permission = form.cleaned_data["of"].partition(":")
        limit = set_limit(
            role=role, permission=permission, amount=form.cleaned_data["amount"], on=form.cleaned_data["start"],
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{ROLES[role].label}: up to {limit.amount} from {limit.period.start:%b %-d, %Y}."

    return form_panel(
        request, title="Set a limit", form=form, act=act, submit="Set the limit", back=here,
        crumbs=[Crumb("Rules and limits", here)], done=lambda words: Done(words, url=here), refusals=(CannotLimit,),
    )  # fmt: skip
