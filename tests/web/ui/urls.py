"""The footing's own URLs, and pages for its tests to stand on: a desk, a search, tables, forms that act."""

from __future__ import annotations

import django_filters
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from lamplighter.kernel.money import Money
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record
from lamplighter.web.access import actor, needs, staff_only
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once
from lamplighter.web.ui.gallery import samples
from lamplighter.web.ui.palette import palette_options
from lamplighter.web.ui.panels import Panel, Unavailable, page
from lamplighter.web.ui.parts import Crumb, Match
from lamplighter.web.ui.tables import Column, MomentColumn, Table, grid, table_page
from lamplighter.web.visits import visit

handler403 = "lamplighter.web.ui.errors.forbidden"
handler404 = "lamplighter.web.ui.errors.not_found"
handler500 = "lamplighter.web.ui.errors.our_fault"


class People(Table):
    username = Column("Login")
    name = Column("Name")
    joined_at = MomentColumn("Since")

    def row_url(self, record: User) -> str:
        return f"/people/{record.username}/"


class PeopleFilters(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label="Name")


class PayForm(Once, Form):
    amount = MoneyField(label="Amount")


class CannotTake(Exception):
    pass


@staff_only
def people(request: HttpRequest) -> HttpResponse:
    rows = User.objects.order_by("username")
    return table_page(request, title="People", table=People, rows=rows, filters=PeopleFilters, per_page=10)


@needs("payments.take")
def pay(request: HttpRequest) -> HttpResponse:
    def take(form: PayForm) -> str:
        amount = form.cleaned_data["amount"]
        if amount > Money(50_000):
            raise CannotTake("Amounts over $500.00 are taken by the head cashier.")
        record(
            "payments.payment.taken", subject="account:1", by=actor(request), at=visit(request).at, cents=amount.cents
        )
        return str(amount)

    return form_panel(
        request, title="Take a payment", form=PayForm, act=take, done=lambda taken: Done(f"{taken} taken."),
        back="/desk/today/", refusals=(CannotTake,),
    )  # fmt: skip


@staff_only
def account(request: HttpRequest) -> HttpResponse:
    def broken() -> dict[str, object]:
        raise Unavailable("Meter network not answering since 9:40.")

    def rows() -> dict[str, object]:
        return {"grid": grid(request, table=People, rows=User.objects.order_by("pk"), caption="People", name="people")}

    return page(request, title="Nguyen, Thi Hoa", number="204518-7", panels=[
        Panel("people", "People", "ui/tables/grid.html", rows),
        Panel("meter", "Meter", "ui/gallery/facts.html", broken, "side"),
        Panel("later", "Later", "ui/gallery/facts.html", lambda: {"facts": []}, "side", lazy=True),
    ])  # fmt: skip


@staff_only
def find(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").lower()
    everyone = [("Nguyen, Thi Hoa", "204518-7"), ("Nguyen, Bao", "204777-1"), ("Ortega, Luis", "204100-3")]
    found = [Match(name, f"/ui/?found={number}", number, "name") for name, number in everyone if asked in name.lower()]
    return palette_options(request, found, heading="" if asked else "Recent")


@staff_only
def today(request: HttpRequest) -> HttpResponse:
    return page(request, title="Today", actions=samples.ACTIONS)


@staff_only
def beyond(request: HttpRequest) -> HttpResponse:
    return page(request, title="Beyond", crumbs=[Crumb("Counter", "/desk/counter/")])


desk = (
    [
        path("beyond/", beyond, name="beyond"),
        path("today/", today, name="today"),
        path("work/", needs("worklist.work")(lambda request: page(request, title="Work")), name="work"),
        path("counter/", needs("payments.take")(lambda request: page(request, title="Counter")), name="counter"),
        path("do/pay/", pay, name="pay"),
        path("accounts/1/", account, name="account"),
    ],
    "desk",
)
lead = ([path("today/", needs("team.lead")(lambda request: page(request, title="Lead")), name="today")], "lead")
urlpatterns = [
    path("desk/", include(desk)),
    path("lead/", include(lead)),
    path("people/", people),
    path("find/", find, name="find"),
    path("", include("lamplighter.web.signin.urls")),
    path("", include("lamplighter.web.ui.urls")),
]
