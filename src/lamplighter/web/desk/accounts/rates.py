"""Every rate that a customer may be on, ranked over a year of their own use; and the change to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.operations import CannotServe, change_rate
from lamplighter.accounts.queries import ServiceLine
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import CannotBill
from lamplighter.ratestudies.queries.advising import Ranked, Ranking, choosable, ranking
from lamplighter.ratestudies.queries.rules import schedule_on
from lamplighter.tariffs.models import Schedule
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb, Empty
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


@needs("accounts.view", "billing.view")
def compare(request: HttpRequest, number: str) -> HttpResponseBase:
    """A panel for each service that is billed by a rate, fetched after the page: it prices years."""
    known = known_account(request, number)
    rated = [line for line in known.services if line.agreement.type.rated and line.running]
    panels = [
        Panel(f"rates-{line.agreement.pk}", f"Rates for {line.agreement.premise}", "desk/accounts/rates.html",
              partial(_compared, request, line), lazy=len(rated) > 1)
        for line in rated
    ]  # fmt: skip
    none = Panel("none", "Rates", "desk/accounts/empty.html", lambda: {"empty": Empty("No service is billed now.")})
    return page(request, **heading(request, known, "desk:account-rates"), panels=panels or [none])


class Change(Once, Form):
    schedule = forms.ChoiceField(label="New rate", choices=())
    start = DayField(label="From", help_text="A day inside a bill divides it: each rate for its own days.")
    shown = forms.BooleanField(label="The customer asked for it and shows what the rate asks for")

    def __init__(self, *args: Any, offered: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["schedule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(offered.items())


@needs("accounts.view", "service.start")
def change(request: HttpRequest, number: str, agreement: int) -> HttpResponse:
    """On the customer's word, to a rate that the rules let them choose."""
    account, now = load_account(request, number, to="service.start"), visit(request)
    found = Agreement.objects.filter(pk=agreement, account=account, cancelled_at__isnull=True).first()
    if found is None:
        raise Http404(f"Account {number} has no such service.")
    here = reverse("desk:account-rates", args=[number])
    own = schedule_on(found, on=now.on)
    offered = choosable(
        found.pk, schedule=own, customer_class=account.customer_class, until=now.on.replace(day=1), on=now.on
    )
    names = {row.pk: f"{row.code} {row.name}" for row in Schedule.objects.filter(pk__in=offered)}
    initial = {"start": now.on, "schedule": request.GET.get("to", "")}

    def act(form: Change) -> str:
        said = form.cleaned_data
        if said["start"] < (after := _billed_until(found)):
            raise CannotBill("rate.billed", f"Days before {day(after)} are billed. Choose that day or a later one.")
        rate = change_rate(
            agreement=found, schedule=Schedule.objects.get(pk=said["schedule"]), on=said["start"], by=actor(request),
            at=now.at,
        )  # fmt: skip
        return f"On {rate.schedule.code} from {day(said['start'])}."

    return form_panel(
        request, title="Change the rate", form=lambda *args: Change(*args, offered=names, initial=initial), act=act,
        submit="Change the rate", back=here, crumbs=[Crumb(number, here)], refusals=(CannotServe, CannotBill),
        done=lambda words: Done(words, url=here),
    )  # fmt: skip


def _compared(request: HttpRequest, line: ServiceLine) -> dict[str, Any]:
    now, agreement = visit(request), line.agreement
    own = schedule_on(agreement, on=now.on)
    found = ranking(
        agreement.pk, schedule=own, customer_class=agreement.account.customer_class, until=now.on.replace(day=1),
        on=now.on,
    )  # fmt: skip
    names = {row.pk: row for row in Schedule.objects.filter(pk__in=[one.schedule for one in found.rates])}
    may = "service.start" in permissions(request)
    url = reverse("desk:do-change-rate", args=[agreement.account.number, agreement.pk]) if may else ""
    return {
        "rates": [(names[one.schedule], one, _beside(one, found)) for one in found.rates], "quality": found.quality,
        "refused": found.refused, "best": _best(found, names), "url": url,
    }  # fmt: skip


def _beside(one: Ranked, found: Ranking) -> Any:
    """The difference to the rate that they are on."""
    present = found.present
    if one.total is None or present is None or present.total is None or one.present:
        return None
    return one.total - present.total


def _best(found: Ranking, names: Mapping[str, Schedule]) -> str:
    best, present = found.best, found.present
    if best is None or present is None or present.total is None or best.total is None:
        return ""
    if best.present:
        return f"{names[best.schedule].code} is the cheapest rate for this use already."
    saving = present.total - best.total
    return f"{names[best.schedule].code} would have cost {saving} less over this year."


def _billed_until(agreement: Agreement) -> date:
    """The first day that is not billed."""
    last = Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True).order_by("-period").first()
    found: date = last.period.closed_end if last else agreement.period.start
    return found
