"""Bank deposits: choose verified drawers, one bag, a slip with every denomination and check; checks sent as images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.carrying import image_cash_letter, keep_scan
from lamplighter.kernel.money import Money, total
from lamplighter.payments.cash.counting import BANKED, DENOMINATIONS, Takings, counted_in, last_count, takings_of_each
from lamplighter.payments.models import BankAccount, BankDeposit, Tender, TenderControl, TenderSource
from lamplighter.payments.operations.depositing import make_deposit
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.lead.cash.views import CASH
from lamplighter.web.loading import note_access
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, Form, Once, Option
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb
from lamplighter.web.ui.wording import short_day
from lamplighter.web.visits import visit


class Deposit(Once, Form):
    drawers = forms.MultipleChoiceField(label="Drawers", widget=CheckRows)
    bag = forms.CharField(label="Number of the bag", max_length=30, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, waiting: Mapping[TenderControl, Takings], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["drawers"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [
            (str(one.pk), Option(f"{one.source.name}, {short_day(one.opened_at.date())}", _takes(took)))
            for one, took in waiting.items()
        ]
        choice.initial = [str(one.pk) for one in waiting]
        choice.error_messages["required"] = "No verified drawer is chosen."


@needs("cash.verify")
def make(request: HttpRequest) -> HttpResponse:
    waiting = waiting_drawers()

    def act(form: Deposit) -> str:
        chosen = [one for one in waiting if str(one.pk) in form.cleaned_data["drawers"]]
        made = make_deposit(
            controls=chosen, bag=form.cleaned_data["bag"], on=visit(request).on, by=actor(request), at=visit(request).at
        )
        return made.number

    return form_panel(
        request, title="Make a deposit", form=lambda *args: Deposit(*args, waiting=waiting), act=act,
        submit="Close the bag", back=CASH.url, crumbs=[CASH], refusals=(CannotTake,),
        done=lambda number: Done(f"D-{number} is ready.", url=reverse("lead:deposit", args=[number])),
    )  # fmt: skip


def waiting_drawers() -> dict[TenderControl, Takings]:
    """Balanced, with something for the bank, and not carried yet; the oldest first."""
    rows = TenderControl.objects.filter(
        state=TenderControl.State.BALANCED, source__kind=TenderSource.Kind.DRAWER, deposited__isnull=True
    ).select_related("source")  # fmt: skip
    found = list(rows.order_by("opened_at"))
    takings = takings_of_each(found)
    return {one: takings[one.pk] for one in found if takings[one.pk].total}


@needs("cash.verify")
def show(request: HttpRequest, number: str) -> HttpResponseBase:
    """The slip; it prints on Letter."""
    found = load_deposit(number)
    return page(
        request, title=f"Deposit D-{number}", crumbs=[CASH], actions=_acts(found),
        panels=[Panel("slip", "Deposit slip", "lead/cash/slip.html", lambda: slip(found))],
    )  # fmt: skip


def _acts(found: BankDeposit) -> list[Action]:
    """The checks are scanned, and when all of them are, their letter is there to be sent."""
    checks = list(checks_in(found))
    if any(not hasattr(one, "image") for one in checks):
        return [Action("Scan checks", reverse("lead:do-scan", args=[found.number]), key="s")]
    return [Action("Image cash letter", reverse("lead:icl", args=[found.number]), panel=False)] if checks else []


def slip(found: BankDeposit) -> dict[str, Any]:
    """Denominations of all drawers without their floats, turn-ins, and each check. It foots, however it was counted."""
    controls = [one.control for one in found.controls.select_related("control__source").order_by("pk")]
    pieces = dict.fromkeys(DENOMINATIONS, 0)
    for control in controls:
        count = last_count(control)
        for cents, number in (counted_in(count).pieces if count else {}).items():
            pieces[cents] += number
    floats = total(one.opening_float for one in controls)
    turned = total(one.amount for control in controls for one in control.turn_ins.all())
    counted = total(Money(cents * number) for cents, number in pieces.items())
    return {
        "whole": found.cash + floats - turned - counted,
        "deposit": found, "bank": BankAccount.objects.first(), "controls": controls, "floats": floats,
        "turned": turned, "pieces": [(Money(c), n, Money(c * n)) for c, n in pieces.items() if n],
        "checks": list(checks_in(found)), "total": found.cash + found.checks,
    }  # fmt: skip


def checks_in(found: BankDeposit) -> Any:
    """Each check and money order that is in the bag, in order."""
    controls = found.controls.values("control")
    rows = Tender.objects.filter(control__in=controls, kind__in=BANKED)
    return rows.exclude(event__reversal__reason__in=("void", "entry-error", "wrong-account")).select_related(
        "event", "image"
    ).order_by("id")  # fmt: skip


def load_deposit(number: str) -> BankDeposit:
    found = BankDeposit.objects.filter(number=number).first()
    if found is None:
        raise Http404(f"There is no deposit {number}.")
    return found


class Scan(Once, Form):
    check = forms.ChoiceField(label="Check")
    micr = forms.CharField(
        label="MICR line", max_length=60, help_text="As the scanner reads it: ⑆routing⑆ account number.",
        widget=forms.TextInput({"autocomplete": "off", "data-no-draft": ""}),
    )  # fmt: skip
    front = forms.FileField(label="Front (TIFF)")
    back = forms.FileField(label="Back (TIFF)")

    def __init__(self, *args: Any, deposit: BankDeposit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["check"]
        assert isinstance(choice, forms.ChoiceField)
        self.known = {str(one.pk): one for one in checks_in(deposit) if not hasattr(one, "image")}
        choice.choices = [(pk, f"{one.reference or 'no number'}, {one.amount}") for pk, one in self.known.items()]


@needs("cash.verify")
def scan(request: HttpRequest, number: str) -> HttpResponse:
    """What the check scanner read: the line and both sides."""
    found, here = load_deposit(number), reverse("lead:deposit", args=[number])

    def act(form: Scan) -> str:
        said = form.cleaned_data
        keep_scan(
            tender=form.known[said["check"]], micr=said["micr"], front=said["front"].read(), back=said["back"].read(),
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return "Scanned."

    return form_panel(
        request, title="Scan checks", form=lambda *args: Scan(*args, deposit=found), act=act, submit="Keep it",
        back=here, crumbs=[CASH, Crumb(f"D-{number}", here)], done=Done, refusals=(CannotTake,),
    )  # fmt: skip


@needs("cash.verify")
def icl(request: HttpRequest, number: str) -> HttpResponse:
    """The image cash letter of the deposit's checks (X9.100-187). Reading it is recorded: it names bank accounts."""
    found = load_deposit(number)
    try:
        data = image_cash_letter(found, list(checks_in(found)), at=visit(request).at)
    except CannotTake as refused:
        raise Http404(str(refused)) from refused
    note_access(request, found.subject, "cash.verify")
    sent = HttpResponse(data, content_type="application/octet-stream")
    sent["Content-Disposition"] = f'attachment; filename="deposit-{number}.x937"'
    return sent


def _takes(takings: Takings) -> str:
    return f"{takings.cash} cash, {takings.checks} checks"
