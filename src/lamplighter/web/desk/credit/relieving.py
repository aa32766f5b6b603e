"""Put a hardship on file with what shows it, end it early, and what the account's page says of it and of old debt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.operations.easing import end_hardship
from lamplighter.credit.queries.forgiving import forgiveness_terms, set_aside_of
from lamplighter.credit.queries.standing import hardship_of
from lamplighter.credit.rules.hardship import CannotEase, Cause, HardshipPolicy
from lamplighter.journeys.easing import APPROVAL, ask_hardship
from lamplighter.platform.models import Approval, StoredFile
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level, Link
from lamplighter.web.ui.wording import day, short_day
from lamplighter.web.uploads import PapersField, first_kept
from lamplighter.web.visits import visit


def relief_facts(account: Account, on: date, act: Callable[[str, str], Link | None]) -> list[Fact]:
    """The hardship on file, and the old debt that is set aside; or the way to them."""
    return [_hardship(account, on, act), *_set_aside(account, on, act)]


def _hardship(account: Account, on: date, act: Callable[[str, str], Link | None]) -> Fact:
    found = hardship_of(account, on=on)
    if found is not None:
        by = name_of(found.reviewed_by)
        said = f"{found.get_cause_display()}, until {short_day(found.period.last_day, on)}, accepted by {by}"
        return Fact("Hardship", said, act("End", "do-end-hardship"))
    if Approval.objects.filter(kind=APPROVAL, account=account.pk, state=Approval.State.WAITING).exists():
        return Fact("Hardship", "Waits for a second person")
    return Fact("Hardship", "None on file", act("Put on file", "do-hardship"))


def _set_aside(account: Account, on: date, act: Callable[[str, str], Link | None]) -> list[Fact]:
    stands = set_aside_of(account)
    if stands is None:
        offered = forgiveness_terms(on=on) is not None
        return [Fact("Old debt", "Nothing is set aside", act("Set aside", "do-set-aside"))] if offered else []
    row = stands.row
    missed = f", {stands.missed} of {row.terms.missed} bills missed" if stands.missed else ""
    done = f"{stands.forgiven} forgiven for {stands.in_time} of {len(row.shares)} bills{missed}"
    return [
        Fact("Old debt set aside", f"{stands.left} of {row.total} left", act("End", "do-end-set-aside")),
        Fact("Forgiven so far", done),
    ]


class HardshipForm(Once, Form):
    cause = OptionsField(label="What happened", options={each.value: Option(each.label) for each in Cause})
    evidence = forms.CharField(label="What shows it", max_length=80, help_text="Such as: layoff letter of Nov 2.")
    papers = PapersField(label="The paper itself", required=False, help_text="A photo or a PDF.")
    until = DayField(label="Holds until (the last day)")
    remark = forms.CharField(label="For whoever reviews it", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("credit.work")
def hardship(request: HttpRequest, number: str) -> HttpResponse:
    """It holds once a second person accepts it."""
    account, seen = load_account(request, number, to="credit.work"), visit(request)
    here = reverse("desk:account", args=[number])

    def act(form: HardshipForm) -> str:
        said = form.cleaned_data
        shown = first_kept(said["papers"], by=actor(request), at=seen.at)
        ask_hardship(
            account=account, cause=Cause(said["cause"]), evidence=said["evidence"], paper=shown,
            until=said["until"], remark=said["remark"], on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return "A second person looks at it. It counts from today once they accept it."

    policy = policy_in_force(HardshipPolicy, on=seen.on)
    opens = f"A plan may run for up to {policy.plan_months} months. No late charge, and no fee to reconnect."
    return form_panel(
        request, title="Hardship", act=act, submit="Ask for it", back=here, crumbs=[Crumb(number, here)], done=Done,
        form=lambda *args: HardshipForm(*args, initial={"until": seen.on + timedelta(days=policy.days // 2)}),
        refusals=(CannotEase, CannotDecide), alerts=[Alert(Level.KNOW, "What it opens", opens)],
    )  # fmt: skip


class EndForm(Once, Form):
    on = DayField(label="First day without it")
    reason = forms.CharField(label="Why it ends", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("credit.work")
def end_hardship_early(request: HttpRequest, number: str) -> HttpResponse:
    """Before its day, with a reason."""
    account, seen = load_account(request, number, to="credit.work"), visit(request)
    found, here = hardship_of(account, on=seen.on), reverse("desk:account", args=[number])
    if found is None:
        raise Http404("No hardship is on file for this account.")

    def act(form: EndForm) -> str:
        said = form.cleaned_data
        ended = end_hardship(hardship=found, on=said["on"], by=actor(request), at=seen.at, remark=said["reason"])
        return f"The hardship ends: {day(ended.period.closed_end, seen.on)} is the first day without it."

    return form_panel(
        request, title="End the hardship", form=EndForm, act=act, submit="End it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotEase,),
    )  # fmt: skip


@needs("credit.view", "accounts.view")
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was shown with a request, as it came."""
    asked = Approval.objects.filter(kind=APPROVAL, pk=pk).first()
    key = asked.proposal["paper"] if asked else None
    kept = StoredFile.objects.filter(pk=key).first() if key else None
    if asked is None or asked.account is None or kept is None or not path_of(kept.pk).exists():
        raise Http404("There is no such paper.")
    load_account(request, Account.objects.get(pk=asked.account).number, to="credit.view")
    response = FileResponse(
        path_of(kept.pk).open("rb"), as_attachment=True, filename=kept.name, content_type=kept.media_type
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
