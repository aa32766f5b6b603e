"""Move: both ends by one confirmation. And take back what was asked for and has not come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.cases.words import Barred
from lamplighter.journeys.serving import cancel_start, cancel_stop, move_at_desk
from lamplighter.journeys.starting import StartDraft, StopDraft
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking, unless_blocked
from lamplighter.web.desk.service.places import AddressField, choose_from, rate_choices
from lamplighter.web.desk.service.starting import (
    CHANGED,
    EVIDENCE,
    REFUSALS,
    forwarded,
    running,
    start_facts,
    started,
    stop_facts,
    stopped,
    told,
)
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, DayField, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


class Move(Once, AsShown, Form):
    draft = "move"
    which = forms.ChoiceField(label="From")
    place = AddressField(label="To", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    starts = DayField(label="First day at the new place")
    stops = DayField(label="First day without service at the old place")
    rate = forms.ChoiceField(label="Rate")
    evidence = forms.CharField(label="Lease or sale", max_length=200, required=False, help_text=EVIDENCE)
    forward = forms.CharField(label="Where bills go", max_length=200, required=False,
                              help_text="Empty: to the new place.")  # fmt: skip

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.request = account, request
        self.running = running(account, request)
        self.drafted: tuple[StopDraft, StartDraft] | None = None
        choose_from(self.fields["which"], [(key, str(one.premise)) for key, one in self.running.items()])
        choose_from(self.fields["rate"], rate_choices(account.customer_class))
        for name in ("starts", "stops"):
            self.fields[name].initial = visit(request).on

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        end = stopped(self, self.running[said["which"]], said["stops"], "stops")
        begin = started(self, said["place"], said["rate"], said["starts"], said["evidence"])
        if end is not None and begin is not None:
            self.drafted = end, begin
            self.hold_to(f"{end.digest} {begin.digest}", CHANGED)
        return said


@needs("service.start")
def move(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="service.start")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def act(form: Move) -> str:
        assert form.drafted
        end, begin = form.drafted
        said = form.cleaned_data
        left, came = move_at_desk(
            stop=end, start=begin, evidence=said["evidence"],
            forward=forwarded(request, account, said["forward"], end.on) or begin.point.premise.address,
            by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"{told('Service stops', left, end.on, request)} {told('It starts', came, begin.on, request)}"

    return form_panel(
        request, title="Move", form=lambda *args: Move(*args, account=account, request=request),
        act=unless_blocked(account, Barred.SERVICE, act, on=seen.on), check=lambda form: _both(form, request),
        submit="Move", busy="Moving…", back=here, refusals=REFUSALS,
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here),
        alerts=blocking(account, Barred.SERVICE, on=seen.on),
    )  # fmt: skip


class TakeBack(Once, Form):
    which = forms.ChoiceField(label="What")
    reason = forms.CharField(label="Why", max_length=60)


@needs("service.start")
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """A start or a stop that has not come is taken back, and whoever gave way goes on."""
    account = load_account(request, number, to="service.start")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    coming = _coming(account, request)

    def form(*args: Any) -> TakeBack:
        made = TakeBack(*args)
        choose_from(made.fields["which"], [(key, words) for key, (_, words) in coming.items()])
        return made

    def act(bound: TakeBack) -> str:
        key = bound.cleaned_data["which"]
        agreement, words = coming[key]
        if key.startswith("stop"):
            cancel_stop(agreement=agreement, by=actor(request), at=seen.at)
            return "The stop is taken back. Service goes on."
        goes_on = cancel_start(agreement=agreement, by=actor(request), at=seen.at, reason=bound.cleaned_data["reason"])
        return f"Taken back: {words}." + (f" Account {goes_on.account.number} goes on." if goes_on else "")

    nothing = [] if coming else [Alert(Level.KNOW, "Nothing to take back", "No start or stop is to come.")]
    return form_panel(
        request, title="Take back a start or a stop", form=form, submit="Take it back", back=here,
        act=unless_blocked(account, Barred.SERVICE, act, on=seen.on), crumbs=[Crumb(number, here)], refusals=REFUSALS,
        done=lambda said: Done(said, url=here), alerts=[*blocking(account, Barred.SERVICE, on=seen.on), *nothing],
    )  # fmt: skip


def _coming(account: Account, request: HttpRequest) -> dict[str, tuple[Agreement, str]]:
    """Starts and stops of today or later."""
    on = visit(request).on
    rows = Agreement.objects.filter(account=account, premise__isnull=False, cancelled_at__isnull=True)
    found: dict[str, tuple[Agreement, str]] = {}
    for row in rows.select_related("premise", "account").order_by("id"):
        if row.period.start >= on:
            found[f"start:{row.pk}"] = row, f"Start at {row.premise}, {day(row.period.start, on)}"
        elif row.period.end is not None and row.period.end >= on:
            found[f"stop:{row.pk}"] = row, f"Stop at {row.premise}, {day(row.period.end, on)}"
    return found


def _both(form: Move, request: HttpRequest) -> list[Fact]:
    assert form.drafted
    end, begin = form.drafted
    return [Fact("Old place", ""), *stop_facts(end, request), Fact("New place", ""), *start_facts(begin, request)]
