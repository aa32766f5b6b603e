"""Acts on a rebate: papers, the work is done, check, inspect, measure, pay, claw back, deny, withdraw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.journeys import rebating
from lamplighter.platform.models import Approval, StoredFile
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.files import store_file
from lamplighter.rebates.models import RebateApplication
from lamplighter.rebates.operations import applying, deciding, paying
from lamplighter.rebates.queries.standing import due_of, missing_papers
from lamplighter.rebates.rules.qualifying import PaperKind, Way, needed
from lamplighter.rebates.rules.stages import CannotRebate, State
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.rebates.loading import load_rebate
from lamplighter.web.desk.rebates.showing import units
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import quantity
from lamplighter.web.uploads import PapersField, PhotosField
from lamplighter.web.visits import visit

WORDS = forms.Textarea({"rows": 3})


class Bring(Once, Form):
    kind = forms.ChoiceField(label="What it is")
    papers = PapersField(label="Papers", help_text="Photos or PDFs.")

    def __init__(self, *args: Any, found: RebateApplication, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lacking = missing_papers(found)
        others = [kind for kind in PaperKind if kind in needed(found.entry.paper_kinds, Way(found.way))]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in dict.fromkeys([*lacking, *others])]


@needs("accounts.view", "rebates.apply")
def bring(request: HttpRequest, number: str) -> HttpResponse:
    """Papers of one kind."""
    found = load_rebate(request, number, to="rebates.apply")

    def act(form: Bring) -> str:
        files = _stored(request, form.cleaned_data["papers"])
        kind = PaperKind(form.cleaned_data["kind"])
        applying.bring_rebate_papers(application=found, kind=kind, files=files, by=actor(request), at=visit(request).at)
        return f"Kept: {kind.said}."

    return _panel(request, found, "Add papers", lambda *args: Bring(*args, found=found), act, submit="Add them")


class Finished(Once, Form):
    installed_on = DayField(label="Installed on")
    quantity = forms.DecimalField(label="How many", min_value=0, max_digits=12, decimal_places=2)
    cost = MoneyField(label="Cost by the invoice")


@needs("accounts.view", "rebates.apply")
def done(request: HttpRequest, number: str) -> HttpResponse:
    """The work is done: what was installed, when, and what it cost."""
    found = load_rebate(request, number, to="rebates.apply")

    def act(form: Finished) -> str:
        said = form.cleaned_data
        made = applying.tell_done(
            application=found, installed_on=said["installed_on"], quantity=said["quantity"], cost=said["cost"],
            on=visit(request).on, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{made.amount} stays reserved. The program desk checks the papers."

    def form(*args: Any) -> Finished:
        made = Finished(*args, initial={"quantity": found.quantity, "cost": found.cost})
        made.fields["quantity"].label = f"How many {found.entry.measure.unit}"
        return made

    return _panel(request, found, "The work is done", form, act, submit="Hand it to the desk")


class Review(Once, Form):
    decision = OptionsField(
        label="The papers", options={"yes": Option("Do", key="y"), "no": Option("Do not: send them back", key="n")}
    )
    words = forms.CharField(label="What is wrong", required=False, max_length=500, widget=WORDS,
                            help_text="Needed to send them back.")  # fmt: skip


@needs("accounts.view", "rebates.work")
def review(request: HttpRequest, number: str) -> HttpResponse:
    """The papers do, and the sample says whether somebody looks; or they go back with words."""
    found = load_rebate(request, number, to="rebates.work")

    def act(form: Review) -> str:
        on, by, at = visit(request).on, actor(request), visit(request).at
        if form.cleaned_data["decision"] == "no":
            deciding.send_back(application=found, words=form.cleaned_data["words"], on=on, by=by, at=at)
            return "Sent back: the customer brings better ones."
        made = rebating.accept(application=found, on=on, by=by, at=at)
        return f"{made.stage.label}. {made.lot}"

    return _panel(request, found, "Check the papers", Review, act, submit="Decide")


class Look(Once, Form):
    found = forms.DecimalField(label="How many are there and work", min_value=0, max_digits=12, decimal_places=2)
    words = forms.CharField(label="What was seen", required=False, max_length=500, widget=WORDS)
    photo = PhotosField(label="Photo", required=False)


@needs("accounts.view", "rebates.work")
def inspect(request: HttpRequest, number: str) -> HttpResponse:
    """What was found on the spot; less lowers the rebate."""
    found = load_rebate(request, number, to="rebates.work")

    def act(form: Look) -> str:
        said = form.cleaned_data
        photos = _stored(request, said["photo"][:1])
        made = rebating.inspected(
            application=found, found=said["found"], words=said["words"], photo=photos[0] if photos else None,
            on=visit(request).on, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{made.stage.label}: {made.amount}." if made.stage is not State.DENIED else "Denied: nothing is there."

    def form(*args: Any) -> Look:
        made = Look(*args)
        made.fields["found"].help_text = f"{units(found.quantity_done, found.entry)} were told."
        return made

    return _panel(request, found, "Inspected", form, act, submit="Write it down")


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("accounts.view", "rebates.work")
def measure(request: HttpRequest, number: str) -> HttpResponse:
    """What the meter says it saves; shown before it is kept."""
    found = load_rebate(request, number, to="rebates.work")

    def act(_: Sure) -> str:
        made = rebating.measure(application=found, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"{quantity(made.saving.kwh, 'kWh')} of a year: {made.amount}."

    def check(_: Sure) -> list[Fact]:
        try:
            told = rebating.saving_by_meter(found, on=visit(request).on)
        except CannotRebate as refused:
            return [Fact("Not yet", str(refused))]
        return [
            Fact("Saved of a year", f"{quantity(told.kwh, 'kWh')} ± {quantity(told.off_kwh, 'kWh')} (90 %)"),
            Fact("Of the use", f"{told.share:.1%}"),
            Fact("A day's use is missed by", f"{told.cv:.0%}"),
            Fact("Days", f"{told.before} before, {told.after} since"),
        ]

    return _panel(
        request, found, "Measure what it saves", Sure, act, submit="Measure it", check=check,
        alerts=[Alert(Level.KNOW, "The year before the work is compared with the days since",
                      "By the weather and the days of the week. It is shown before it is kept.")],
    )  # fmt: skip


@needs("accounts.view", "rebates.work")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Pay what is due, or put it before a second person."""
    found = load_rebate(request, number, to="rebates.work")

    def act(_: Sure) -> str:
        made = paying.pay_rebate(application=found, on=visit(request).on, by=actor(request), at=visit(request).at)
        return _money_said(made, "Paid")

    def check(_: Sure) -> list[Fact]:
        worked = due_of(found)
        how = Way(found.way).label + (f": {found.contractor.name}" if found.contractor else "")
        return [Fact("Amount", worked.amount), *(Fact("Because", says) for says in worked.says), Fact("By", how)]

    return _panel(request, found, "Pay it", Sure, act, submit="Pay it", check=check)


class Back(Once, Form):
    gone_on = DayField(label="Taken out on")
    words = forms.CharField(label="What was found", max_length=500, widget=WORDS)


@needs("accounts.view", "rebates.work")
def claw(request: HttpRequest, number: str) -> HttpResponse:
    """What is asked back in proportion to the months that it lacks; shown before it is charged."""
    found = load_rebate(request, number, to="rebates.work")
    if not hasattr(found, "payment"):
        raise Http404("It was not paid.")

    def amount(gone_on: date) -> Any:
        return paying.clawed(found, gone_on=gone_on, on=visit(request).on)

    def act(form: Back) -> str:
        said = form.cleaned_data
        made = paying.claw_back(
            application=found, gone_on=said["gone_on"], words=said["words"], on=visit(request).on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return _money_said(made, "Charged to the next bill")

    def check(form: Back) -> list[Fact]:
        try:
            return [Fact("Asked back", amount(form.cleaned_data["gone_on"])),
                    Fact("Paid then", found.payment.amount)]  # fmt: skip
        except CannotRebate as refused:
            return [Fact("Nothing", str(refused))]

    return _panel(
        request, found, "Claw back", Back, act, submit="Ask it back", check=check,
        alerts=[Alert(Level.WATCH, "The customer pays it with the next bill",
                      f"It was to be kept for {found.terms.keep_months} months.")],
    )  # fmt: skip


class Why(Once, Form):
    words = forms.CharField(label="Why", max_length=500, widget=WORDS, help_text="As it can be told to the customer.")


@needs("accounts.view", "rebates.work")
def deny(request: HttpRequest, number: str) -> HttpResponse:
    found = load_rebate(request, number, to="rebates.work")

    def act(form: Why) -> str:
        deciding.deny(application=found, words=form.cleaned_data["words"], on=visit(request).on, by=actor(request),
                      at=visit(request).at)  # fmt: skip
        return "Denied. What was reserved is free again."

    return _panel(request, found, "Deny it", Why, act, submit="Deny it")


@needs("accounts.view", "rebates.apply")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    found = load_rebate(request, number, to="rebates.apply")

    def act(_: Sure) -> str:
        deciding.withdraw(application=found, on=visit(request).on, by=actor(request), at=visit(request).at)
        return "Withdrawn. What was reserved is free again."

    return _panel(request, found, "Withdraw it", Sure, act, submit="Withdraw it")


def _panel(
    request: HttpRequest, found: RebateApplication, title: str, form: Callable[..., Any], act: Callable[[Any], str],
    *, submit: str, check: Callable[[Any], Sequence[Fact]] | None = None, alerts: Sequence[Alert] = (),
) -> HttpResponse:  # fmt: skip
    here = reverse("desk:rebate", args=[found.number])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, crumbs=[Crumb(found.number, here)],
        done=lambda words: Done(words, url=here), refusals=(CannotRebate, CannotDecide), check=check, alerts=alerts,
    )  # fmt: skip


def _money_said(made: Any, words: str) -> str:
    if isinstance(made, Approval):
        return f"{made.amount} is over your limit: it waits for a second person."
    return f"{words}: {made.amount}."


def _stored(request: HttpRequest, files: Sequence[Any]) -> list[StoredFile]:
    by, at = actor(request), visit(request).at
    return [
        store_file(file.chunks(), name=file.name or "paper", media_type=kind, by=by, at=at)[0] for file, kind in files
    ]
