"""The tables of logins and of the roles of one login."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django_filters import FilterSet

from lamplighter.platform.access import ROLES
from lamplighter.platform.models import RoleGrant, User
from lamplighter.web.naming import named, plain
from lamplighter.web.ui.tables import Column, DayColumn, MomentColumn, Table
from lamplighter.web.visits import visit


def logins(*, on: date) -> QuerySet[User]:
    """Every login with the roles that it holds on a day; staff first."""
    held = RoleGrant.objects.filter(user=OuterRef("pk"), period__contains=on).order_by("role").values("role")
    return User.objects.annotate(roles=ArraySubquery(held)).order_by("-kind", "username")


def grants(user: User) -> QuerySet[RoleGrant]:
    """The roles of a login over time, the latest first, with the names of who granted and ended them."""
    rows = RoleGrant.objects.filter(user=user).annotate(granter=named("granted_by"), ender=named("ended_by"))
    return rows.order_by("-period", "role")


class Users(Table):
    """Who signs in, and as what."""

    username = Column("Login")
    name = Column("Name")
    kind = Column("Kind", accessor="get_kind_display", order_by="kind")
    roles = Column("Roles today", orderable=False)
    last_login = MomentColumn("Last sign-in", default="never")
    is_active = Column("Signs in")

    def render_roles(self, value: list[str]) -> str:
        return ", ".join(label(role) for role in value)

    def value_roles(self, value: list[str]) -> str:
        return self.render_roles(value)

    def render_is_active(self, value: bool) -> str:  # noqa: FBT001 - django-tables2 calls it by name
        return "Yes" if value else "No"

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:user", args=[record.pk])


class UserFilters(FilterSet):  # type: ignore[misc]
    """By login, never by name: what is searched for stands in the address, and addresses are logged."""

    login = django_filters.CharFilter(field_name="username", lookup_expr="icontains", label="Login")
    kind = django_filters.ChoiceFilter(label="Kind", choices=User.Kind.choices, empty_label="All")
    role = django_filters.ChoiceFilter(
        label="Role today", choices=[(name, role.label) for name, role in ROLES.items()], empty_label="All",
        method="holding",
    )  # fmt: skip

    def holding(self, rows: Any, name: str, value: str) -> Any:  # noqa: ARG002 - the library's signature
        held = RoleGrant.objects.filter(role=value, period__contains=visit(self.request).on)
        return rows.filter(pk__in=held.values("user"))


class Roles(Table):
    """The roles of one login."""

    role = Column("Role")
    start = DayColumn("From", accessor="period__start", order_by="period")
    last_day = DayColumn("Last day", empty_values=(), orderable=False)
    granter = Column("Granted by")
    ender = Column("Ended by")
    end = Column("Act", empty_values=(), orderable=False, exclude_from_export=True)

    def render_role(self, value: str) -> str:
        return label(value)

    def value_role(self, value: str) -> str:
        return label(value)

    def value_last_day(self, record: Any) -> date | None:
        return record.period.last_day if record.period.end else None

    def render_last_day(self, record: Any) -> str:
        return f"{record.period.last_day:%b %-d, %Y}" if record.period.end else "–"

    def render_granter(self, value: str) -> str:
        return plain(value) if ":" in value else value

    def render_ender(self, value: str) -> str:
        return self.render_granter(value)

    def render_end(self, record: Any) -> str:
        if record.period.end and record.period.end <= visit(self.request).on:
            return ""
        url = reverse("admin-desk:do-end-role", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}" data-panel>End<span class="visually-hidden"> {}</span></a>',
                           url, label(record.role))  # fmt: skip


def label(role: str) -> str:
    """A role as people say it; one that is no longer defined is called by its key."""
    return ROLES[role].label if role in ROLES else role
