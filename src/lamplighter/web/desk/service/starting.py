"""Start and stop service in a side panel: what would happen is shown, then it happens exactly so."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.queries import profile
from lamplighter.billing.rules import CannotBill
from lamplighter.cases.operations.alerts import Blocked
from lamplighter.cases.words import Barred
from lamplighter.credit.queries.deposits import standing_of
from lamplighter.credit.rules.deposits import CannotSecure
from lamplighter.customers import operations as customers
from lamplighter.fieldwork.operations.ordering import CannotRaise
from lamplighter.fieldwork.types import TYPES
from lamplighter.journeys.depositing import decide_at_start
from lamplighter.journeys.protecting import protection_of
from lamplighter.journeys.serving import Served, start_at_desk, stop_at_desk
from lamplighter.journeys.starting import StartDraft, StopDraft, cycle_at, draft_start, draft_stop
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.tariffs.models import Schedule
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking, unless_blocked
from lamplighter.web.desk.credit.saying import says
from lamplighter.web.desk.service.places import AddressField, choose_from, rate_choices
from lamplighter.web.desk.service.standing import standing_facts
from lamplighter.web.desk.service.terms import owed_elsewhere, programs_fact
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Crumb, Fact
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

REFUSALS = (CannotServe, CannotBill, CannotRaise, CannotSecure, Blocked)
CHANGED = "Who has service there has changed since this was shown. Look at it again."
EVIDENCE = "If somebody lives there: the date and kind of the lease or sale that was shown."


class Start(Once, AsShown, Form):
    draft = "start"
    place = AddressField(label="Where", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    on = DayField(label="First day of service")
    rate = forms.ChoiceField(label="Rate")
    evidence = forms.CharField(label="Lease or sale", max_length=200, required=False, help_text=EVIDENCE)
    deposit = MoneyField(
        label="Deposit", required=False, least=ZERO, help_text="What the policy says. Empty: none is asked."
    )

    def __init__(self, *args: Any, account: Account, policy: Money, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.request = account, request
        self.drafted: StartDraft | None = None
        choose_from(self.fields["rate"], rate_choices(account.customer_class))
        self.fields["on"].initial = visit(request).on
        self.fields["deposit"].initial = policy or None

    def clean(self) -> dict[str, Any]:
        """The draft of these answers, or why it can't be."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.drafted = started(self, said["place"], said["rate"], said["on"], said["evidence"])
        if self.drafted:
            self.hold_to(self.drafted.digest, CHANGED)
        return said


def started(form: Any, point: Any, rate: str, on: Any, evidence: str) -> StartDraft | None:
    """The draft of a start on a form; what speaks against it stands on the form."""
    try:
        drafted = draft_start(
            point=point, schedule=Schedule.objects.get(pk=rate), account=form.account,
            cycle=form.account.cycle_id if form.account else cycle_at(point).pk, on=on, at=visit(form.request).at,
        )  # fmt: skip
    except CannotServe as refused:
        form.add_error("on" if "visit" in str(refused) or "days" in str(refused) else None, str(refused))
        return None
    if drafted.sitting is not None and not evidence.strip():
        name, since = drafted.sitting.name, day(drafted.sitting.since, visit(form.request).on)
        form.add_error("evidence", f"{name} has service here now, since {since}. Ask for a lease or sale date and "
                       f"enter it: {name}'s service then stops on {day(on, visit(form.request).on)}, and {name} gets a "
                       "letter.")  # fmt: skip
        return None
    if drafted.sitting is not None:
        for stop in blocking(drafted.sitting.agreement.account, Barred.SERVICE, on=visit(form.request).on):
            form.add_error("place", f"{drafted.sitting.name} has service there now. {stop.title}. {stop.text}")
            return None
    return drafted


@needs("service.start")
def start(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="service.start")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    standing = standing_of(account, on=seen.on)

    def act(form: Start) -> str:
        assert form.drafted
        said = form.cleaned_data
        done = start_at_desk(
            draft=form.drafted, account=account, evidence=said["evidence"], deposit=None, by=actor(request), at=seen.at
        )
        decide_at_start(account=account, amount=said["deposit"], on=seen.on, by=actor(request), at=seen.at)
        return told("Service starts", done, form.drafted.on, request)

    return form_panel(
        request, title="Start service", act=unless_blocked(account, Barred.SERVICE, act, on=seen.on),
        form=lambda *args: Start(*args, account=account, policy=standing.recommendation.amount, request=request),
        check=lambda form: [*start_facts(form.drafted, request), *deposit_fact(form)], submit="Start service",
        back=here, busy="Starting…", crumbs=[Crumb(number, here)], refusals=REFUSALS,
        done=lambda said: Done(said, url=here),
        alerts=[*blocking(account, Barred.SERVICE, on=seen.on), *owed_elsewhere(account, on=seen.on),
                *says(standing)],
    )  # fmt: skip


class Stop(Once, AsShown, Form):
    draft = "stop"
    which = forms.ChoiceField(label="Service")
    on = DayField(label="First day without service")
    forward = forms.CharField(label="Where the last bill goes", max_length=200, required=False,
                              help_text="Empty: where bills go now.")  # fmt: skip

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.running = running(account, request)
        self.drafted: StopDraft | None = None
        choose_from(self.fields["which"], [(key, str(one.premise)) for key, one in self.running.items()])
        self.fields["on"].initial = visit(request).on

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.drafted = stopped(self, self.running[said["which"]], said["on"])
        if self.drafted:
            self.hold_to(self.drafted.digest, CHANGED)
        return said


def stopped(form: Any, agreement: Agreement, on: Any, field: str = "on") -> StopDraft | None:
    """The draft of a stop on a form; what speaks against it stands on the form."""
    try:
        return draft_stop(agreement=agreement, on=on, at=visit(form.request).at)
    except CannotServe as refused:
        form.add_error(field, str(refused))
        return None


@needs("service.start")
def stop(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="service.start")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def act(form: Stop) -> str:
        assert form.drafted
        done = stop_at_desk(
            draft=form.drafted, forward=forwarded(request, account, form.cleaned_data["forward"], form.drafted.on),
            by=actor(request), at=seen.at,
        )  # fmt: skip
        return told("Service stops", done, form.drafted.on, request)

    return form_panel(
        request, title="Stop service", form=lambda *args: Stop(*args, account=account, request=request),
        act=unless_blocked(account, Barred.SERVICE, act, on=seen.on), submit="Stop service", back=here,
        check=lambda form: stop_facts(form.drafted, request), busy="Stopping…",
        crumbs=[Crumb(number, here)], refusals=REFUSALS, done=lambda said: Done(said, url=here),
        alerts=blocking(account, Barred.SERVICE, on=seen.on),
    )  # fmt: skip


def running(account: Account, request: HttpRequest) -> dict[str, Agreement]:
    """Services that have begun and do not stop yet, by the key of a choice."""
    lines = profile(account, on=visit(request).on).services
    return {str(line.agreement.pk): line.agreement for line in lines if line.agreement.period.end is None}


def forwarded(request: HttpRequest, account: Account, typed: str, on: Any) -> str:
    """A forwarding address becomes the mailing address from the stop on; lines are divided by commas. Whose home is
    confidential gets everything at the substitute address, wherever they go."""
    if guarded := protection_of(account, on=visit(request).on):
        return ", ".join(guarded.substitute.splitlines())
    person = profile(account, on=visit(request).on).customer
    if typed.strip() and person is not None:
        lines = "\n".join(part.strip() for part in typed.split(",") if part.strip())
        customers.set_mailing_address(
            person=person, lines=lines, period=Period(max(on, visit(request).on)), by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
    return typed


def start_facts(drafted: StartDraft | None, request: HttpRequest) -> list[Fact]:
    """What will happen, to be read aloud before it does."""
    assert drafted
    on = visit(request).on
    sitting = drafted.sitting
    return [
        Fact("Where", drafted.point.premise.address),
        Fact("From", day(drafted.on, on)),
        Fact("Rate", f"{drafted.schedule.code}: {drafted.schedule.name}"),
        *([Fact("Stops the same day", f"{sitting.name}, account {sitting.agreement.account.number}, told by letter")]
          if sitting else []),
        *standing_facts(drafted.point, on=on, at=visit(request).at),
        Fact("Power", drafted.power),
        Fact("Read", drafted.read),
        *([Fact("Field order", TYPES[drafted.order].label)] if drafted.order else []),
        Fact("First bill", f"after the read of {day(drafted.first_read, on)}" if drafted.first_read
             else "with the next cycle"),
        Fact("Fee for starting", f"{drafted.fee}, on the next bill" if drafted.fee else "None"),
        *programs_fact(drafted.schedule, on=drafted.on),
        Fact("Letter", "A confirmation goes out."),
    ]  # fmt: skip


def stop_facts(drafted: StopDraft | None, request: HttpRequest) -> list[Fact]:
    assert drafted
    on = visit(request).on
    return [
        Fact("Where", str(drafted.agreement.premise)),
        Fact("First day without", day(drafted.on, on)),
        Fact("Power", drafted.power),
        Fact("Read", drafted.read),
        *([Fact("Field order", TYPES[drafted.order].label)] if drafted.order else []),
        Fact("Last bill", "goes out the night after that read"),
        Fact("Letter", "A confirmation goes out."),
    ]


def told(what: str, done: Served, on: Any, request: HttpRequest) -> str:
    orders = ", ".join(f"order SO-{order.number}" for order in done.orders)
    return f"{what} {day(on, visit(request).on)}.{f' Raised: {orders}.' if orders else ''}"


def deposit_fact(form: Any) -> list[Fact]:
    deposit = form.cleaned_data.get("deposit")
    return [Fact("Deposit, due now", deposit or "None is asked")]
