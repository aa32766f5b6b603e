"""Whose address is confidential, by what and until when; and each time one was told: to whom, when, why."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import AccountRole
from lamplighter.customers.models import AddressProtection
from lamplighter.platform.models import Event
from lamplighter.web.access import needs
from lamplighter.web.naming import ActorColumn, named
from lamplighter.web.ui.parts import Crumb, Empty
from lamplighter.web.ui.tables import Column, DayColumn, MomentColumn, Table, table_page

PROTECTED = Crumb("Confidential addresses", "/desk/confidential/")


class Protections(Table):
    name = Column("Customer", accessor="person__sort_name")
    account = Column("Account")
    program = Column("By", accessor="get_program_display", order_by="program")
    evidence = Column("What was shown")
    until = DayColumn("Good until", default="–")
    begun_at = MomentColumn("Since")
    ended_on = DayColumn("Ended", default="–")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account]) if record.account else ""


@needs("addresses.protect")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Those in force first, the ones whose evidence runs out first."""
    mine = AccountRole.objects.filter(person=OuterRef("person"), role=AccountRole.Role.MAIN).order_by("-period")
    rows = AddressProtection.objects.select_related("person").annotate(
        account=Subquery(mine.values("account__number")[:1])
    )
    return table_page(
        request, title=PROTECTED.text, table=Protections,
        rows=rows.order_by(F("ended_on").desc(nulls_first=True), F("until").asc(nulls_last=True), "pk"),
        empty=Empty("No address is confidential. Protect one on its account: press . for More."),
        more={"url": reverse("desk:addresses-told"), "label": "Told to whom, and why"},
        template="desk/confidential/list.html",
    )  # fmt: skip


class Told(Table):
    at = MomentColumn("When")
    who = ActorColumn("Told to")
    subject = Column("Place")
    why = Column("Why", accessor="remark__words")

    def render_subject(self, value: str) -> str:
        return value.partition(":")[2]

    def value_subject(self, value: str) -> str:
        return self.render_subject(value)

    def row_url(self, record: Any) -> str:
        return reverse("desk:premise", args=[record.subject.partition(":")[2]])


@needs("addresses.protect")
def told(request: HttpRequest) -> HttpResponseBase:
    """Each time somebody saw one."""
    rows = Event.objects.filter(name="premises.address.told").select_related("remark").annotate(who=named("actor"))
    return table_page(
        request, title="Confidential addresses told", table=Told, rows=rows.order_by("-at", "-pk"), crumbs=[PROTECTED],
        empty=Empty("No confidential address was told to anybody."),
    )  # fmt: skip
