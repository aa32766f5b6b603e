"""Acts of funds: ask for a grant, bring its certificate, take it back; give, stop giving; open a fund, terms, money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.credit.rules.pledging import CannotPledge
from lamplighter.journeys.granting import ask_grant, bring_certificate, offered, open_fund, take_back
from lamplighter.kernel.money import ZERO
from lamplighter.ledger.models import Code
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.programs.models import AssistanceFund, FundTerms, Grant, Program
from lamplighter.programs.operations.giving import begin_gift, end_gift
from lamplighter.programs.operations.granting import ask_money_in, set_fund_terms
from lamplighter.programs.queries.funds import gift_of
from lamplighter.programs.rules.giving import CannotGive, Way
from lamplighter.programs.rules.granting import CannotFund
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.funds.loading import load_fund, load_grant
from lamplighter.web.desk.funds.views import FUNDS
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.uploads import PapersField, first_kept
from lamplighter.web.visits import visit

REFUSED = (CannotFund, CannotPledge, CannotDecide)


class GrantForm(Once, Form):
    amount = MoneyField(label="How much")
    papers = PapersField(label="The agency's certificate", required=False, help_text="It can also come later.")
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("accounts.view", "programs.apply")
def ask(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Given at once, or reserved until a paper or a second person comes: it counts either way."""
    account, fund, seen = load_account(request, number, to="programs.apply"), load_fund(key), visit(request)
    here = reverse("desk:account-programs", args=[number])

    def act(form: GrantForm) -> str:
        paper = first_kept(form.cleaned_data["papers"], by=actor(request), at=seen.at)
        made = ask_grant(
            account=account, fund=fund, amount=form.cleaned_data["amount"], paper=paper,
            remark=form.cleaned_data["remark"], on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return _told(made)

    return form_panel(
        request, title=f"Ask {fund.name} for a grant", form=GrantForm, act=act, submit="Ask for it", back=here,
        crumbs=[Crumb(number, here)], refusals=REFUSED, done=Done, alerts=_room(account, fund, request),
    )  # fmt: skip


class CertificateForm(Once, Form):
    papers = PapersField(label="The agency's certificate", help_text="A photo or a PDF.")


@needs("accounts.view", "programs.apply")
def bring(request: HttpRequest, number: str) -> HttpResponse:
    found, seen = load_grant(request, number, to="programs.apply"), visit(request)
    here = reverse("desk:grant", args=[number])

    def act(form: CertificateForm) -> str:
        paper = first_kept(form.cleaned_data["papers"], by=actor(request), at=seen.at)
        assert paper is not None, "the field is required"
        return _told(bring_certificate(grant=found, paper=paper, on=seen.on, by=actor(request), at=seen.at))

    return form_panel(
        request, title="The certificate came", form=CertificateForm, act=act, submit="Add it", back=here,
        crumbs=[FUNDS, Crumb(f"Grant {number}", here)], refusals=REFUSED, done=Done,
    )  # fmt: skip


class WhyForm(Once, Form):
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("accounts.view", "programs.apply")
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    found, seen = load_grant(request, number, to="programs.apply"), visit(request)
    here = reverse("desk:grant", args=[number])

    def act(form: WhyForm) -> str:
        take_back(grant=found, remark=form.cleaned_data["remark"], on=seen.on, by=actor(request), at=seen.at)
        return f"{found.amount} is free again in {found.fund.name}."

    return form_panel(
        request, title="Take the grant back", form=WhyForm, act=act, submit="Take it back", back=here,
        crumbs=[FUNDS, Crumb(f"Grant {number}", here)], refusals=REFUSED, done=Done,
        alerts=[Alert(Level.WATCH, f"{found.amount} is collected again", "From tomorrow morning.")],
    )  # fmt: skip


class GiftForm(Once, Form):
    way = OptionsField(
        label="They give", options={each.value: Option(each.label) for each in Way}, initial=Way.ROUND_UP.value
    )
    amount = MoneyField(label="How much", required=False, help_text="Not for rounding up.")


@needs("accounts.view", "programs.apply")
def give(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """From the next bill on, on a line of its own."""
    account, fund, seen = load_account(request, number, to="programs.apply"), load_fund(key), visit(request)
    here = reverse("desk:account-programs", args=[number])

    def act(form: GiftForm) -> str:
        said = form.cleaned_data
        made = begin_gift(
            account=account, fund=fund, way=Way(said["way"]), amount=said["amount"] or ZERO, on=seen.on,
            by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"{Way(made.way).label}, from the next bill on. They can stop any day."

    return form_panel(
        request, title=f"Give to {fund.name}", form=GiftForm, act=act, submit="Begin it", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotGive,),
        alerts=[Alert(Level.KNOW, "A gift is never a debt", "What is not paid of it is taken off the next bill.")],
    )  # fmt: skip


class StopForm(Once, Form):
    """Nothing to fill in."""


@needs("accounts.view", "programs.apply")
def stop(request: HttpRequest, number: str) -> HttpResponse:
    account, seen = load_account(request, number, to="programs.apply"), visit(request)
    here, gift = reverse("desk:account-programs", args=[number]), gift_of(account)
    if gift is None:
        raise Http404("They give nothing.")

    def act(_: StopForm) -> str:
        end_gift(gift=gift, on=seen.on, by=actor(request), at=seen.at)
        return f"They give nothing to {gift.fund.name} any more. What was asked for and is not paid is taken off."

    return form_panel(
        request, title=f"Stop giving to {gift.fund.name}", form=StopForm, act=act, submit="Stop it", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotGive,), done=Done,
    )  # fmt: skip


class FundForm(Once, Form):
    key = forms.SlugField(label="Short name", max_length=20, help_text="Like neighbor-fund.")
    name = forms.CharField(label="Name", max_length=60)
    words = forms.CharField(label="What to say of it", max_length=300, widget=forms.Textarea({"rows": 3}))
    code = forms.ChoiceField(label="Held in the books under")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Code.objects.filter(kind=Code.Kind.LIABILITY, control=False, key__endswith="-fund")
        taken = AssistanceFund.objects.values("code")
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, f"{one.number} {one.name}") for one in free.exclude(pk__in=taken)]


@needs("programs.oversee")
def open_one(request: HttpRequest) -> HttpResponse:
    seen = visit(request)

    def act(form: FundForm) -> str:
        said = form.cleaned_data
        return open_fund(
            key=said["key"], name=said["name"], words=said["words"], code=said["code"], on=seen.on, by=actor(request),
            at=seen.at,
        ).name  # fmt: skip

    return form_panel(
        request, title="Open a fund", form=FundForm, act=act, submit="Open it", back=FUNDS.url, crumbs=[FUNDS],
        refusals=REFUSED, done=lambda name: Done(f"{name} grants as soon as it has terms and money."),
    )  # fmt: skip


class FundTermsForm(Once, Form):
    cap = MoneyField(label="A household has at most, in twelve months")
    programs = forms.MultipleChoiceField(label="Who has one of these needs no paper", required=False, widget=CheckRows)
    papers_days = forms.IntegerField(label="A certificate within (days)", min_value=1, max_value=60, initial=10)
    citation = forms.CharField(label="By resolution", max_length=200)
    start = DayField(label="From")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programs"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.code, one.name) for one in Program.objects.order_by("name")]


@needs("programs.oversee")
def change_terms(request: HttpRequest, key: str) -> HttpResponse:
    found, seen = load_fund(key), visit(request)
    here = reverse("desk:fund", args=[key])

    def act(form: FundTermsForm) -> str:
        said = form.cleaned_data
        row = set_fund_terms(
            fund=found, cap=said["cap"], programs=said["programs"], papers_days=said["papers_days"],
            citation=said["citation"], on=said["start"], by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"{found.name}: new terms from {day(row.period.start)}."

    def form(*args: Any) -> FundTermsForm:
        running = FundTerms.objects.filter(fund=found, period__contains=seen.on).first()
        initial = {} if running is None else {
            "cap": running.cap, "programs": running.programs, "papers_days": running.papers_days,
        }  # fmt: skip
        return FundTermsForm(*args, initial=initial)

    return form_panel(
        request, title=f"Terms of {found.name}", form=form, act=act, submit="Set them", back=here,
        crumbs=[FUNDS, Crumb(found.name, here)], refusals=REFUSED, done=Done,
    )  # fmt: skip


class MoneyForm(Once, Form):
    amount = MoneyField(label="How much")
    citation = forms.CharField(label="By resolution", max_length=200)


@needs("programs.oversee")
def put_money(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody who posts journals agrees first."""
    found, seen = load_fund(key), visit(request)
    here = reverse("desk:fund", args=[key])

    def act(form: MoneyForm) -> str:
        said = form.cleaned_data
        ask_money_in(
            fund=found, amount=said["amount"], citation=said["citation"], by=actor(request), at=seen.at
        )  # fmt: skip
        return f"{said['amount']} for {found.name} waits for finance."

    return form_panel(
        request, title=f"Put money into {found.name}", form=MoneyForm, act=act, submit="Ask finance", back=here,
        crumbs=[FUNDS, Crumb(found.name, here)], refusals=REFUSED, done=Done,
        alerts=[Alert(Level.KNOW, "It is an expense of the utility", "Assistance grants, public purpose funds.")],
    )  # fmt: skip


def _room(account: Any, fund: AssistanceFund, request: HttpRequest) -> list[Alert]:
    """What may be granted today, and what it will take."""
    try:
        found = offered(account, fund, on=visit(request).on)
    except CannotFund as why:
        return [Alert(Level.STOP, "Nothing can be granted", str(why))]
    room = found.room
    says = f"A household has {room.cap} in twelve months, and had {room.had}. {room.owed} is owed, {room.free} free."
    if room.most == ZERO:
        return [Alert(Level.STOP, "Nothing can be granted", says)]
    needs_ = f"They have {found.opened_by}: no paper." if found.opened_by else "An agency's certificate is needed."
    return [Alert(Level.KNOW, f"Up to {room.most}", f"{says} {needs_}")]


def _told(made: Grant) -> str:
    if made.state == Grant.State.GIVEN:
        return f"{made.amount} of {made.fund.name} is on the account. Grant {made.number}."
    return f"{made.amount} is reserved and counts already. Grant {made.number} waits for {made.waits_for}."
