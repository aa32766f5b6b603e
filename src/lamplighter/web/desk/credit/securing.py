"""Decide on a deposit as the policy says, or otherwise with a reason; ask a credit bureau with the customer's word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.rules import CannotBill
from lamplighter.credit.kinds import DEPOSIT
from lamplighter.credit.models import CreditReport, DepositDecision, Security
from lamplighter.credit.operations.depositing import DecisionIn
from lamplighter.credit.queries.deposits import Standing, standing_of
from lamplighter.credit.rules.deposits import CannotSecure, divide
from lamplighter.credit.rules.deposits import Form as Given
from lamplighter.journeys.depositing import (
    Asked,
    NoAnswer,
    ask_bureau,
    decide,
    keep_answer,
    keep_no_answer,
    release,
)
from lamplighter.kernel.money import ZERO
from lamplighter.web.access import actor, needs, permissions, require
from lamplighter.web.desk.credit.saying import says
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit
from lamplighter.worklist.operations import finish_where

PURPOSE = Alert(
    Level.KNOW, "Ask only with their word, and only because they want service",
    "A deposit that rests on the report is told by letter, with the score and its reasons (15 USC 1681b, 1681m).",
)  # fmt: skip


class Decision(Once, Form):
    occasion = OptionsField(label="Because", options={one.value: Option(one.label) for one in DepositDecision.Occasion})
    form = OptionsField(label="Given as", options={one.value: Option(one.label) for one in Given})
    amount = MoneyField(label="How much", required=False, least=ZERO, help_text="Empty: what the policy says.")
    parts = forms.IntegerField(label="In how many parts", min_value=1, initial=1, required=False)
    guarantor = forms.CharField(
        label="Account that vouches", max_length=20, required=False, help_text="Another customer's, with service."
    )
    reference = forms.CharField(label="Surety or bank, and number", max_length=80, required=False)
    remark = forms.CharField(
        label="Why otherwise", max_length=500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="Needed where less is asked for than the policy says.",
    )  # fmt: skip
    recommended = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, standing: Standing, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing, self.request = standing, request
        self.fields["recommended"].initial = standing.recommendation.amount.cents
        self.decided: DecisionIn | None = None

    def clean(self) -> dict[str, Any]:
        """What is decided, or why it can't be."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        given, policy = Given(said["form"]), self.standing.recommendation.amount
        if said["recommended"] != policy.cents:
            self.add_error(None, f"The policy says {policy} now. Look at it again.")
            return said
        asked = ZERO if given is Given.WAIVED else said["amount"] or policy
        guarantor = _vouches(said["guarantor"]) if given is Given.GUARANTOR else None
        if given is Given.GUARANTOR and guarantor is None:
            self.add_error("guarantor", "Enter the number of another customer's account with service.")
        try:
            if given is Given.CASH:
                divide(asked, parts=said["parts"] or 1, on=visit(self.request).on, terms=self.standing.terms)
        except CannotSecure as refused:
            self.add_error("parts", str(refused))
        if asked < policy and not said["remark"].strip():
            self.add_error("remark", "Say why less is asked for than the policy says: it is kept with the decision.")
        if self.errors:
            return said
        self.decided = DecisionIn(
            said["occasion"], policy, asked, given, said["parts"] or 1, guarantor, said["reference"], said["remark"]
        )
        return said


@needs("accounts.view", "credit.view")
def decide_on(request: HttpRequest, number: str) -> HttpResponse:
    """The policy's amount is for whoever works on credit; less, or none where it asks for one, a supervisor's."""
    account = load_account(request, number, to="credit.view")
    if "credit.decide" not in permissions(request):
        require(request, "credit.work", "You can't decide on a deposit.")
    here, seen = reverse("desk:account-credit", args=[number]), visit(request)
    standing = standing_of(account, on=seen.on)

    def act(form: Decision) -> str:
        said = form.decided
        assert said is not None
        if said.amount < said.recommended:
            require(request, "credit.decide", "Less than the policy asks for is a supervisor's to decide.")
        made = decide(account=account, said=said, on=seen.on, by=actor(request), at=seen.at)
        finish_where(subjects=[account.subject], kind=DEPOSIT.key, by=actor(request), at=seen.at)
        told = " A letter tells why, as the law asks." if made.report_id and made.amount else ""
        return f"{made.get_form_display()}: {made.amount}.{told}"

    return form_panel(
        request, title="Decide on a deposit", submit="Decide", act=act, back=here,
        form=lambda *args: Decision(*args, standing=standing, request=request),
        check=lambda form: _shown(form, request), crumbs=[Crumb(number, here)], done=Done,
        refusals=(CannotSecure, CannotBill), alerts=says(standing),
    )  # fmt: skip


class Inquiry(Once, Form):
    """The bureau is asked as the form is read: before any row is held, and under the form's own key."""

    consent = OptionsField(label="They agreed", options={one.value: Option(one.label) for one in CreditReport.Consent})

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.request = account, request
        self.asked: Asked | None = None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        seen, reference = visit(self.request), said["request_key"].hex[:16]
        try:
            self.asked = ask_bureau(account=self.account, reference=reference, on=seen.on)
        except NoAnswer as lost:
            keep_no_answer(account=self.account, reference=reference, lost=lost, by=actor(self.request), at=seen.at)
            self.add_error(None, str(lost))
        except CannotSecure as refused:
            self.add_error(None, str(refused))
        return said


@needs("credit.work")
def bureau(request: HttpRequest, number: str) -> HttpResponse:
    """One question, one answer: the score and its reasons are kept, not the file."""
    account = load_account(request, number, to="credit.work")
    here, seen = reverse("desk:account-credit", args=[number]), visit(request)

    def act(form: Inquiry) -> str:
        assert form.asked is not None
        found = keep_answer(
            asked=form.asked, consent=form.cleaned_data["consent"], by=actor(request), at=seen.at
        )  # fmt: skip
        return f"{found.bureau}: {found.score if found.score is not None else 'not known to it'}."

    return form_panel(
        request, title="Ask the bureau", form=lambda *args: Inquiry(*args, account=account, request=request), act=act,
        submit="Ask", busy="Asking…", back=here, crumbs=[Crumb(number, here)], done=Done, alerts=[PURPOSE],
    )  # fmt: skip


class Release(Once, Form):
    on = DayField(label="First day without it")
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("accounts.view", "credit.decide")
def end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Nobody vouches any more; if the policy asks for a deposit then, somebody decides on it."""
    account = load_account(request, number, to="credit.decide")
    here, seen = reverse("desk:account-credit", args=[number]), visit(request)
    found = Security.objects.filter(account=account, pk=pk, ended_at__isnull=True).select_related("guarantor").first()
    if found is None:
        raise Http404("Nobody vouches so for this account.")

    def act(form: Release) -> str:
        said = form.cleaned_data
        release(security=found, first=said["on"], remark=said["remark"], on=seen.on, by=actor(request), at=seen.at)
        return f"{found.get_form_display()} ends: {day(said['on'], seen.on)} is the first day without it."

    who = f"Account {found.guarantor.number}" if found.guarantor else found.reference
    return form_panel(
        request, title="Release who vouches", form=Release, act=act, submit="Release", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotSecure,),
        alerts=[Alert(Level.KNOW, f"{who}, {found.amount}", "What the policy asks for without it is decided after.")],
    )  # fmt: skip


def _shown(form: Decision, request: HttpRequest) -> list[Fact]:
    """What will be so, to be read aloud."""
    said, on = form.decided, visit(request).on
    assert said is not None
    facts = [Fact("Policy", said.recommended), Fact(said.form.label, said.amount)]
    if said.form is Given.CASH:
        parts = divide(said.amount, parts=said.parts, on=on, terms=form.standing.terms)
        facts += [Fact(f"Due {day(part.due_on, on)}", part.amount) for part in parts]
    if said.guarantor is not None:
        facts.append(Fact("Vouches", f"Account {said.guarantor.number}"))
    return facts


def _vouches(number: str) -> Account | None:
    """An account by its number, with service."""
    return Account.objects.filter(number=number.strip(), agreements__period__endswith__isnull=True).first()
