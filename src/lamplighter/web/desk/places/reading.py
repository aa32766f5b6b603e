"""Enter what a register showed, and correct a read that was wrong; bills that stood on it are asked for again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.models import Account
from lamplighter.journeys import reading
from lamplighter.kernel.energy import Unit
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Meter
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.registers import CannotRecordRead, ReadIn
from lamplighter.usage.queries.surroundings import parties_of
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account, load_meter
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb, Fact
from lamplighter.web.ui.wording import moment, quantity
from lamplighter.web.visits import visit

MORNING = time(9)
ONE_DAY = timedelta(days=1)
KINDS = {
    RegisterRead.Kind.CYCLE.value: Option("For the bill", "the read of the month"),
    RegisterRead.Kind.CHECK.value: Option("To check", "a customer asked, or somebody doubted"),
}


class Enter(Once, Form):
    channel = forms.ChoiceField(label="Register")
    on = DayField(label="Read on")
    clock = forms.TimeField(label="At", initial=MORNING, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    count = forms.IntegerField(label="The dials showed", min_value=0,
                               widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))  # fmt: skip
    kind = OptionsField(label="Kind", options=KINDS, initial=RegisterRead.Kind.CYCLE.value)

    def __init__(self, *args: Any, channels: dict[str, Channel], latest: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels, self.latest = channels, latest
        choice = self.fields["channel"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(pk, f"{one.name}, {one.dials} dials") for pk, one in channels.items()]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            at = timezone.make_aware(datetime.combine(said["on"], said["clock"]))
            if at > self.latest:
                self.add_error("on", "This lies ahead. Enter when the dials were read.")
            said["read"] = ReadIn(self.channels[said["channel"]], at, said["count"], kind=said["kind"])
        return said


class Correct(Once, Form):
    count = forms.IntegerField(label="The dials showed", min_value=0,
                               widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))  # fmt: skip
    remark = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea({"rows": 3}))


@needs("reads.decide", "metering.view")
def enter(request: HttpRequest, badge: str) -> HttpResponse:
    """A read that somebody took: shown with what was used since the last one before it is kept."""
    device = load_meter(request, badge, to="metering.view")
    channels = {str(one.pk): one for one in Channel.objects.filter(meter=device, interval__isnull=True).order_by("pk")}
    if not channels:
        raise Http404(f"Meter {badge} has no dials.")
    _not_ones_own(request, *channels.values())
    here = reverse("desk:meter", args=[badge])
    on, at, by = visit(request).on, visit(request).at, actor(request)

    def form(*args: Any) -> Enter:
        return Enter(*args, channels=channels, latest=at, initial={"on": on})

    def act(form: Enter) -> str:
        read: ReadIn = form.cleaned_data["read"]
        kept, asked = reading.enter_read(read=read, by=by, at=at)
        if not kept:
            return "It was recorded already."
        return f"Kept. {_again(len(asked))}" if asked else "Kept. What waits for it is billed with the next run."

    return form_panel(
        request, title="Enter a read", form=form, act=act, submit="Go on", back=here, crumbs=_crumbs(device),
        check=lambda form: _facts(form.cleaned_data["read"], at), done=lambda said: Done(said, url=here),
        refusals=(CannotRecordRead,), busy="Keeping…",
    )  # fmt: skip


@needs("reads.decide", "metering.view")
def correct(request: HttpRequest, badge: str, pk: int) -> HttpResponse:
    """Another count for a read that was wrong; the old one stays and says so."""
    device = load_meter(request, badge, to="metering.view")
    found = RegisterRead.objects.filter(pk=pk, channel__meter=device).select_related("channel__meter").first()
    if found is None:
        raise Http404(f"Meter {badge} has no such read.")
    _not_ones_own(request, found.channel)
    here = reverse("desk:meter", args=[badge])

    def form(*args: Any) -> Correct:
        return Correct(*args, initial={"count": found.count})

    def act(form: Correct) -> str:
        said = form.cleaned_data
        if said["count"] == found.count:
            raise CannotRecordRead(f"{found.count:,} is what is recorded. Enter what the dials showed.")
        _, asked = reading.correct_read(
            read=found, count=said["count"], by=actor(request), at=visit(request).at, remark=said["remark"]
        )
        return f"Corrected. {_again(len(asked))}" if asked else "Corrected. No bill stood on it."

    return form_panel(
        request, title=f"Correct the read of {moment(found.at, visit(request).on)}", form=form, act=act,
        submit="Correct it", back=here, crumbs=_crumbs(device), done=lambda said: Done(said, url=here),
        refusals=(CannotRecordRead,), busy="Correcting…",
    )  # fmt: skip


def _facts(read: ReadIn, now: datetime) -> list[Fact]:
    """What is about to be kept, and the use since the read before."""
    today = timezone.localdate(now)
    facts = [Fact("Register", read.channel.name), Fact("Read", moment(read.at, today)),
             Fact("The dials showed", f"{read.count:,}")]  # fmt: skip
    rows = RegisterRead.objects.filter(channel=read.channel, at__lt=read.at, superseded_by__isnull=True)
    before = rows.order_by("-at").first()
    if before is None:
        return [*facts, Fact("Before", "Nothing was read yet")]
    assert read.channel.dials is not None
    used = (read.count - before.count) % 10**read.channel.dials
    value = read.channel.measure.value(used)
    energy = read.channel.measure.unit is Unit.WH
    words = quantity(value / 1000 if energy else value, "kWh" if energy else str(read.channel.measure.unit), 0)
    over = "; the dials went over zero" if read.count < before.count else ""
    return [*facts, Fact("Before", f"{before.count:,} on {moment(before.at, today)}"), Fact("Between", words + over)]


def _not_ones_own(request: HttpRequest, *channels: Channel) -> None:
    """Nobody reads the meter of their own account."""
    on: date = visit(request).on
    today = Period(on, on + ONE_DAY)
    users = (party.account_in(today) for party in parties_of(channels, period=today).values())
    for account in Account.objects.filter(pk__in=[user for user in users if user is not None]):
        load_account(request, account.number, to="reads.decide")


def _again(bills: int) -> str:
    return f"{bills} account{'' if bills == 1 else 's'} to bill again."


def _crumbs(device: Meter) -> list[Crumb]:
    return [Crumb(f"Meter {device.badge}", reverse("desk:meter", args=[device.badge]))]
