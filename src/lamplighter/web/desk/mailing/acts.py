"""Make the print shop's file, read its report, keep what came back and send it again; set what else is put in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.models import BillPiece, Insert
from lamplighter.billing.operations.printing import CannotPrint, send_again, set_insert, take_report
from lamplighter.billing.queries.dispatch import Way, issued_lately, printed_since
from lamplighter.formats.mailingreports import read_report
from lamplighter.formats.refusals import Unreadable
from lamplighter.journeys.dispatching import bill_came_back
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.letters.views import CameBack
from lamplighter.web.desk.mailing.views import MAILING, RUN, load_job, load_piece
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import counted
from lamplighter.web.visits import visit

PRINT = "billing.print-bills"
LARGEST = 20 * 1024 * 1024


class Sure(Once, Form):
    """Nothing to fill in."""


class First(Sure):
    since = DayField(label="Print bills issued from", help_text="What was issued before has gone another way.")


@needs("billing.run")
def make(request: HttpRequest) -> HttpResponse:
    """Queue the run that archives the bills and makes the file. The first time somebody says from which day on."""
    seen, begun = visit(request), printed_since()
    count = issued_lately(on=seen.on).filter(way=Way.TO_PRINT).count()

    def act(form: Sure) -> str:
        since = begun or form.cleaned_data["since"]
        made = queue_run(
            PRINT, kind=RUN, subject="bills on paper", alone=PRINT, by=actor(request), at=seen.at,
            on=seen.on.isoformat(), since=since.isoformat(),
        )  # fmt: skip
        return str(made.pk)

    words = "What was spoiled, or came back and goes again, is among them."
    return form_panel(
        request, title="Make the print shop's file", form=Sure if begun else First, act=act, submit="Make it",
        back=MAILING.url, crumbs=[MAILING], done=lambda _: Done("The file is being made.", url=MAILING.url),
        refusals=(AlreadyQueued,), alerts=[Alert(Level.KNOW, f"{counted(count, 'bill')} to print", words)],
        busy="Starting…",
    )  # fmt: skip


class ReportForm(Once, Form):
    file = forms.FileField(label="Mailing report", help_text="As the print shop sends it, for the whole job.")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"The file has {file.size:,} bytes; {LARGEST:,} are the most.")
        return file


@needs("billing.run")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it or nothing: from its days the clocks of notices run."""
    made, seen = load_job(pk), visit(request)
    here = reverse("desk:print-job", args=[pk])

    def act(form: ReportForm) -> str:
        file = form.cleaned_data["file"]
        data = file.read()
        read = read_report(data, file=file.name)
        if read.job != made.number:
            raise CannotPrint(f"This is the report of {read.job}, not of {made.number}. Nothing was taken.")
        by = actor(request)
        kept, _ = store_file([data], name=file.name, media_type="text/csv", by=by, at=seen.at)
        take_report(report=read, file=kept, by=by, at=seen.at)
        return f"The report is read: {made.pieces:,} pieces."

    return form_panel(
        request, title="Read the mailing report", form=ReportForm, act=act, submit="Read it", back=here,
        crumbs=[MAILING, Crumb(made.number, here)], done=lambda said: Done(said, url=here), busy="Reading…",
        refusals=(CannotPrint, Unreadable),
    )  # fmt: skip


class FindForm(Form):
    said = forms.CharField(label="Piece or barcode", max_length=40,
                           help_text="P-12-0003, or the digits of the barcode.")  # fmt: skip
    found: BillPiece | None = None

    def clean_said(self) -> str:
        said = "".join(self.cleaned_data["said"].split()).upper()
        job, _, place = said.removeprefix("P-").partition("-")
        numbered = job.isdecimal() and place.isdecimal() and len(job) < 18 and len(place) < 9
        of_number = Q(job_id=int(job), place=int(place)) if numbered else Q(pk=None)
        self.found = BillPiece.objects.filter(of_number | Q(tracking=said[:20] or "-")).first()
        if self.found is None:
            raise forms.ValidationError("No piece has this number or barcode.")
        return said


@needs("notices.send")
def find(request: HttpRequest) -> HttpResponse:
    """From the envelope in the hand to its page."""

    def act(form: FindForm) -> str:
        assert form.found is not None
        return str(form.found.pk)

    return form_panel(
        request, title="Mail came back", form=FindForm, act=act, submit="Find it", back=MAILING.url,
        crumbs=[MAILING], done=lambda pk: Done("", url=reverse("desk:bill-piece", args=[pk])),
    )  # fmt: skip


@needs("notices.send")
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody got it: it counts for no notice, and somebody looks for the address."""
    found, seen = load_piece(request, pk, "notices.send"), visit(request)
    here = reverse("desk:bill-piece", args=[pk])

    def act(form: CameBack) -> str:
        bill_came_back(piece=found, why=form.cleaned_data["why"], on=seen.on, by=actor(request), at=seen.at)
        return "Kept. It waits on the worklist."

    return form_panel(
        request, title="It came back", form=CameBack, act=act, submit="Keep it", back=here,
        crumbs=[Crumb(found.number, here)], refusals=(CannotPrint,), done=lambda said: Done(said, url=here),
    )  # fmt: skip


@needs("notices.send")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """It goes with the next job, to the address on file then."""
    found, seen = load_piece(request, pk, "notices.send"), visit(request)
    here = reverse("desk:bill-piece", args=[pk])

    def act(_: Sure) -> str:
        send_again(piece=found, on=seen.on, by=actor(request), at=seen.at)
        return "It goes out with the print shop's next job."

    return form_panel(
        request, title="Send it again", form=Sure, act=act, submit="Send it again", back=here,
        crumbs=[Crumb(found.number, here)], refusals=(CannotPrint,), done=lambda said: Done(said, url=here),
        alerts=[Alert(Level.KNOW, "To the mailing address on file", "Set the right one first, on the account.")],
    )  # fmt: skip


class InsertForm(Once, Form):
    code = forms.RegexField(
        label="Code", regex=r"\A[0-9A-Z-]{1,20}\Z", help_text="As the print shop knows it: HEAT-26.",
        error_messages={"invalid": "Write capital letters, digits and hyphens."},
    )  # fmt: skip
    label = forms.CharField(label="What it is", max_length=80)
    classes = forms.MultipleChoiceField(
        label="With bills of", choices=Account.CustomerClass.choices, widget=CheckRows, required=False,
        help_text="Nobody chosen: with everybody's.",
    )  # fmt: skip
    start = DayField(label="From")
    until = DayField(label="Until", required=False, help_text="The last day; empty: no end.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("start") and said.get("until") and said["until"] < said["start"]:
            self.add_error("until", "It ends before it begins.")
        return said


@needs("billing.run")
def insert(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add one, or change what one says, whose it is and when."""
    found = Insert.objects.filter(pk=pk).first() if pk is not None else None
    if pk is not None and found is None:
        raise Http404("There is no such insert.")
    back, seen = reverse("desk:inserts"), visit(request)

    def form(*args: Any) -> InsertForm:
        made = InsertForm(*args, initial=_shown(found) if found else {"start": seen.on})
        made.fields["code"].disabled = found is not None
        return made

    def act(bound: InsertForm) -> str:
        said = bound.cleaned_data
        end = said["until"] + timedelta(days=1) if said["until"] else None
        days = Period(said["start"], end)
        by, at = actor(request), seen.at
        set_insert(code=said["code"], label=said["label"], classes=said["classes"], period=days, by=by, at=at)
        return f"{said['code']} goes with the bills of these days."

    return form_panel(
        request, title=f"Change {found.code}" if found else "Add an insert", form=form, act=act, submit="Save it",
        back=back, crumbs=[MAILING, Crumb("Inserts", back)], done=lambda said: Done(said, url=back),
    )  # fmt: skip


def _shown(found: Insert) -> dict[str, Any]:
    days = found.period
    return {
        "code": found.code, "label": found.label, "classes": found.classes, "start": days.start,
        "until": None if days.open else days.last_day,
    }  # fmt: skip
