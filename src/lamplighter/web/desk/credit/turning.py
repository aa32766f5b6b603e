"""Turn a customer's service off for a reason, every check before the eyes; give it back, with what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.queries import profile
from lamplighter.credit.queries.certificates import judge
from lamplighter.credit.rules.certificate import Decision
from lamplighter.credit.rules.facts import Evidence, Reason
from lamplighter.credit.rules.reconnecting import Line
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import CannotRaise
from lamplighter.fieldwork.queries.findings import tamper_found
from lamplighter.journeys.disconnecting import order_off
from lamplighter.journeys.restoring import CannotRestore, restore, services_off
from lamplighter.network.models import Command
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

HINTS = {
    Reason.NON_PAYMENT: "After notices, calls and every other condition",
    Reason.MOVE_OUT: "Service has ended and nobody follows",
    Reason.HAZARD: "Danger that was seen within a day; a crew goes at once",
    Reason.UNAUTHORIZED_USE: "A crew found tampering; a supervisor decides",
    Reason.REQUEST: "The customer asks for it, from a day on",
}
REASONS = {reason.value: Option(reason.label, HINTS[reason]) for reason in Reason}


class TurnOff(Once, Form):
    """Which service, why, and what was seen or asked. `decided` is the whole certificate as it would be now."""

    agreement = forms.ChoiceField(label="Service")
    reason = OptionsField(label="Why", options=REASONS)
    for_day = DayField(label="From the day", required=False, help_text="For the customer's own request.")
    seen = forms.CharField(
        label="What was seen, or how they asked", required=False, max_length=80,
        help_text="For a danger or a request: a case's or call's number, or what it is. No names.",
    )  # fmt: skip

    def __init__(self, *args: Any, services: list[Agreement], request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services, self.request = {str(each.pk): each for each in services}, request
        choice = self.fields["agreement"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, f"{each.type.label} at {each.premise}") for key, each in self.services.items()]
        if len(self.services) == 1:
            choice.initial = next(iter(self.services))
        self.decided: Decision | None = None
        self.evidence: Evidence | None = None

    def clean(self) -> dict[str, Any]:
        """Judged now; refused with every condition that fails."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        reason, agreement = Reason(said["reason"]), self.services[said["agreement"]]
        self.evidence = _evidence(reason, agreement, said, self.request)
        _, self.decided = judge(agreement, reason=reason, at=visit(self.request).at, evidence=self.evidence)
        for check in self.decided.refusals:
            self.add_error(None, f"{check.says} ({check.cites})")
        return said


@needs("credit.view", "orders.raise")
def turn_off(request: HttpRequest, number: str) -> HttpResponse:
    """Every check, then the order with its certificate; checked once more when it is sent, and when the crew begins."""
    account = load_account(request, number, to="orders.raise")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    services = [one.agreement for one in profile(account, on=on).services]

    def act(form: TurnOff) -> str:
        said = form.cleaned_data
        cut = order_off(
            agreement=form.services[said["agreement"]], reason=Reason(said["reason"]), on=said["for_day"] or on,
            evidence=form.evidence, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        if not cut.orders:
            return f"Not turned off. {cut.certificate.why_not}"
        numbers = ", ".join(f"SO-{order.number}" for order in cut.orders)
        return f"Order {numbers} carries certificate {cut.certificate.number}."

    return form_panel(
        request, title="Turn service off", form=lambda *args: TurnOff(*args, services=services, request=request),
        act=act, check=_checks, submit="Turn it off", back=here, crumbs=[Crumb(number, here)], done=Done,
        refusals=(CannotRaise,), busy="Checking…",
        alerts=[Alert(Level.WATCH, "Every condition is checked", "Now, when it is sent, and when the crew begins.")],
    )  # fmt: skip


class GiveBack(Once, Form):
    safe = forms.BooleanField(label="Somebody is at home and the load side is safe", required=False)
    after_hours = forms.BooleanField(label="They want it now, after hours, for its charge", required=False)
    cleared = forms.BooleanField(label="The danger or the case is over", required=False)


@needs("credit.view", "orders.raise")
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """What restores power and why, line by line; then the order."""
    account = load_account(request, number, to="orders.raise")
    here, on, at = reverse("desk:account", args=[number]), visit(request).on, visit(request).at
    decides = "credit.decide" in permissions(request)

    def act(form: GiveBack) -> str:
        said = form.cleaned_data
        if said["cleared"] and not decides:
            raise CannotRestore("Only a supervisor says that a danger or a case is over.")
        made = restore(
            account=account, on=on, by=actor(request), at=at, cleared=said["cleared"], safe=said["safe"],
            after_hours=said["after_hours"],
        )  # fmt: skip
        numbers = ", ".join(f"SO-{order.number}" for order in made)
        return f"Order {numbers}: power is coming back. {_by(made)}"

    return form_panel(
        request, title="Restore power", form=GiveBack, act=act, submit="Restore power", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotRestore, CannotRaise),
        alerts=_takes(account, request), busy="Ordering…",
    )  # fmt: skip


def _takes(account: Account, request: HttpRequest) -> list[Alert]:
    """Each thing that restoring takes, the words to say first."""
    found: list[Alert] = []
    for one in services_off(account, at=visit(request).at):
        level = Level.KNOW if one.restoration.ready else Level.STOP
        found.append(Alert(level, one.restoration.words, str(one.point.point.premise)))
        found += [Alert(Level.KNOW, _title(line), f"{line.why} {line.cites}.") for line in one.restoration.lines]
    return found or [Alert(Level.KNOW, "Nothing of this account is off")]


def _by(orders: Sequence[Order]) -> str:
    """Who does it: the network, where every meter was asked; else a crew."""
    asked = Command.objects.filter(origin="order", origin_key__in=[order.subject for order in orders])
    if asked.count() == len(orders):
        return "The meter is asked to switch on: up to three minutes. If it does not answer, a crew goes by itself."
    return "A crew goes."


def _title(line: Line) -> str:
    money = f": {line.amount}" if line.amount is not None else ""
    return f"{line.when.label} · {line.what}{money}"


def _checks(form: TurnOff) -> list[Fact]:
    """Every condition and that it holds."""
    assert form.decided
    return [Fact(check.cites, check.says) for check in form.decided.checks]


def _evidence(
    reason: Reason, agreement: Agreement, said: dict[str, Any], request: HttpRequest
) -> Evidence | None:  # fmt: skip
    """What stands behind the reason: the customer's word, the danger as seen, or what a crew found there."""
    by, at = str(actor(request)), visit(request).at
    match reason:
        case Reason.REQUEST if said["for_day"]:
            return Evidence(said["seen"] or "asked", at, by, for_day=said["for_day"])
        case Reason.HAZARD if said["seen"]:
            return Evidence(said["seen"], at, by)
        case Reason.UNAUTHORIZED_USE:
            report = tamper_found(Order.objects.filter(point__agreements__agreement=agreement))
            decides = by if "credit.decide" in permissions(request) else ""
            return Evidence(report.order.subject, report.found_at, str(report.by), decides) if report else None
        case _:
            return None
