"""Acts on assistance agencies: add one and its people, take in a check line by line, put a line to an account."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.credit.models import AgencyWorker, AssistanceAgency, AssistanceCheckLine
from lamplighter.credit.operations import pledging
from lamplighter.credit.operations.pledging import LineIn
from lamplighter.credit.queries.pledges import pledges_of
from lamplighter.credit.rules.pledging import CannotPledge, PledgePolicy
from lamplighter.formats.agencies.checks import NAME, read_check
from lamplighter.journeys.pledging import Settled, put_to_account, take_check
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.assistance.views import ASSISTANCE, load_agency
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

LARGEST = 5 * 1024 * 1024


class NewAgency(Once, Form):
    key = forms.SlugField(label="Short name", max_length=20, help_text="In its files, like harbor-help.")
    name = forms.CharField(label="Name", max_length=60)
    runs_days = forms.IntegerField(label="Its pledges count for, days", min_value=1)


@needs("credit.decide")
def add(request: HttpRequest) -> HttpResponse:
    on = visit(request).on

    def act(form: NewAgency) -> str:
        said = form.cleaned_data
        return pledging.add_assistance_agency(
            key=said["key"], name=said["name"], runs_days=said["runs_days"], on=on, by=actor(request),
            at=visit(request).at,
        ).name  # fmt: skip

    runs = policy_in_force(PledgePolicy, on=on).runs_days
    return form_panel(
        request, title="Add an agency", form=lambda *args: NewAgency(*args, initial={"runs_days": runs}), act=act,
        submit="Add it", back=ASSISTANCE.url, crumbs=[ASSISTANCE], refusals=(CannotPledge,),
        done=lambda name: Done(f"{name} may pledge as soon as somebody speaks for it."),
    )  # fmt: skip


class NewWorker(Once, Form):
    name = forms.CharField(label="Name", max_length=80)
    phone = forms.CharField(label="Telephone", max_length=40)


@needs("credit.decide")
def add_worker(request: HttpRequest, key: str) -> HttpResponse:
    """Who may pledge by telephone."""
    found = load_agency(key)
    here = reverse("desk:assistance-agency", args=[key])

    def act(form: NewWorker) -> str:
        said = form.cleaned_data
        return pledging.add_worker(
            agency=found, name=said["name"], phone=said["phone"], on=visit(request).on, by=actor(request),
            at=visit(request).at,
        ).name  # fmt: skip

    return form_panel(
        request, title="Add a person", form=NewWorker, act=act, submit="Add them", back=here,
        crumbs=[ASSISTANCE, Crumb(found.name, here)], refusals=(CannotPledge,),
        done=lambda name: Done(f"{name} may pledge for {found.name}."),
    )  # fmt: skip


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("credit.decide")
def end_worker(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    found = load_agency(key)
    here = reverse("desk:assistance-agency", args=[key])
    worker = AgencyWorker.objects.filter(agency=found, pk=pk).first()
    if worker is None:
        raise Http404("Nobody of this agency.")

    def act(_: Sure) -> str:
        return pledging.end_worker(worker=worker, on=visit(request).on, by=actor(request), at=visit(request).at).name

    return form_panel(
        request, title=f"{worker.name} speaks for it no more", form=Sure, act=act, submit="End it", back=here,
        crumbs=[ASSISTANCE, Crumb(found.name, here)], refusals=(CannotPledge,),
        done=lambda name: Done(f"{name} speaks for {found.name} no more."),
        alerts=[Alert(Level.KNOW, "What they pledged stands")],
    )  # fmt: skip


class Check(Once, Form):
    file = forms.FileField(label="AssistanceCheck file", help_text="As docs/algorithms/pledges.md describes, .csv.")

    def clean_file(self) -> UploadedFile[bytes]:
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        if (sent.size or 0) > LARGEST:
            raise forms.ValidationError("The file is larger than 5 MB. Ask the agency for smaller ones.")
        return sent


@needs("credit.work", "payments.take")
def remit(request: HttpRequest, key: str) -> HttpResponse:
    """What a check or transfer pays, pledge by pledge; what fits none waits in the work list."""
    found = load_agency(key)
    here = reverse("desk:assistance-agency", args=[key])

    def act(form: Check) -> str:
        sent: UploadedFile[bytes] = form.cleaned_data["file"]
        return _taken(request, found, sent.read(), name=sent.name or "check.csv")

    return form_panel(
        request, title="Take in a check", form=Check, act=act, submit="Take it in", back=here, busy="Reading…",
        crumbs=[ASSISTANCE, Crumb(found.name, here)], refusals=(CannotPledge, CannotTake), done=Done,
        alerts=[Alert(Level.KNOW, "Each line pays the pledge that it names", "The others wait in the work list.")],
    )  # fmt: skip


class TypedCheck(Once, Form):
    number = forms.RegexField(r"^[\w .#/-]+$", label="Check or transfer", max_length=40)
    amount = MoneyField(label="Its amount")
    lines = forms.CharField(
        label="What it pays", widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text="A line for each: their number, account, amount. Like HH-1182, 204031-2, 150.00",
    )  # fmt: skip


@needs("credit.work", "payments.take")
def type_in(request: HttpRequest, key: str) -> HttpResponse:
    """A check that came on paper: typed, it is read and taken in as its file would be."""
    found = load_agency(key)
    here = reverse("desk:assistance-agency", args=[key])

    def act(form: TypedCheck) -> str:
        said, on = form.cleaned_data, visit(request).on
        lines = [line for line in said["lines"].splitlines() if line.strip()]
        rows = [f"H,{NAME},{key},{said['number']},{on.isoformat()}", *(f"D,{line}" for line in lines)]
        text = "\r\n".join([*rows, f"T,{len(lines)},{said['amount'].dollars}"]) + "\r\n"
        return _taken(request, found, text.encode(), name=f"typed-{key}-{on:%Y%m%d}.csv")

    return form_panel(
        request, title="Type in a check", form=TypedCheck, act=act, submit="Take it in", back=here,
        crumbs=[ASSISTANCE, Crumb(found.name, here)], refusals=(CannotPledge, CannotTake), done=Done,
        alerts=[Alert(Level.KNOW, "The lines are its amount", "Else nothing is taken in, and the difference is said.")],
    )  # fmt: skip


class Whose(Once, Form):
    account = forms.CharField(label="Account", max_length=20)


@needs("credit.work", "payments.take")
def put(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom a line is for, found by a person; a pledge of that agency for the account is settled by it."""
    line = AssistanceCheckLine.objects.filter(pk=pk).select_related("of__agency").first()
    if line is None:
        raise Http404("There is no such line.")
    back = reverse("desk:assistance-check", args=[line.of_id])

    def act(form: Whose) -> str:
        account = load_account(request, form.cleaned_data["account"].strip(), to="credit.work")
        theirs = [one for one in pledges_of(account) if one.agency_id == line.of.agency_id]
        if len(theirs) > 1:
            raise CannotPledge(f"{line.of.agency} pledged more than once for it. Ask for the right number.")
        event = put_to_account(
            line=line, account=account, pledge=theirs[0] if theirs else None, on=visit(request).on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"{line.amount} on account {account.number}, receipt {event.receipt}."

    return form_panel(
        request, title=f"Put {line.amount} to an account", form=Whose, act=act, submit="Put it there", back=back,
        crumbs=[ASSISTANCE, Crumb(str(line.of), back)], refusals=(CannotPledge, CannotTake), done=Done,
        alerts=[Alert(Level.KNOW, f"They say {line.said_reference}, account {line.said_account or 'not named'}")],
    )  # fmt: skip


def _taken(request: HttpRequest, found: AssistanceAgency, content: bytes, *, name: str) -> str:
    """Read, kept and taken in; or every line that can't be read is said, and nothing is."""
    by, at = actor(request), visit(request).at
    read = read_check(content.decode("utf-8", "replace"), file=name)
    if read.findings:
        raise CannotPledge(" ".join(str(one) for one in read.findings[:5]))
    if read.agency != found.pk:
        raise CannotPledge(f"The file is of {read.agency}, not of {found.pk}.")
    file, _ = store_file([content], name=name, media_type="text/csv", by=by, at=at)
    lines = [LineIn(one.reference, one.account, one.amount) for one in read.lines]
    return _told(take_check(
        agency=found, reference=read.number, amount=read.amount, lines=lines, file=file, on=visit(request).on, by=by,
        at=at,
    ))  # fmt: skip


def _told(settled: Settled) -> str:
    differ = f", {settled.differing} of them with another amount than pledged" if settled.differing else ""
    wait = f" In the work list: {settled.waiting} that fit no pledge." if settled.waiting else ""
    return f"Pledges paid: {settled.paid}, {settled.amount}{differ}.{wait}"
