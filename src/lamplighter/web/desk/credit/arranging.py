"""Set up a payment plan or give more time during a call: eligibility first, then a draft that proves its totals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.cases.operations.alerts import Blocked
from lamplighter.cases.words import Barred
from lamplighter.credit.models import Arrangement
from lamplighter.credit.queries.standing import (
    draft_plan,
    eligibility,
    hardship_of,
    in_winter,
    law,
    past_of,
    plan_policy,
)
from lamplighter.credit.rules.arranging import Answer, CannotArrange, PlanDraft
from lamplighter.credit.rules.hardship import HardshipPolicy
from lamplighter.journeys.arranging import cancel_plan, give_time, make_plan
from lamplighter.kernel.money import ZERO
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking, unless_blocked
from lamplighter.web.desk.credit.alternatives import instead_of_a_plan, instead_of_time, time_to_pay
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Closed, Done, form_panel
from lamplighter.web.ui.forms import AsShown, DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

CHANGED = "What is owed has changed since this plan was shown. Look at it again."
CONSENTS = {
    Arrangement.Consent.RECORDED: Option("Recorded call", "They agreed aloud", key="r"),
    Arrangement.Consent.SIGNED: Option("Signed", "On paper or the pad", key="g"),
    Arrangement.Consent.E_SIGNED: Option("Agreed by text", "They answered our text", key="t"),
}


class Plan(Once, AsShown, Form):
    """How much now, over how many months, how they agreed."""

    down = MoneyField(label="Paid now", required=False, least=ZERO, help_text="Empty: an equal part.")
    months = forms.IntegerField(label="Months", min_value=1)
    income = MoneyField(
        label="Household's income a month", required=False, least=ZERO, help_text="Winter protection runs: as they say."
    )
    consent = OptionsField(label="How they agreed", options={str(key): option for key, option in CONSENTS.items()})

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.on = account, visit(request).on
        self.drafted: PlanDraft | None = None
        if not in_winter(account, on=self.on):
            del self.fields["income"]

    def clean(self) -> dict[str, Any]:
        """The draft of these answers. What was confirmed must be what was shown."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        try:
            self.drafted = draft_plan(
                self.account, down=said["down"], months=said["months"], on=self.on, income=said.get("income")
            )
        except CannotArrange as refused:
            self.add_error(None, str(refused))
            return said
        self.hold_to(self.drafted.digest, CHANGED)
        return said


@needs("credit.work")
def arrange(request: HttpRequest, number: str) -> HttpResponse:
    """Eligibility, a proposal, the parts to check, then the plan."""
    account = load_account(request, number, to="credit.work")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    why = [*blocking(account, Barred.PLAN, on=on), *_against(eligibility(account, on=on))]

    def act(form: Plan) -> str:
        assert form.drafted
        made = make_plan(
            account=account, draft=form.drafted, consent=form.cleaned_data["consent"], on=on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"Plan made: {made.total} in {len(form.drafted.instalments)} payments. Collection stops."

    return form_panel(
        request, title="Payment plan", act=unless_blocked(account, Barred.PLAN, act, on=on),
        form=lambda *args: Plan(*args, account=account, request=request, initial={"months": plan_policy(on=on).months}),
        check=_parts, submit="Make the plan", back=here, crumbs=[Crumb(number, here)], done=Done,
        refusals=(CannotArrange, Blocked),
        alerts=[] if why else _proposal(account, request),
        closed=Closed(why, instead_of_a_plan(account, request)) if why else None,
    )  # fmt: skip


class MoreTime(Once, Form):
    until = DayField(label="They will pay by")


@needs("credit.work")
def more_time(request: HttpRequest, number: str) -> HttpResponse:
    """A promise to pay what is past due by a day."""
    account = load_account(request, number, to="credit.work")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    past = past_of(account, on=on)
    why = [*blocking(account, Barred.PLAN, on=on), *_against(time_to_pay(past, on=on))]

    def act(form: MoreTime) -> str:
        given = give_time(
            account=account, until=form.cleaned_data["until"], on=on, by=actor(request), at=visit(request).at
        )
        return f"{given.amount} may be paid by {day(given.until, on)}. Nothing is collected until then."

    return form_panel(
        request, title="More time to pay", form=MoreTime, submit="Give more time", back=here,
        act=unless_blocked(account, Barred.PLAN, act, on=on), crumbs=[Crumb(number, here)], done=Done,
        refusals=(CannotArrange, Blocked),
        alerts=[Alert(Level.KNOW, f"Past due {past.past_due}", law(on=on).extension_request_days.says)],
        closed=Closed(why, instead_of_time(account, request)) if why else None,
    )  # fmt: skip


class Cancel(Once, Form):
    sure = forms.BooleanField(label="The plan ends, and what is left is asked for now")


@needs("credit.work")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Take the running plan back; what is left goes home."""
    account = load_account(request, number, to="credit.work")
    here = reverse("desk:account", args=[number])

    def act(_: Cancel) -> str:
        cancel_plan(account=account, on=visit(request).on, by=actor(request), at=visit(request).at)
        return "Plan cancelled."

    return form_panel(
        request, title="Cancel the plan", form=Cancel, act=act, submit="Cancel the plan", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotArrange,),
    )  # fmt: skip


def _parts(form: Plan) -> list[Fact]:
    """Every part, and the sum that proves them."""
    assert form.drafted
    parts = form.drafted.instalments
    facts = [Fact(day(due.due_on, form.on), due.amount) for due in parts]
    consent = CONSENTS[Arrangement.Consent(form.cleaned_data["consent"])].label
    return [*facts, Fact(f"Sum of {len(parts)} payments", form.drafted.total), Fact("They agreed", consent)]


def _against(answer: Answer) -> list[Alert]:
    """Why it is refused, with the words to say or where that stands; nothing where it is allowed."""
    if answer.eligible:
        return []
    return [Alert(Level.STOP, answer.why, f"Say: “{answer.say}”" if answer.say else f"Source: {answer.cites}.")]


def _proposal(account: Account, request: HttpRequest) -> list[Alert]:
    """A plan as it would be, and whether it may be longer."""
    on = visit(request).on
    bound = law(on=on).winter_plan
    if bound is not None and in_winter(account, on=on):
        return [Alert(Level.KNOW, "Winter protection runs", f"{bound.says} Source: {bound.cites}.")]
    draft = draft_plan(account, down=None, months=plan_policy(on=on).months, on=on)
    words = ", ".join(f"{due.amount} {day(due.due_on, on)}" for due in draft.instalments)
    longer = []
    if hardship_of(account, on=on) is not None:
        months = policy_in_force(HardshipPolicy, on=on).plan_months
        longer = [Alert(Level.KNOW, "A hardship is on file", f"The plan may run for up to {months} months.")]
    return [Alert(Level.KNOW, f"{draft.total} may be paid over time.", f"Proposed: {words}."), *longer]
