"""Acts on debts after service: propose a write-off, ask for it elsewhere, place and recall it; an agency's files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.models import Referral, WriteOff
from lamplighter.credit.operations import agencies
from lamplighter.credit.operations.writingoff import propose
from lamplighter.credit.queries.closed import draft_write_off, homes_for, old_debts, referral_of
from lamplighter.credit.rules.writingoff import CannotWriteOff, WriteOffDraft
from lamplighter.journeys.placing import make_file, untold
from lamplighter.journeys.recovering import Taken, move_debt, take_recoveries
from lamplighter.kernel.money import total
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.files import store_file
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.closed.views import AGENCIES, load_agency
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

LARGEST = 5 * 1024 * 1024
BY_HAND = (WriteOff.Reason.UNCOLLECTIBLE, WriteOff.Reason.DECEASED)


class Proposal(Once, Form):
    reason = OptionsField(label="Why", options={one.value: Option(one.label) for one in BY_HAND})
    remark = forms.CharField(label="What was tried", max_length=500, widget=forms.Textarea({"rows": 3}))
    digest = forms.CharField(required=False, widget=forms.HiddenInput)


@needs("credit.work")
def write_off(request: HttpRequest, number: str) -> HttpResponse:
    """What would be written off by code; then a supervisor decides, unless it is too small to collect."""
    account = load_account(request, number, to="credit.work")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    draft, why = _draft(account, request)

    def form(*args: Any) -> Proposal:
        made = Proposal(*args)
        made.fields["digest"].initial = draft.digest if draft else ""
        return made

    def act(form: Proposal) -> str:
        if draft is None or form.cleaned_data["digest"] != draft.digest:
            raise CannotWriteOff(why or "What is owed has changed since this was shown. Look at it again.")
        made = propose(
            account=account, draft=draft, reason=form.cleaned_data["reason"], on=on, by=actor(request),
            at=visit(request).at, remark=form.cleaned_data["remark"],
        )  # fmt: skip
        if isinstance(made, WriteOff):
            return f"{made.amount} was too small to collect and is written off."
        return f"{draft.total} proposed. A supervisor decides; the timeline will say so."

    return form_panel(
        request, title="Propose a write-off", form=form, act=act, submit="Propose it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotWriteOff, CannotDecide),
        alerts=_shown(draft, why, request),
    )  # fmt: skip


class Elsewhere(Once, Form):
    to = forms.ChoiceField(label="To the account")


@needs("credit.work")
def move(request: HttpRequest, number: str) -> HttpResponse:
    """From a closed account to the same customer's live one; opened on either of the two."""
    account = load_account(request, number, to="credit.work")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    pairs = {f"{account.number}:{one.number}": (account, one) for one in homes_for(account, on=on)}
    pairs |= {f"{one.number}:{account.number}": (one, account) for one, _ in old_debts(account, on=on)}

    def form(*args: Any) -> Elsewhere:
        made = Elsewhere(*args)
        choice = made.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, f"From {old.number} to {new.number}") for key, (old, new) in pairs.items()]
        return made

    def act(form: Elsewhere) -> str:
        old, new = pairs[form.cleaned_data["to"]]
        moved = move_debt(account=old, to=new, on=on, by=actor(request), at=visit(request).at)
        return f"{moved} is asked for on account {new.number} now."

    alert = Alert(Level.KNOW, "It stands there as a debt of its own", "Power never goes off for it.")
    none = Alert(Level.STOP, "No other account of this customer has service, or owes from before.")
    return form_panel(
        request, title="Ask for an old debt", form=form, act=act, submit="Move it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotWriteOff,), alerts=[alert if pairs else none],
    )  # fmt: skip


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("credit.work")
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Place what was written off with the agency that has least of ours."""
    account = load_account(request, number, to="credit.work")
    here = reverse("desk:account", args=[number])

    def act(_: Sure) -> str:
        found = WriteOff.objects.filter(account=account).order_by("-pk").first()
        if found is None:
            raise CannotWriteOff("Nothing of this account was written off: an agency gets only what was.")
        made = agencies.refer(write_off=found, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"{made.amount} goes to {made.agency.name} with its next file."

    return form_panel(
        request, title="Place with an agency", form=Sure, act=act, submit="Place it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotWriteOff,),
    )  # fmt: skip


@needs("credit.work")
def recall(request: HttpRequest, number: str) -> HttpResponse:
    """Take a debt back from its agency."""
    account = load_account(request, number, to="credit.work")
    here = reverse("desk:account", args=[number])

    def act(_: Sure) -> str:
        found = referral_of(account)
        if found is None:
            raise CannotWriteOff("No agency has a debt of this account.")
        agencies.end_referral(
            referral=found, outcome=Referral.Outcome.RECALLED, on=visit(request).on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"{found.agency.name} is told with its next file."

    return form_panel(
        request, title="Recall from the agency", form=Sure, act=act, submit="Recall it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotWriteOff,),
    )  # fmt: skip


class NewAgency(Once, Form):
    key = forms.SlugField(label="Short name", max_length=20, help_text="In its files, like bayside.")
    name = forms.CharField(label="Name", max_length=60)
    fee_percent = forms.DecimalField(label="Fee, % of what it collects", min_value=0, max_value=60, decimal_places=2)


@needs("credit.decide")
def add(request: HttpRequest) -> HttpResponse:
    def act(form: NewAgency) -> str:
        said = form.cleaned_data
        return agencies.add_agency(
            key=said["key"], name=said["name"], fee_percent=said["fee_percent"], by=actor(request), at=visit(request).at
        ).name

    return form_panel(
        request, title="Add an agency", form=NewAgency, act=act, submit="Add it", back=AGENCIES.url, crumbs=[AGENCIES],
        done=lambda name: Done(f"{name} takes debts from now on."), refusals=(CannotWriteOff,),
    )  # fmt: skip


@needs("credit.work")
def write_file(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that the agency was not told yet, in one file."""
    found = load_agency(key)
    here = reverse("desk:agency", args=[key])

    def act(_: Sure) -> str:
        made = make_file(agency=found, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"{made.file.name}: {made.records} lines. Download it below."

    news = untold(found)
    words = ", ".join(f"{one.get_what_display().lower()} {one.amount}" for one in news[:8]) or "Nothing new."
    return form_panel(
        request, title="Write the agency's file", form=Sure, act=act, submit="Write it", back=here,
        crumbs=[AGENCIES, Crumb(found.name, here)], done=Done, refusals=(CannotWriteOff,),
        alerts=[Alert(Level.KNOW, f"{len(news)} to tell", words)],
    )  # fmt: skip


class Upload(Once, Form):
    file = forms.FileField(label="Recovery file", help_text="As docs/algorithms/agencies.md describes, .csv.")

    def clean_file(self) -> UploadedFile[bytes]:
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        if (sent.size or 0) > LARGEST:
            raise forms.ValidationError("The file is larger than 5 MB. Ask the agency for smaller ones.")
        return sent


@needs("credit.work")
def payments(request: HttpRequest, key: str) -> HttpResponse:
    """What the agency collected: payments with fees, and debts that it gives back."""
    found = load_agency(key)
    here = reverse("desk:agency", args=[key])

    def act(form: Upload) -> str:
        sent: UploadedFile[bytes] = form.cleaned_data["file"]
        content = sent.read()
        by, at = actor(request), visit(request).at
        file, _ = store_file([content], name=sent.name or "recoveries.csv", media_type="text/csv", by=by, at=at)
        taken = take_recoveries(
            agency=found, file=file, text=content.decode("utf-8", "replace"), on=visit(request).on, by=by, at=at
        )
        if taken.file is None:
            raise CannotWriteOff(" ".join(str(one) for one in taken.findings))
        return _told(taken)

    return form_panel(
        request, title="Take in the agency's file", form=Upload, act=act, submit="Take it in", back=here,
        crumbs=[AGENCIES, Crumb(found.name, here)], done=Done, refusals=(CannotWriteOff, CannotTake), busy="Reading…",
    )  # fmt: skip


def _told(taken: Taken) -> str:
    back = f", {taken.given_back} given back" if taken.given_back else ""
    wrong = f". {len(taken.findings)} lines wait in the work list" if taken.findings else ""
    return f"{taken.payments} payments of {taken.amount}, fees {taken.fees}{back}{wrong}."


def _draft(account: Account, request: HttpRequest) -> tuple[WriteOffDraft | None, str]:
    try:
        return draft_write_off(account, on=visit(request).on), ""
    except CannotWriteOff as refused:
        return None, str(refused)


def _shown(draft: WriteOffDraft | None, why: str, request: HttpRequest) -> list[Alert]:
    """The debts with their ages, and what each code bears."""
    if draft is None:
        return [Alert(Level.STOP, why)]
    oldest = min(part.owed_on for part in draft.parts)
    codes = sorted({part.code for part in draft.parts})
    words = ", ".join(f"{code} {total(p.amount for p in draft.parts if p.code == code)}" for code in codes)
    since = day(oldest, visit(request).on)
    return [Alert(Level.KNOW, f"{draft.total} would be written off, the oldest of {since}", f"By code: {words}.")]
