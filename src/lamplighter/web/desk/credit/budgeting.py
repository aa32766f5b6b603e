"""Budget billing at the desk: the amount with the months that it comes from, a change of it, and leaving."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.queries import profile
from lamplighter.billing.levelling import CannotLevel, LevelDraft
from lamplighter.billing.models import BudgetPlan
from lamplighter.billing.operations.budgeting import change_budget, end_budget
from lamplighter.billing.queries.budgets import budget_of, draft_level, used_ahead
from lamplighter.journeys.levelling import begin_at_desk
from lamplighter.kernel.money import ZERO, Money
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level, Link
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

CHANGED = "Something was billed since this was shown. Look at it again."
REFRESH = ["credit", "timeline", "facts"]


class Begin(Once, AsShown, Form):
    """Which service, and how they agreed."""

    which = forms.ChoiceField(label="Service")
    consent = OptionsField(
        label="How they agreed", options={one.value: Option(one.label) for one in BudgetPlan.Consent}
    )

    def __init__(self, *args: Any, running: dict[str, Agreement], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.running = on, running
        self.drafted: LevelDraft | None = None
        which = self.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [(key, str(one.premise)) for key, one in running.items()]

    def clean(self) -> dict[str, Any]:
        """The draft of the chosen service. What is confirmed must be what was shown."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self.drafted = draft_level(self.running[said["which"]], on=self.on)
            except CannotLevel as refused:
                self.add_error(None, str(refused))
            else:
                self.hold_to(self.drafted.digest, CHANGED)
        return said


class Leave(Once, Form):
    """Nothing to fill in."""


@needs("credit.work")
def begin(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="credit.work")
    seen = visit(request)
    running = {str(line.agreement.pk): line.agreement for line in profile(account, on=seen.on).services
               if line.agreement.period.end is None}  # fmt: skip

    def act(form: Begin) -> str:
        assert form.drafted
        made = begin_at_desk(
            agreement=form.running[form.cleaned_data["which"]], draft=form.drafted,
            consent=form.cleaned_data["consent"], on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"Budget billing: {made.amount} with each bill from the next on."

    return form_panel(
        request, title="Budget billing", form=lambda *args: Begin(*args, running=running, on=seen.on), act=act,
        submit="Begin", check=lambda form: _arithmetic(form.drafted), **_around(account),
    )  # fmt: skip


@needs("credit.work")
def change(request: HttpRequest, number: str) -> HttpResponse:
    """To what the last twelve months say."""
    account = load_account(request, number, to="credit.work")
    plan, draft, why = _running(account, request)

    class Change(Once, AsShown, Form):
        """Nothing to fill in but what was shown."""

        def clean(self) -> dict[str, Any]:
            said: dict[str, Any] = super().clean() or {}
            if draft is None:
                self.add_error(None, why)
            elif not self.errors:
                self.hold_to(draft.digest, CHANGED)
            return said

    def act(_form: Change) -> str:
        assert plan
        assert draft
        changed = change_budget(plan=plan, draft=draft, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"From the next bill on: {changed.amount}."

    return form_panel(
        request, title="Change the budget", form=Change, act=act, submit="Change it",
        check=lambda _: _arithmetic(draft, plan), **_around(account),
    )  # fmt: skip


@needs("credit.work")
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """On any day; what is not even is asked for or given back with the next bill."""
    account = load_account(request, number, to="credit.work")
    plan, _, why = _running(account, request)
    ahead = used_ahead(plan.agreement) if plan else ZERO

    def act(_form: Leave) -> str:
        if plan is None:
            raise CannotLevel(why)
        left = end_budget(plan=plan, reason="asked", on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"Budget billing ended. {_even(left)}"

    alerts = [Alert(Level.KNOW, _even(ahead), "It is settled at once.")] if plan else [Alert(Level.KNOW, why)]
    return form_panel(
        request, title="Leave budget billing", form=Leave, act=act, submit="Leave it", alerts=alerts, **_around(account)
    )


def budget_facts(account: Account, on: date, act: Callable[[str, str], Link | None]) -> list[Fact]:
    """The lines on the account page, with the acts that are possible now."""
    plan = budget_of(account, on=on)
    if plan is None:
        return [Fact("Budget billing", "Not on a budget", act("Set up", "do-budget"))]
    settles = f"settled with the first after {day(plan.settles_on, on)}"
    return [
        Fact("Budget billing", f"{plan.amount} with each bill; {settles}", act("Leave", "do-leave-budget")),
        Fact("Its amount", "By the last twelve months", act("Look again", "do-change-budget")),
    ]


def _arithmetic(draft: LevelDraft | None, plan: BudgetPlan | None = None) -> list[Fact]:
    """Month by month, the sum, and a twelfth of it, rounded up by the rules of the day."""
    assert draft
    months = [Fact(f"{one.month:%B %Y}", one.amount) for one in draft.months]
    now = [Fact("Now", plan.amount)] if plan else []
    return [
        *months,
        Fact("Together", draft.total),
        *now,
        Fact("With each bill", f"{draft.amount}, a twelfth, rounded up"),
        Fact("Once a year", "what was used is settled against what was asked for; leaving does so on any day"),
    ]


def _even(ahead: Money) -> str:
    if not ahead:
        return "Nothing is left to settle."
    return f"{ahead} was used and not asked for." if ahead > ZERO else f"{-ahead} was asked for ahead."


def _running(account: Account, request: HttpRequest) -> tuple[BudgetPlan | None, LevelDraft | None, str]:
    plan = budget_of(account, on=visit(request).on)
    if plan is None:
        return None, None, "No service of this account is on budget billing."
    try:
        return plan, draft_level(plan.agreement, on=visit(request).on), ""
    except CannotLevel as refused:
        return plan, None, str(refused)


def _around(account: Account) -> dict[str, Any]:
    """What every act on a budget has in common."""
    here = reverse("desk:account", args=[account.number])
    return {"back": here, "crumbs": [Crumb(account.number, here)], "refusals": (CannotLevel,),
            "done": lambda said: Done(said, refresh=REFRESH)}  # fmt: skip
