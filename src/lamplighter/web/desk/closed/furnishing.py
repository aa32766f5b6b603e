"""Credit bureaus: what the next file tells them, the files, terms, and debts that are told no more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.credit.models import BureauFile, WriteOff
from lamplighter.credit.operations.furnishing import begin_furnishing, end_furnishing, stop_furnishing
from lamplighter.credit.queries.furnishing import Telling, furnishing_on, tellings
from lamplighter.credit.rules.furnishing import CannotFurnish
from lamplighter.journeys.furnishing import fetch, tell_bureaus
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.closed.views import CLOSED, GRID
from lamplighter.web.loading import load_account, note_access
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Level
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

BUREAUS = Crumb("Credit bureaus", "/desk/bureaus/")
SAYS = {"97": "Written off, owed", "64": "Paid in full", "DA": "Delete it"}
DISPUTES = {"": "", "XB": "Disputed", "XH": "Dispute answered", "XR": "Dispute over"}
LAST = 24


class Debts(Table):
    """Rows of what the next file says."""

    number = IdColumn("Account")
    says = Column("It says", orderable=False)
    dispute = Column("Dispute", orderable=False)
    indicator = Column("Bankruptcy", orderable=False)
    owed = MoneyColumn("Owed")
    first_late = DayColumn("Late since")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record["number"]])


class BureauFiles(Table):
    month = DayColumn("Month of")
    records = NumberColumn("Debts")
    made_on = DayColumn("Made")

    def row_url(self, record: Any) -> str:
        return reverse("desk:bureau-file", args=[record.pk])


@needs("credit.view", "accounts.view")
def bureaus(request: HttpRequest) -> HttpResponseBase:
    """Whether debts are furnished, what the next file tells, and the files of the last two years."""
    on = visit(request).on
    terms, found = furnishing_on(on), tellings(on=on)
    may = "credit.decide" in permissions(request)
    acts = [Action("Set the terms", reverse("desk:do-furnish"), key="t")]
    if terms is not None:
        acts = [Action("Write the file", reverse("desk:do-bureau-file"), key="f", primary=bool(found)), *acts,
                Action("Tell of one no more", reverse("desk:do-stop-furnishing"), key="b"),
                Action("Furnish no more", reverse("desk:do-end-furnishing"))]  # fmt: skip
    state = (
        f"Debts of {terms.least} or more, {terms.wait_days} days after their write-off"
        if terms
        else ("Nothing is furnished: no terms are set")
    )
    files = BureauFile.objects.order_by("-pk")[:LAST]
    return page(
        request, title="Credit bureaus", crumbs=[CLOSED], meta=[state], actions=acts if may else [],
        panels=[
            Panel("debts", "The next file tells", GRID, lambda: {"grid": grid(
                request, table=Debts, rows=[_row(one) for one in found], caption="Debts", name="debts",
                empty=Empty("There is nothing to tell."))}),
            Panel("files", "Files", GRID, lambda: {"grid": grid(
                request, table=BureauFiles, rows=list(files), caption="Files", name="files",
                empty=Empty("No file yet."))}),
        ],
    )  # fmt: skip


@needs("credit.decide", "identity.view")
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it is sent, with Social Security numbers; who fetched it is recorded with each person's record."""
    found = BureauFile.objects.select_related("file").filter(pk=pk).first()
    if found is None or not path_of(found.file_id).exists():
        raise Http404("There is no such file.")
    by, at = actor(request), visit(request).at
    with unit_of_work(by):
        text = fetch(file=found, by=by, at=at)
        note_access(request, f"bureau-file:{found.pk}", "identity.view")
    response = HttpResponse(text.encode("ascii"), content_type="text/plain; charset=us-ascii")
    response["Content-Disposition"] = f'attachment; filename="{found.file.name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class TermsForm(Once, Form):
    least = MoneyField(label="Debts of at least")
    wait_days = forms.IntegerField(label="Days after the write-off", min_value=0, max_value=365, initial=30)
    equifax = forms.CharField(label="Our number at Equifax", max_length=10, required=False)
    experian = forms.CharField(label="Our number at Experian", max_length=5, required=False)
    transunion = forms.CharField(label="Our number at TransUnion", max_length=10, required=False)
    citation = forms.CharField(label="By resolution", max_length=200)
    start = DayField(label="From")


@needs("credit.view", "credit.decide")
def begin(request: HttpRequest) -> HttpResponse:
    def act(form: TermsForm) -> str:
        said = form.cleaned_data
        made = begin_furnishing(
            least=said["least"], wait_days=said["wait_days"], equifax=said["equifax"], experian=said["experian"],
            transunion=said["transunion"], citation=said["citation"], on=said["start"], by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"Debts of {made.least} or more are furnished from {day(made.period.start)}."

    duties = "Disputes are answered within 30 days, and what is wrong is corrected (FCRA 623, 12 CFR 1022.42-43)."
    return _panel(request, "Furnish debts to credit bureaus", TermsForm, act, "Begin", "It brings duties", duties)


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("credit.view", "credit.decide")
def end(request: HttpRequest) -> HttpResponse:
    def act(_: Sure) -> str:
        end_furnishing(on=visit(request).on, by=actor(request), at=visit(request).at)
        return "Nothing is furnished from today."

    stays = "Have them deleted first, with a last file, or ask the bureaus."
    return _panel(request, "Furnish no more", Sure, act, "End it", "The bureaus keep what they were told", stays)


@needs("credit.view", "credit.decide")
def write(request: HttpRequest) -> HttpResponse:
    """This month's file; it is made once."""

    def act(_: Sure) -> str:
        made = tell_bureaus(on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"The file is made: {made.records} debts. Open it in the list to fetch it."

    return _panel(request, "Write this month's file", Sure, act, "Write it", "Once a month", "It tells all debts anew.")


class StopForm(Once, Form):
    account = forms.CharField(label="Account", max_length=20)
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("credit.view", "credit.decide", "accounts.view")
def stop(request: HttpRequest) -> HttpResponse:
    """A debt is told of no more, and deleted where it was told."""

    def act(form: StopForm) -> str:
        account = load_account(request, form.cleaned_data["account"].strip(), to="credit.decide")
        debt = WriteOff.objects.filter(account=account).order_by("-pk").first()
        if debt is None:
            raise CannotFurnish(f"Nothing of account {account.number} was written off.")
        stop_furnishing(
            write_off=debt, remark=form.cleaned_data["remark"], on=visit(request).on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"{account.number} is told of no more; where it was, the next file deletes it."

    words = "For a mistake, a stolen identity, or a debt that is asked for otherwise."
    return _panel(request, "Tell of a debt no more", StopForm, act, "Stop it", "It is deleted where it was told", words)


def _panel(request: HttpRequest, title: str, form: Any, act: Any, submit: str, *alert: str) -> HttpResponse:
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=BUREAUS.url, crumbs=[CLOSED, BUREAUS], done=Done,
        refusals=(CannotFurnish,), alerts=[Alert(Level.KNOW, alert[0], alert[1])],
    )  # fmt: skip


def _row(one: Telling) -> dict[str, Any]:
    return {
        "number": one.write_off.account.number, "says": SAYS[one.told.status], "dispute": DISPUTES[one.told.dispute],
        "indicator": one.told.indicator, "owed": one.owed, "first_late": one.first_late,
    }  # fmt: skip
