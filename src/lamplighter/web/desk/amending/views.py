"""Where somebody looks when a bill was wrong: the meter's page and the service's panel lead here."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.models import Agreement
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.amending import REFUSED, issue
from lamplighter.journeys.amendments import MultiplierWas, in_words
from lamplighter.journeys.metertests import proposed
from lamplighter.metering.models import MeterTest
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.amending.forms import Amending, Crossed, FactOfService, Multiplier, Rate
from lamplighter.web.desk.amending.shares import Shares, points_that_send
from lamplighter.web.desk.amending.showing import told
from lamplighter.web.loading import load_account, load_meter
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

WAITS = "Waiting: a supervisor decides. Nothing is changed until then."
TWO = Alert(Level.KNOW, "A second person decides", "Who bills does not set what is metered alone.")


@needs("billing.correct", "metering.view")
def multiplier(request: HttpRequest, badge: str) -> HttpResponse:
    """A wrong multiplier, for its days: CTs of another ratio than was entered."""
    device = load_meter(request, badge, to="metering.view")

    def form(*args: Any) -> Multiplier:
        return Multiplier(*args, request=request, meter=device)

    return _panel(request, form, "Correct the multiplier", reverse("desk:meter", args=[badge]), f"Meter {badge}", TWO)


@needs("billing.correct", "metering.view")
def after_test(request: HttpRequest, badge: str, pk: int) -> HttpResponse:
    """The multiplier that makes the bills of a meter right that a test found fast or slow, for the days since."""
    device = load_meter(request, badge, to="metering.view")
    test = MeterTest.objects.filter(pk=pk, meter=device).first()
    if test is None:
        raise Http404(f"Meter {badge} has no such test.")
    change = proposed(test)

    def form(*args: Any) -> Multiplier:
        return Multiplier(*args, request=request, meter=device, initial=_said(change, test) if change else {})

    broken = Alert(Level.STOP, "Nothing to work with", "It showed too little, or was right: estimate its use instead.")
    alerts = (TWO,) if change else (broken, TWO)
    return _panel(request, form, "Correct bills", reverse("desk:meter", args=[badge]), f"Meter {badge}", *alerts)


def _said(change: MultiplierWas, test: MeterTest) -> dict[str, Any]:
    """As it would be typed, with the reason."""
    when = timezone.localtime(test.tested_at)
    return {
        "channel": str(change.channel), "factor": f"{change.factor.normalize():f}", "start": change.period.start,
        "until": change.period.last_day if change.period.end else None,
        "remark": f"Tested on {when:%b %-d, %Y}: {test.average.normalize():f} % on average. Since when it was so is not"
                  " known: half of the days since it was last known to be right.",
    }  # fmt: skip


@needs("billing.correct", "metering.view")
def crossed(request: HttpRequest, badge: str) -> HttpResponse:
    """Two meters that were set down crosswise: both sides are billed again."""
    device = load_meter(request, badge, to="metering.view")

    def form(*args: Any) -> Crossed:
        return Crossed(*args, request=request, meter=device)

    return _panel(request, form, "Uncross two meters", reverse("desk:meter", args=[badge]), f"Meter {badge}", TWO)


@needs("accounts.view", "billing.correct")
def rate(request: HttpRequest, number: str, agreement: int) -> HttpResponse:
    """A rate that was stated late."""
    found = load_agreement(request, number, agreement)

    def form(*args: Any) -> Rate:
        return Rate(*args, request=request, agreement=found)

    return _panel(request, form, "Correct the rate", reverse("desk:account-service", args=[number]), number)


@needs("accounts.view", "billing.correct")
def fact(request: HttpRequest, number: str, agreement: int) -> HttpResponse:
    """An exemption, a discount, a medical allowance, a heating source that nobody knew of."""
    found = load_agreement(request, number, agreement)

    def form(*args: Any) -> FactOfService:
        return FactOfService(*args, request=request, agreement=found)

    return _panel(request, form, "Correct a fact", reverse("desk:account-service", args=[number]), number)


@needs("accounts.view", "billing.correct")
def shares(request: HttpRequest, number: str, agreement: int) -> HttpResponse:
    """What a roof sends back, shared among services from a day on: an apartment house, a school district."""
    found = load_agreement(request, number, agreement)
    points = points_that_send(found, on=visit(request).on)
    if not points:
        raise Http404(f"No meter of account {number} counts what is sent back.")

    def form(*args: Any) -> Shares:
        return Shares(*args, request=request, points=points)

    return _panel(request, form, "Share what is sent back", reverse("desk:account-service", args=[number]), number)


def load_agreement(request: HttpRequest, number: str, agreement: int) -> Agreement:
    account = load_account(request, number, to="billing.correct")
    rows = Agreement.objects.filter(pk=agreement, account=account, cancelled_at__isnull=True)
    found = rows.select_related("account").first()
    if found is None or not found.type.rated:
        raise Http404(f"Account {number} has no such service.")
    return found


def _panel(request: HttpRequest, form: Any, title: str, here: str, crumb: str, *alerts: Alert) -> HttpResponse:
    """The form, then each bill before and after, then done or put before a second person."""

    def act(form: Amending) -> str:
        said = form.cleaned_data
        done = issue(
            change=said["amendment"], mark=said["shown"], remark=said["remark"], on=visit(request).on,
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        if isinstance(done, Approval):
            return WAITS
        bills = " and ".join(bill.number for bill in done)
        return f"Corrected, and billed again: {bills}." if bills else "Corrected. No bill changes."

    def before_and_after(form: Amending) -> list[Fact]:
        assert form.drafted is not None
        return [Fact("Correct", in_words(form.drafted.change)), *told(form.drafted, visit(request).on)]

    return form_panel(
        request, title=title, form=form, act=act, check=before_and_after, submit="Go on", back=here, busy="Billing…",
        crumbs=[Crumb(crumb, here)], done=lambda said: Done(said, url=here), alerts=alerts,
        refusals=(CannotBill, CannotDecide, *REFUSED),
    )  # fmt: skip
