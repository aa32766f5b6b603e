"""Acts on a meter over the network: pings and answers of a check, its end, switching on, and questions to the meter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.accounts.models import Account
from lamplighter.fieldwork.operations.ordering import CannotRaise
from lamplighter.fieldwork.operations.visits import CannotBook
from lamplighter.fieldwork.types import TYPES, OrderKind
from lamplighter.formats.network.messages import Act
from lamplighter.journeys import checking, switching
from lamplighter.journeys.checking import Outcome
from lamplighter.journeys.switching import CannotSwitch
from lamplighter.metering.models import Meter
from lamplighter.network.operations.checking import CannotCheck
from lamplighter.network.operations.commanding import CannotAsk, ask
from lamplighter.network.queries.checking import standing_of
from lamplighter.network.queries.knowing import standing_at
from lamplighter.network.rules.guiding import OUTCOMES, Conclusion, usual_outcome
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.orders.acts import LATER, slot_of, slots_at
from lamplighter.web.loading import load_account, load_meter
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

NO_ORDER = ("", Option("No order"))


class FinishForm(Once, Form):
    draft = "meter-check"
    outcome = OptionsField(label="What came of it", options={key: Option(label) for key, label in OUTCOMES.items()})
    order = OptionsField(label="Order", options={}, required=False)
    slot = OptionsField(label="Appointment", options={}, required=False)
    words = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))


class SureForm(Once, Form):
    """Nothing to fill in."""


@require_POST
@needs("orders.raise", "metering.view")
def step(request: HttpRequest, badge: str) -> HttpResponse:
    """One answer, or one ping, and back to the check."""
    meter, account = _loaded(request, badge)
    try:
        with unit_of_work(actor(request)):
            checking.step(
                meter=meter, account=account, question=request.POST.get("question", ""),
                answer=request.POST.get("answer", ""), by=actor(request), at=visit(request).at,
            )  # fmt: skip
    except (CannotAsk, CannotCheck) as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(_back(meter, account), status=303)


@needs("orders.raise", "metering.view")
def finish(request: HttpRequest, badge: str) -> HttpResponse:
    """What came of the check, with the right order, on the account's timeline."""
    meter, account = _loaded(request, badge)
    at, on = visit(request).at, visit(request).on
    point = standing_at(meter, at=at)
    found = standing_of(meter, point, at=at, served=account is not None)
    conclusion = found.step if isinstance(found.step, Conclusion) else None
    free = slots_at(point.premise, on, at=at) if point else []

    def form(*args: Any) -> FinishForm:
        made = FinishForm(*args)
        kinds = (OrderKind.INVESTIGATE, OrderKind.CHECK_AMI, OrderKind.RECONNECT)
        _choose(made, "order", [NO_ORDER, *((kind.value, Option(TYPES[kind].label)) for kind in kinds)])
        _choose(made, "slot", [LATER, *free])
        made.fields["outcome"].initial = usual_outcome(conclusion)
        made.fields["order"].initial = conclusion.order if conclusion else ""
        return made

    def act(bound: FinishForm) -> str:
        told = bound.cleaned_data
        ended = checking.finish(
            meter=meter, account=account, on=on, by=actor(request), at=at,
            outcome=Outcome(
                told["outcome"], told["order"] if told["outcome"] == "order" else "", slot_of(told["slot"]),
                urgent=bool(conclusion and conclusion.urgent), conclusion=conclusion, words=told["words"],
            ),
        )  # fmt: skip
        return ended.order

    alerts = [Alert(Level.KNOW, "Conclusion", conclusion.words)] if conclusion else []
    return form_panel(
        request, title="Finish the check", form=form, act=act, submit="Finish", back=_back(meter, account),
        crumbs=[Crumb(badge, _back(meter, account))], alerts=alerts, busy="Saving…",
        refusals=(CannotCheck, CannotRaise, CannotBook),
        done=lambda order: Done(f"Order SO-{order} is raised." if order else "Saved.", url=_back(meter, account)),
    )  # fmt: skip


@needs("orders.raise", "metering.view")
def switch_on(request: HttpRequest, badge: str) -> HttpResponse:
    """Over the network; a crew where the network does not reach."""
    meter, account = _loaded(request, badge)

    def act(_bound: SureForm) -> str:
        made = switching.switch_on(meter=meter, account=account, by=actor(request), at=visit(request).at)
        return made.words

    alerts = [Alert(Level.WATCH, "Is the main breaker off?", "What was left on behind the meter starts at once.")]
    return form_panel(
        request, title="Switch on", form=SureForm, act=act, submit="Switch on", back=_back(meter, account),
        crumbs=[Crumb(badge, _back(meter, account))], alerts=alerts, refusals=(CannotSwitch, CannotRaise),
        done=lambda words: Done(words, url=_back(meter, account)), busy="Asking…",
    )  # fmt: skip


@needs("orders.raise", "metering.view")
def read_now(request: HttpRequest, badge: str) -> HttpResponse:
    return _ask(request, badge, Act.READ, "Read now", "The meter is asked for a read.")


@needs("orders.raise", "metering.view")
def ask_state(request: HttpRequest, badge: str) -> HttpResponse:
    return _ask(request, badge, Act.STATE, "Ask how the switch stands", "The meter is asked.")


def _ask(request: HttpRequest, badge: str, what: Act, title: str, words: str) -> HttpResponse:
    meter, account = _loaded(request, badge)

    def act(_bound: SureForm) -> str:
        ask(act=what, meter=meter, account=account, by=actor(request), at=visit(request).at)
        return badge

    return form_panel(
        request, title=title, form=SureForm, act=act, submit=title, back=_back(meter, account),
        crumbs=[Crumb(badge, _back(meter, account))], refusals=(CannotAsk,), busy="Asking…",
        done=lambda _: Done(words, url=_back(meter, account)),
    )  # fmt: skip


def _loaded(request: HttpRequest, badge: str) -> tuple[Meter, Account | None]:
    """The meter, and the account from whose page one came."""
    meter = load_meter(request, badge, to="metering.view")
    number = request.GET.get("account", "")
    return meter, load_account(request, number, to="orders.raise") if number else None


def _back(meter: Meter, account: Account | None) -> str:
    if account is None:
        return reverse("desk:meter-network", args=[meter.badge])
    return f"{reverse('desk:meter-check', args=[account.number])}?meter={meter.badge}"


def _choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
