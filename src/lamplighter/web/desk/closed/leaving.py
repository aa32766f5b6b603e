"""After a customer left: look for them where mail comes back, and ask whoever vouched for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.models import GuarantorClaim, Search, Security
from lamplighter.credit.rules.guaranteeing import CannotClaim, GuaranteePolicy
from lamplighter.credit.rules.searching import CannotSearch, Where
from lamplighter.journeys.guaranteeing import ask_to_move, claimable, take_back, tell_guarantor
from lamplighter.journeys.searching import give_up, looked
from lamplighter.kernel.money import Money
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level, Link
from lamplighter.web.ui.wording import day, short_day
from lamplighter.web.visits import visit

Act = Callable[[str, str], Link | None]
DISCREET = Alert(
    Level.KNOW, "Ask only where they are",
    "Never say that they owe. Not an employer, not a neighbor (15 USC 1692b, 1692c).",
)  # fmt: skip


class Looked(Once, Form):
    where = OptionsField(label="Where", options={one.value: Option(one.label) for one in Where})
    words = forms.CharField(
        label="Whom you asked, and what came of it", max_length=500, widget=forms.Textarea({"rows": 2})
    )
    address = forms.CharField(
        label="New address", max_length=300, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="Empty: nothing was found there. With one, what came back is written again, to it.",
    )  # fmt: skip


@needs("credit.work")
def look(request: HttpRequest, number: str) -> HttpResponse:
    """One place was looked in; an address that was found there gets the letter that came back."""
    account = load_account(request, number, to="credit.work")
    search, here, seen = _search(account), reverse("desk:account", args=[number]), visit(request)

    def act(form: Looked) -> str:
        said = form.cleaned_data
        made = looked(
            search=search, where=Where(said["where"]), words=said["words"], address=said["address"], on=seen.on,
            by=actor(request), at=seen.at,
        )  # fmt: skip
        if not made.found:
            return "Noted. The search goes on."
        return "Found. The letter goes to the new address." if made.notice_id else "Found. No letter could be written."

    return form_panel(
        request, title="Look for the customer", form=Looked, act=act, submit="Write it down", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotSearch,), alerts=[DISCREET],
    )  # fmt: skip


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("credit.work")
def end(request: HttpRequest, number: str) -> HttpResponse:
    """They are not found: the debt may go to an agency."""
    account = load_account(request, number, to="credit.work")
    search, here, seen = _search(account), reverse("desk:account", args=[number]), visit(request)

    def act(_: Sure) -> str:
        give_up(search=search, on=seen.on, by=actor(request), at=seen.at)
        return "The search is over. What is written off may go to an agency now."

    return form_panel(
        request, title="End the search", form=Sure, act=act, submit="They are not found", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotSearch,),
    )  # fmt: skip


class Told(Once, Form):
    cents = forms.IntegerField(widget=forms.HiddenInput)


@needs("credit.work")
def tell(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Write to whoever vouches for what the final bill left."""
    account = load_account(request, number, to="credit.work")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    security = Security.objects.filter(account=account, pk=pk).select_related("account", "guarantor").first()
    if security is None:
        raise Http404("Nobody vouches so for this account.")
    try:
        amount, why = claimable(security, on=seen.on), ""
    except CannotClaim as refused:
        amount, why = Money(0), str(refused)

    def form(*args: object) -> Told:
        made = Told(*args)
        made.fields["cents"].initial = amount.cents
        return made

    def act(form: Told) -> str:
        if why:
            raise CannotClaim(why)
        made = tell_guarantor(
            security=security, amount=Money(form.cleaned_data["cents"]), on=seen.on, by=actor(request), at=seen.at
        )
        return f"{made.amount} is asked of account {security.guarantor}, by {day(made.answer_by, seen.on)}."

    days = policy_in_force(GuaranteePolicy, on=seen.on).answer_days
    words = f"{amount} of the {security.amount} that account {security.guarantor} vouched for"
    told = (
        Alert(Level.STOP, why) if why else Alert(Level.KNOW, words, f"They have {days} days. Then it may move to them.")
    )
    return form_panel(
        request, title="Write to the guarantor", form=form, act=act, submit="Write to them", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotClaim,), alerts=[told],
    )  # fmt: skip


class Why(Once, Form):
    remark = forms.CharField(label="What they answered", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("credit.work")
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Put the guaranteed amount before a second person, to be asked for on the guarantor's account."""
    account = load_account(request, number, to="credit.work")
    claim, here, seen = _claim(account), reverse("desk:account", args=[number]), visit(request)

    def act(form: Why) -> str:
        asked = ask_to_move(
            claim=claim, remark=form.cleaned_data["remark"], on=seen.on, by=actor(request), at=seen.at
        )  # fmt: skip
        return f"{asked.amount} proposed. A supervisor decides; the timeline of both accounts will say so."

    told = Alert(Level.KNOW, "It stands there as a debt of its own", "Their power never goes off for it.")
    return form_panel(
        request, title="Ask for it on the guarantor's account", form=Why, act=act, submit="Propose it", back=here,
        done=Done, crumbs=[Crumb(number, here)], refusals=(CannotClaim, CannotDecide), alerts=[told],
    )  # fmt: skip


@needs("credit.work")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The guarantor is not asked any more."""
    account = load_account(request, number, to="credit.work")
    claim, here, seen = _claim(account), reverse("desk:account", args=[number]), visit(request)

    def act(_: Sure) -> str:
        take_back(claim=claim, on=seen.on, by=actor(request), at=seen.at)
        return "Nothing is asked of the guarantor."

    return form_panel(
        request, title="Take the claim back", form=Sure, act=act, submit="Take it back", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotClaim,),
    )  # fmt: skip


def leaving_facts(account: Account, on: date, act: Act) -> list[Fact]:
    """The search that runs, and who vouches or was asked; for an account without service that owes."""
    facts = []
    search = Search.objects.filter(account=account, ended_on__isnull=True).select_related("notice__template").first()
    if search is not None:
        tried = search.steps.count()
        places = f"{tried} place{'' if tried == 1 else 's'}"
        said = f"{search.notice.template.title}, {short_day(search.opened_on, on)}; looked in {places}"
        facts += [
            Fact("Mail came back", said, act("Look", "do-look-for")),
            Fact("Not to be found", "Then an agency may have it", act("End the search", "do-end-search")),
        ]
    securities = Security.objects.filter(account=account, guarantor__isnull=False)
    for one in securities.select_related("guarantor", "claim").order_by("pk"):
        facts += _vouched(account, one, on, act)
    return facts


def _vouched(account: Account, one: Security, on: date, act: Act) -> list[Fact]:
    claim: GuarantorClaim | None = getattr(one, "claim", None)
    if claim is None:
        tell = Link("Write to them", reverse("desk:do-tell-guarantor", args=[account.number, one.pk]), panel=True)
        may = act("Ask there", "do-move-claim") is not None
        return [Fact("Vouched for", f"{one.amount}, account {one.guarantor}", tell if may else None)]
    if claim.ended_on is None:
        words = f"{claim.amount} asked of account {one.guarantor}, by {short_day(claim.answer_by, on)}"
        return [
            Fact("Guarantor", words, act("Ask there", "do-move-claim")),
            Fact("Asked by mistake", "They hear of it from you", act("Take it back", "do-withdraw-claim")),
        ]
    moved = claim.moved or claim.amount
    return [Fact("Guarantor", f"{moved}, {claim.get_outcome_display().lower()} {short_day(claim.ended_on, on)}")]


def _search(account: Account) -> Search:
    found = Search.objects.filter(account=account, ended_on__isnull=True).select_related("account", "notice__template")
    search = found.first()
    if search is None:
        raise Http404("Nobody is looked for on this account.")
    return search


def _claim(account: Account) -> GuarantorClaim:
    found = GuarantorClaim.objects.filter(security__account=account, ended_on__isnull=True)
    claim = found.select_related("security__account", "security__guarantor").first()
    if claim is None:
        raise Http404("No guarantor of this account is asked.")
    return claim
