"""The account page above the fold, panel by panel; each asks only for what it shows when it is fetched alone."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.accounts.queries import Profile
from lamplighter.billing.models import CycleWindow
from lamplighter.credit.queries.standing import arrangement_of
from lamplighter.fieldwork.models import Order
from lamplighter.web.access import permissions
from lamplighter.web.desk.accounts import alerting, facts, timeline
from lamplighter.web.desk.accounts.alerting import Other
from lamplighter.web.desk.accounts.money import Standing, standing
from lamplighter.web.desk.accounts.using import recent_use
from lamplighter.web.desk.autopay.panel import how_paid
from lamplighter.web.desk.bills.showing import last_bill, true_ups
from lamplighter.web.desk.contacts.line import line_panel
from lamplighter.web.desk.credit import showing
from lamplighter.web.desk.orders.panels import orders_panel
from lamplighter.web.desk.programs.showing import beside
from lamplighter.web.desk.requests.views import requests_panel
from lamplighter.web.ui.panels import Panel
from lamplighter.web.ui.parts import Alert, Fact, Tile
from lamplighter.web.visits import visit

MOVED = ("alerts", "facts", "timeline", "paid", "credit", "orders", "programs")
"""The panels that an act on the account may change."""


class Overview:
    """What the panels share is asked once."""

    def __init__(self, request: HttpRequest, known: Profile) -> None:
        self.request, self.known, self.on = request, known, visit(request).on

    @property
    def panels(self) -> list[Panel]:
        return [
            Panel("alerts", "", "desk/accounts/alerts.html", lambda: {"alerts": self.alerts}, place="top", frame=False),
            Panel("facts", "", "desk/accounts/tiles.html", lambda: {"tiles": self.tiles}, place="top", frame=False),
            Panel("timeline", "Timeline", "desk/accounts/timeline.html",
                  lambda: timeline.timeline(self.request, self.known)),
            *line_panel(self.request, self.known.account),
            *self.why,
            Panel("about", "About this account", "desk/accounts/facts.html", lambda: {"facts": self.about},
                  place="side"),
            *self.true_up,
            *self.paid,
            *self.credit,
            *self.use,
            *self.orders,
            *self.programs,
            *requests_panel(self.request, self.known.account),
            *self.beside,
        ]  # fmt: skip

    @property
    def why(self) -> list[Panel]:
        """What the last bill was and why it changed: fetched after the page, since it prices bills several times."""
        if not self.may_see_bills:
            return []
        return [
            Panel("why", "Last bill", "desk/bills/last.html", lambda: last_bill(self.known.account),
                  place="side", lazy=True)
        ]  # fmt: skip

    @property
    def true_up(self) -> list[Panel]:
        """Where something is sent back: the year's credit so far, and about what it will come to; after the page."""
        if not self.may_see_bills or not any(service.riders for service in self.known.services):
            return []
        return [
            Panel("true-up", "Energy sent back", "desk/bills/trueup.html", lambda: true_ups(self.known.account),
                  place="side", lazy=True)
        ]  # fmt: skip

    @property
    def credit(self) -> list[Panel]:
        """What collection does next, or the plan that runs; fetched after the page."""
        may = permissions(self.request)
        if "credit.view" not in may:
            return []
        return [
            Panel("credit", "Plan and collection", "desk/credit/standing.html",
                  lambda: showing.standing(self.known.account, work="credit.work" in may, on=self.on,
                                           at=visit(self.request).at), place="side",
                  lazy=True)
        ]  # fmt: skip

    @property
    def paid(self) -> list[Panel]:
        """How its bills come and are paid; fetched after the page."""
        if not self.may_see_bills:
            return []
        work = "payments.take" in permissions(self.request)
        return [
            Panel("paid", "How it is paid", "desk/accounts/facts.html",
                  lambda: how_paid(self.known.account, work=work, on=self.on), place="side", lazy=True)
        ]  # fmt: skip

    @property
    def use(self) -> list[Panel]:
        """The last two weeks at a glance, fetched after the page."""
        if "metering.view" not in permissions(self.request):
            return []
        return [
            Panel("use", "Last two weeks", "desk/accounts/use.html", lambda: recent_use(self.known, on=self.on),
                  place="side", lazy=True)
        ]  # fmt: skip

    @property
    def orders(self) -> list[Panel]:
        """What the field does for this account, or did last; fetched after the page."""
        if "orders.view" not in permissions(self.request):
            return []
        return [orders_panel(Order.objects.filter(account=self.known.account), on=self.on)]

    @property
    def programs(self) -> list[Panel]:
        """What it has and what it could have, priced on its own bills; fetched after the page."""
        if "programs.view" not in permissions(self.request):
            return []
        return [
            Panel("programs", "Programs", "desk/programs/beside.html",
                  lambda: beside(self.known.account, self.request), place="side", lazy=True)
        ]  # fmt: skip

    @property
    def beside(self) -> list[Panel]:
        """Only where there are any."""
        if not self.others:
            return []
        return [
            Panel("others", "Other accounts", "desk/accounts/others.html",
                  lambda: {"others": [(other, other.words(self.on)) for other in self.others]}, place="side"),
        ]  # fmt: skip

    @property
    def alerts(self) -> list[Alert]:
        may = permissions(self.request)
        return alerting.alerts(self.known, self.money, self.others, may=may, on=self.on)

    @property
    def tiles(self) -> list[Tile]:
        ledger = reverse("desk:account-ledger", args=[self.known.account.number]) if self.may_see_bills else ""
        plan = arrangement_of(self.known.account) if self.known.on_plan else None
        return facts.tiles(self.known, self.money, plan=plan, ledger=ledger, on=self.on)

    @property
    def about(self) -> list[Fact]:
        return facts.about(self.known, self.window, on=self.on)

    @property
    def may_see_bills(self) -> bool:
        return "billing.view" in permissions(self.request)

    @cached_property
    def money(self) -> Standing:
        return standing(self.known, on=self.on)

    @cached_property
    def others(self) -> list[Other]:
        return alerting.others(self.known)

    @cached_property
    def window(self) -> CycleWindow | None:
        return facts.next_window(self.known, on=self.on)
