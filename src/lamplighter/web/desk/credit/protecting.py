"""Protect an account, end a protection, and write down who was called before power may go off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.queries import profile
from lamplighter.credit.law.parameters import HoldKind, Pack, Rule
from lamplighter.credit.models import Hold
from lamplighter.credit.operations.holding import CannotHold, end_hold, record_contact
from lamplighter.credit.queries.standing import law
from lamplighter.credit.rules.facts import How, Tenants
from lamplighter.journeys.collecting import protect, tenants_depend
from lamplighter.kernel.periods import Period
from lamplighter.web.access import actor, needs, require
from lamplighter.web.desk.credit.permissions import ends_with
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

BY_DESK = (HoldKind.DISPUTE, HoldKind.REVIEW, HoldKind.MEDICAL, HoldKind.LIFE_SUPPORT, HoldKind.WINTER)


class Protection(Once, Form):
    kind = OptionsField(label="What protects it", options={kind.value: Option(kind.label) for kind in BY_DESK})
    until = DayField(label="Until (the last day)", required=False, help_text="Empty: until somebody ends it.")
    evidence = forms.CharField(label="Reference", max_length=80, help_text="A certificate's or case's number.")


@needs("credit.work")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Collection and shut-off stop at once."""
    account = load_account(request, number, to="credit.work")
    here, on = reverse("desk:account", args=[number]), visit(request).on

    def act(form: Protection) -> str:
        said = form.cleaned_data
        if said["until"] and said["until"] < on:
            raise CannotHold("That day is over. Choose a later one.")
        after = Period(on, said["until"] and said["until"].fromordinal(said["until"].toordinal() + 1))
        kind = HoldKind(said["kind"])
        protect(
            account=account, kind=kind, period=after, evidence=said["evidence"], on=on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"{kind.label}: power stays on."

    return form_panel(
        request, title="Protect the account", form=Protection, act=act, submit="Protect", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotHold,),
        alerts=[Alert(Level.KNOW, rule.says, f"Source: {rule.cites}.") for rule in _reviewed(law(on=on))],
    )  # fmt: skip


def _reviewed(pack: Pack) -> list[Rule[int]]:
    """Until when somebody may complain or ask for time, so that it is looked at before power may go off."""
    return [pack.complaint_days, pack.extension_request_days]


LIVING = {Tenants.INDIVIDUAL: "Tenants, each with a meter", Tenants.MASTER: "Tenants behind one meter"}


class TenantsForm(Once, Form):
    agreement = forms.ChoiceField(label="Service")
    how = OptionsField(label="Who lives behind it", options={})
    evidence = forms.CharField(label="How we know", max_length=80, help_text="A lease, a visit, a call. No names.")


@needs("credit.work")
def tenants(request: HttpRequest, number: str) -> HttpResponse:
    """Tenants must be told before power goes off; an order on its way is called back."""
    account = load_account(request, number, to="credit.work")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    services = {str(one.agreement.pk): one.agreement for one in profile(account, on=on).services}

    def form(*args: Any) -> TenantsForm:
        made = TenantsForm(*args)
        choice = made.fields["agreement"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, f"{one.type.label} at {one.premise}") for key, one in services.items()]
        made.fields["how"] = OptionsField(label="Who lives behind it", options=_living(law(on=on)))
        return made

    def act(bound: TenantsForm) -> str:
        said = bound.cleaned_data
        how = None if said["how"] == "none" else Tenants(said["how"])
        tenants_depend(
            agreement=services[said["agreement"]], how=how, evidence=said["evidence"], on=on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return "Tenants are told before power may go off." if how else "No tenants depend on this service."

    return form_panel(
        request, title="Tenants behind a service", form=form, act=act, submit="Save", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotServe,),
    )  # fmt: skip


def _living(pack: Pack) -> dict[str, Option]:
    days = {how: pack.tenant_notice_days[how.value].value for how in LIVING}
    return {
        **{how.value: Option(LIVING[how], f"Told {days[how]} days before power may go off") for how in LIVING},
        "none": Option("No tenants", "The customer alone"),
    }


class EndHold(Once, Form):
    on = DayField(label="First day without it")
    reason = forms.CharField(label="Why it ends", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("accounts.view", "credit.view")
def end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A protection ends with a reason. Notices from before do not count; the morning's job looks at the debt again."""
    account = load_account(request, number, to="credit.view")
    found = Hold.objects.filter(account=account, pk=pk).first()
    if found is None:
        raise Http404("There is no such protection on this account.")
    kind, here, on = HoldKind(found.kind), reverse("desk:account", args=[number]), visit(request).on
    require(request, ends_with(kind), f"{kind.label}: you can't end this protection.")

    def act(form: EndHold) -> str:
        last = form.cleaned_data["on"]
        if last < on:
            raise CannotHold("That day is over. Choose today or a later one.")
        end_hold(hold=found, on=last, by=actor(request), at=visit(request).at, remark=form.cleaned_data["reason"])
        return f"{kind.label} ends: {day(last, on)} is the first day without it."

    return form_panel(
        request, title=f"End: {kind.label.lower()}", form=EndHold, act=act, submit="End the protection", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotHold,),
        alerts=[Alert(Level.WATCH, "Power may go off again", "Only a notice mailed from that day on counts.")],
    )  # fmt: skip


class Called(Once, Form):
    how = OptionsField(
        label="How",
        options={
            How.PHONE.value: Option("Telephone"), How.VISIT.value: Option("Visit"),
            How.POSTED.value: Option("A notice was left"), How.TENANTS.value: Option("Tenants were told"),
        },
    )  # fmt: skip
    reached = forms.BooleanField(label="They spoke with us", required=False)
    remark = forms.CharField(label="What was said", max_length=500, required=False, widget=forms.Textarea({"rows": 2}))


@needs("credit.work")
def called(request: HttpRequest, number: str) -> HttpResponse:
    """An attempt of just now; the law counts its hours from here."""
    account = load_account(request, number, to="credit.work")
    here = reverse("desk:account", args=[number])

    def act(form: Called) -> str:
        said, at = form.cleaned_data, visit(request).at
        record_contact(
            account=account, how=How(said["how"]), happened_at=at, reached=said["reached"], by=actor(request), at=at,
            remark=said["remark"],
        )  # fmt: skip
        return "Written down."

    return form_panel(
        request, title="Somebody was called or visited", form=Called, act=act, submit="Write it down", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotHold,),
    )  # fmt: skip
