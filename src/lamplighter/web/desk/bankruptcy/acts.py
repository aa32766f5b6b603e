"""Bankruptcy: enter a petition with the split before the eyes, and carry the case on from step to step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.models import Bankruptcy
from lamplighter.credit.operations import bankruptcies
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.credit.operations.holding import CannotHold
from lamplighter.credit.queries.bankruptcies import CaseDraft, draft_case
from lamplighter.credit.rules.bankruptcy import CHAPTERS, Assurance, CannotFile
from lamplighter.credit.rules.writingoff import CannotWriteOff
from lamplighter.journeys import bankruptcy as journey
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs, require
from lamplighter.web.desk.bankruptcy.views import CASES, load_case
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

REFUSALS = (CannotFile, CannotHold, CannotTake, CannotWriteOff)


class PetitionForm(Once, Form):
    """What the court's notice says. `drafted` is what it would do."""

    chapter = OptionsField(label="Chapter", options={str(n): Option(one.label) for n, one in CHAPTERS.items()})
    case_number = forms.CharField(label="Case number", max_length=30)
    court = forms.CharField(label="Court", max_length=80)
    filed_on = DayField(label="Filed on")
    order_on = DayField(label="Order for relief", required=False, help_text="Empty: the same day, a voluntary case.")
    trustee = forms.CharField(label="Trustee", max_length=80, required=False)

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.on = account, visit(request).on
        self.drafted: CaseDraft | None = None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        said["order_on"] = said["order_on"] or said["filed_on"]
        try:
            self.drafted = draft_case(
                self.account, chapter=int(said["chapter"]), filed_on=said["filed_on"], order_on=said["order_on"],
                on=self.on,
            )  # fmt: skip
        except CannotFile as refused:
            self.add_error(None, str(refused))
        return said


@needs("credit.work")
def enter(request: HttpRequest, number: str) -> HttpResponse:
    """Chapter, day, case: then what is split, what stops and which days run; then it is so."""
    account = load_account(request, number, to="credit.work")
    here = reverse("desk:account", args=[number])

    def act(form: PetitionForm) -> str:
        said = form.cleaned_data
        petition = Petition(
            int(said["chapter"]), said["case_number"], said["court"], said["filed_on"], said["order_on"],
            said["trustee"],
        )  # fmt: skip
        case = journey.enter_petition(
            account=account, petition=petition, on=visit(request).on, by=actor(request), at=visit(request).at
        )
        return str(case.pk)

    return form_panel(
        request, title="Bankruptcy", form=lambda *args: PetitionForm(*args, account=account, request=request),
        act=act, check=_split, submit="Enter the case", back=here, crumbs=[Crumb(number, here)], refusals=REFUSALS,
        done=lambda pk: Done("Everything about old debt has stopped.", url=reverse("desk:bankruptcy", args=[int(pk)])),
        alerts=[Alert(Level.KNOW, "It takes effect as of the filing", "Letters, plans, orders and agencies stop now.")],
    )  # fmt: skip


def _split(form: PetitionForm) -> list[Fact]:
    """The two balances, the days, and everything that stops."""
    assert form.drafted
    draft, on = form.drafted, form.on
    return [
        Fact(f"From before {day(draft.days.filed_on, on)}", draft.before),
        Fact("From that day on", draft.after),
        Fact("Stops now", "Letters, late charges, plans, shut-off orders, agencies, about the debt from before"),
        Fact("Assurance", f"{draft.assurance} by {day(draft.days.assurance_due_on, on)} ({draft.chapter.cites})"),
        Fact("Old deposit", f"{draft.deposit} {'may be set off' if draft.chapter.sets_off else 'is held'}"),
        Fact("Claim", f"by {day(draft.days.bar_date, on)}, as a governmental unit"),
    ]


class ClaimForm(Once, Form):
    filed_on = DayField(label="Filed with the court on")


class AssuranceForm(Once, Form):
    form = OptionsField(label="How", options={one.value: Option(one.label) for one in Assurance})


class PlanForm(Once, Form):
    amount = MoneyField(label="The trustee's check")
    reference = forms.CharField(label="Check number", max_length=40)


class ReliefForm(Once, Form):
    remark = forms.CharField(label="What the order allows", max_length=500, widget=forms.Textarea({"rows": 3}))


class SureForm(Once, Form):
    """Nothing to fill in."""


class EndForm(Once, Form):
    outcome = OptionsField(
        label="How it ended",
        options={
            "discharged": Option("Discharged", "What is left is written off for good"),
            "dismissed": Option("Dismissed", "What is left is asked for again"),
            "closed": Option("Closed without discharge", "What is left is asked for again"),
        },
    )  # fmt: skip


@needs("credit.view")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof of claim was filed."""

    def act(form: ClaimForm, case: Bankruptcy) -> str:
        made = bankruptcies.file_claim(
            case=case, filed_on=form.cleaned_data["filed_on"], by=actor(request), at=visit(request).at
        )
        return f"Claim of {made.claim} is on file."

    return _sheet(request, pk, ClaimForm, act, title="Claim filed", submit="Note it")


@needs("credit.view")
def assure(request: HttpRequest, pk: int) -> HttpResponse:
    def act(form: AssuranceForm, case: Bankruptcy) -> str:
        bankruptcies.give_assurance(
            case=case, form=Assurance(form.cleaned_data["form"]), on=visit(request).on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return "Assurance was given."

    return _sheet(request, pk, AssuranceForm, act, title="Adequate assurance", submit="Note it")


@needs("credit.view")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A check of the trustee pays what is from before the filing."""

    def act(form: PlanForm, case: Bankruptcy) -> str:
        event = journey.take_plan_payment(
            case=case, amount=form.cleaned_data["amount"], reference=form.cleaned_data["reference"],
            on=visit(request).on, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"Receipt R-{event.receipt}."

    return _sheet(request, pk, PlanForm, act, title="Payment under the plan", submit="Take it")


@needs("credit.view")
def set_off(request: HttpRequest, pk: int) -> HttpResponse:
    def act(_: SureForm, case: Bankruptcy) -> str:
        amount = journey.set_off(case=case, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"{amount} of the old deposit paid old debt."

    return _sheet(request, pk, SureForm, act, title="Set the old deposit off", submit="Set it off", to="credit.decide")


@needs("credit.view")
def relief(request: HttpRequest, pk: int) -> HttpResponse:
    def act(form: ReliefForm, case: Bankruptcy) -> str:
        bankruptcies.grant_relief(
            case=case, on=visit(request).on, by=actor(request), at=visit(request).at,
            remark=form.cleaned_data["remark"],
        )  # fmt: skip
        return "The stay is lifted as the order says."

    return _sheet(request, pk, ReliefForm, act, title="Relief from the stay", submit="Note it", to="credit.decide")


@needs("credit.view")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Discharge writes off, dismissal revives."""

    def act(form: EndForm, case: Bankruptcy) -> str:
        outcome = form.cleaned_data["outcome"]
        left = journey.end(case=case, outcome=outcome, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"{left} {'written off for good' if outcome == 'discharged' else 'is asked for again'}."

    return _sheet(request, pk, EndForm, act, title="The case ended", submit="End it", to="credit.decide")


def _sheet(
    request: HttpRequest, pk: int, form: Any, act: Any, *, title: str, submit: str, to: str = ""
) -> HttpResponse:  # fmt: skip
    """An act on a case, for whoever works collections or, where `to` says so, decides."""
    case = load_case(request, pk)
    if to:
        require(request, to)
    here = reverse("desk:bankruptcy", args=[pk])
    return form_panel(
        request, title=title, form=form, act=lambda bound: act(bound, case), submit=submit, back=here,
        crumbs=[CASES, Crumb(case.case_number, here)], done=Done, refusals=REFUSALS,
    )  # fmt: skip
