"""Set AutoPay up in the call, with the words that the customer hears; stop it; lift a hold; draw once more."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.billing.models import Bill
from lamplighter.journeys.autopaying import set_up, stop, try_again
from lamplighter.kernel.money import ZERO
from lamplighter.notices.queries import sender
from lamplighter.payments.autopay.banks import Bank
from lamplighter.payments.autopay.queries import autopay_of
from lamplighter.payments.autopay.rules import CannotDraw, Terms
from lamplighter.payments.models import Autopay, Draft
from lamplighter.payments.operations.autopaying import Authorization, refuse, release_autopay
from lamplighter.payments.queries import cash_only, owed_by
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

NEVER = {"autocomplete": "off", "inputmode": "numeric", "data-no-draft": ""}
KINDS = {"checking": Option("Checking", key="c"), "savings": Option("Savings", key="s")}
CONSENTS = {
    Autopay.Consent.RECORDED.value: Option("Recorded call", "Read the words aloud; they say yes", key="r"),
    Autopay.Consent.SIGNED.value: Option("Signed", "On paper, kept with the account", key="g"),
}
FIRST = {"this": Option("This bill", key="1"), "next": Option("The next bill", key="2")}
CHANGED = "A bill was issued since these words were shown. Read them again."


class SetUp(Once, AsShown, Form):
    """Whose bank account, which bill is the first, how they agreed. `digest` names the words that were shown."""

    holder = forms.CharField(label="Account holder", max_length=22, help_text="As the bank knows them.")
    kind = OptionsField(label="Account", options=KINDS, initial="checking")
    routing = forms.CharField(label="Routing number", max_length=9, widget=forms.TextInput(NEVER),
                              help_text="Nine digits, at the lower left of a check.")  # fmt: skip
    number = forms.CharField(label="Account number", max_length=17, widget=forms.TextInput(NEVER))
    again = forms.CharField(label="Account number again", max_length=17, widget=forms.TextInput(NEVER))
    business = forms.BooleanField(label="It is a business's bank account", required=False)
    first = OptionsField(label="First drawn", options=FIRST, initial="this")
    consent = OptionsField(label="How they agree", options=CONSENTS, initial="recorded")
    prenote = forms.BooleanField(
        label="Test the bank account first", required=False, help_text="Without money; the first bill waits three days."
    )

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.on = account, visit(request).on
        self.given: Authorization | None = None

    def clean(self) -> dict[str, Any]:
        """The authorization in its words. What is confirmed must be what was read."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        if said["number"] != said["again"]:
            self.add_error("again", "The two account numbers differ. Ask once more.")
            return said
        bank = Bank(said["routing"], said["number"], savings=said["kind"] == "savings")
        try:
            refuse(self.account, bank, on=self.on)
        except CannotDraw as refused:
            self.add_error(None, str(refused))
            return said
        begins, who = first_day(self.account, said["first"], on=self.on), sender()
        terms = Terms(
            who.utility, who.phone, self.account.number, said["holder"], said["kind"], bank.last_four, begins,
            spoken=said["consent"] == Autopay.Consent.RECORDED,
        )  # fmt: skip
        self.given = Authorization(bank, said["holder"], said["business"], said["consent"], terms.words, begins)
        shown = hashlib.sha256(terms.words.encode()).hexdigest()
        self.hold_to(shown, CHANGED)
        return said


class Why(Once, Form):
    why = forms.CharField(label="Why", max_length=200, initial="The customer asked", widget=forms.TextInput())


class Remark(Once, Form):
    remark = forms.CharField(label="What they said", max_length=500, widget=forms.Textarea({"rows": 2}))


class Sure(Once, Form):
    """Nothing to fill in: what it does stands above."""


@needs("payments.take")
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """The bank account, the words to read, then AutoPay; or what stands against it."""
    account = load_account(request, number, to="payments.take")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    customer = profile(account, on=on).customer

    def act(form: SetUp) -> str:
        assert form.given
        made = set_up(
            account=account, given=form.given, prenote=form.cleaned_data["prenote"], on=on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"AutoPay is on: {made}, bills from {day(made.begins, on)}. A copy goes to the customer."

    return form_panel(
        request, title="Set up AutoPay", act=act, check=_read_aloud, submit="Set up AutoPay", back=here,
        form=lambda *args: SetUp(*args, account=account, request=request,
                                 initial={"holder": customer.name[:22] if customer else ""}),
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotDraw,), alerts=_against(account, on),
    )  # fmt: skip


@needs("payments.take")
def end(request: HttpRequest, number: str) -> HttpResponse:
    """It stops today; what is at the bank already is named."""
    account = load_account(request, number, to="payments.take")
    here, on = reverse("desk:account", args=[number]), visit(request).on

    def act(form: Why) -> str:
        called_off, gone = stop(
            account=account, why=form.cleaned_data["why"], on=on, by=actor(request), at=visit(request).at
        )
        words = ["AutoPay is off from now on."]
        words += [
            f"The draft of {one.amount} on {day(one.draw_on, on)} is called off." for one in called_off if one.bill
        ]
        words += [f"{one.amount} is at the bank already and is drawn {day(one.draw_on, on)}." for one in gone]
        return " ".join(words)

    return form_panel(
        request, title="Stop AutoPay", form=Why, act=act, submit="Stop it now", back=here, crumbs=[Crumb(number, here)],
        done=Done, refusals=(CannotDraw,), alerts=[Alert(Level.KNOW, "It stops today", "The bill itself stays due.")],
    )  # fmt: skip


@needs("payments.take")
def lift(request: HttpRequest, number: str) -> HttpResponse:
    """A hold ends: bills are drawn again."""
    account = load_account(request, number, to="payments.take")
    here = reverse("desk:account", args=[number])
    running = autopay_of(account)
    if running is None:
        raise Http404("This account has no AutoPay.")

    def act(form: Remark) -> str:
        release_autopay(autopay=running, remark=form.cleaned_data["remark"], on=visit(request).on, by=actor(request),
                        at=visit(request).at)  # fmt: skip
        return "AutoPay goes on. The next announced bill is drawn."

    return form_panel(
        request, title="Go on with AutoPay", form=Remark, act=act, submit="Go on", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotDraw,),
    )  # fmt: skip


@needs("payments.take")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Present a returned draft once more; the customer is told ten days before."""
    found = Draft.objects.filter(pk=pk).exclude(bill="").select_related("autopay__account").first()
    if found is None:
        raise Http404("There is no such draft.")
    account = load_account(request, found.autopay.account.number, to="payments.take")
    here, on = reverse("desk:draft", args=[pk]), visit(request).on

    def act(_: Sure) -> str:
        made = try_again(draft=found, on=on, by=actor(request), at=visit(request).at)
        return f"{made.amount} is drawn once more on {day(made.draw_on, on)}. The customer is told."

    return form_panel(
        request, title="Draw it once more", form=Sure, act=act, submit="Draw it again", back=here,
        crumbs=[Crumb(account.number, reverse("desk:account", args=[account.number])), Crumb("Draft", here)], done=Done,
        refusals=(CannotDraw,),
        alerts=[Alert(Level.WATCH, "At most twice, within 180 days", "Say yes only when the customer does.")],
    )  # fmt: skip


def first_day(account: Account, first: str, *, on: date) -> date:
    """The first day whose bills are drawn: that of the bill which is open now, or after it."""
    newest = Bill.objects.filter(account=account).order_by("-issued_on", "-pk").first()
    if first == "this" and newest is not None:
        return newest.issued_on
    return max(on, newest.issued_on + timedelta(days=1)) if newest is not None else on


def _read_aloud(form: SetUp) -> list[Fact]:
    assert form.given
    given = form.given
    said = CONSENTS[given.consent]
    kind = f"{'Business' if given.business else 'Personal'} {form.cleaned_data['kind']} …{given.bank.last_four}"
    return [
        Fact("Read this aloud" if given.consent == Autopay.Consent.RECORDED else "They sign this", given.words),
        Fact("Bank account", kind), Fact("Bills from", day(given.begins, form.on)), Fact("They agree", said.label),
        Fact("Tested first", "Yes" if form.cleaned_data["prenote"] else "No"),
    ]  # fmt: skip


def _against(account: Account, on: date) -> list[Alert]:
    """What stands against it before anybody types a number, or which bill it would begin with."""
    barred = cash_only([account.pk], on=on).get(account.pk)
    if barred is not None:
        return [Alert(Level.STOP, "This account pays cash only", barred.reason)]
    if autopay_of(account) is not None:
        return [Alert(Level.STOP, "This account has AutoPay", "Stop it first.")]
    newest = Bill.objects.filter(account=account).order_by("-issued_on", "-pk").first()
    if newest is None:
        return [Alert(Level.KNOW, "No bill yet", "The first one is drawn.")]
    owed = sum((debt.amount for debt in owed_by(account)), ZERO)
    words = f"Of {day(newest.issued_on, on)}, due {day(newest.due_on, on)}; {owed} is open now."
    return [Alert(Level.KNOW, "“This bill” is drawn on its due day, ten days from now at the earliest", words)]
