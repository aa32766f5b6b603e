"""Files of lockboxes and pay stations: taken once, each line with what became of it, and what waits settled."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.formats.refusals import Unreadable
from lamplighter.journeys.remitting import MOST_BYTES, apply_line, send_back, take_file
from lamplighter.kernel.money import total
from lamplighter.payments.models import Remittance, RemittedLine, SourceLayout, Tender, TenderSource, UnappliedStep
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.columns import IdColumn
from lamplighter.web.lead.cash.views import CASH
from lamplighter.web.loading import load_account
from lamplighter.web.naming import ActorColumn, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, Form, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Fact, Level, Tone
from lamplighter.web.ui.tables import (
    BadgeColumn,
    Column,
    DayColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
    grid,
    table_page,
)
from lamplighter.web.visits import visit

TITLE = "Lockbox and pay stations"
FILES = Crumb(TITLE, "/lead/cash/remittances/")
WAITS = Q(lines__event__isnull=True, lines__step__isnull=True)
STATES = {"Posted": Tone.GOOD, "Applied": Tone.GOOD, "Sent back": Tone.PLAIN, "Waits": Tone.WATCH}


class Remittances(Table):
    """The newest file first; a row opens its lines."""

    source = Column("From", accessor="source__name")
    taken_on = DayColumn("Day")
    name = Column("File")
    count = NumberColumn("Payments")
    amount = MoneyColumn("Amount")
    waiting = NumberColumn("Waiting")
    by = ActorColumn("Taken by", orderable=False)
    recorded_at = MomentColumn("At")

    def row_url(self, record: Any) -> str:
        return reverse("lead:remittance", args=[record.pk])


class Lines(Table):
    """As they stand in the file; a row that waits is opened to settle it."""

    place = NumberColumn("Line")
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)
    amount = MoneyColumn("Amount")
    account = IdColumn("Account")
    why = Column("Why it waited", orderable=False)
    tender = Column("Tender")
    paid_on = DayColumn("Paid")
    reference = Column("Reference", orderable=False)

    def render_why(self, value: str) -> str:
        return sentence(value)

    def render_tender(self, value: str) -> str:
        return str(Tender.Kind(value).label)

    def value_state(self, record: Any) -> str:
        return state_of(record)

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        event = record.event or (record.step.event if hasattr(record, "step") else None)
        if event is not None:
            return reverse("desk:receipt", args=[event.receipt])
        return reverse("lead:do-remitted", args=[record.pk])


def sentence(why: str) -> str:
    """The reason with a capital, as it stands alone."""
    return f"{why[:1].upper()}{why[1:]}".rstrip(".")


def state_of(line: Any) -> str:
    if line.event_id is not None:
        return "Posted"
    step = getattr(line, "step", None)
    return "Waits" if step is None else str(UnappliedStep.Act(step.act).label)


@needs("cash.verify")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every file, with how many of its lines wait."""
    rows = (
        Remittance.objects.select_related("source")
        .annotate(by=named("recorded_by"), waiting=Count("lines", WAITS))
        .order_by("-pk")
    )
    return table_page(
        request, title=TITLE, table=Remittances, rows=rows, crumbs=[CASH],
        empty=Empty("No file of a lockbox or pay station was taken yet."),
        actions=[Action("Take a file", reverse("lead:do-remittance"), key="t", primary=True, icon="upload")],
    )  # fmt: skip


class Upload(Once, Form):
    """Whose file it is; the layout follows from that."""

    source = forms.ChoiceField(label="From")
    file = forms.FileField(label="File", help_text="As the sender gives it. One that was taken before pays nothing.")

    def __init__(self, *args: Any, known: dict[str, TenderSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["source"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, one.name) for key, one in known.items()]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file has {file.size:,} bytes; {MOST_BYTES:,} are the most.")
        return file


@needs("cash.verify")
def take(request: HttpRequest) -> HttpResponse:
    """All of a file or nothing; what can't be applied waits with its money."""
    seen = visit(request)
    layouts = SourceLayout.objects.filter(period__contains=seen.on).select_related("source").order_by("source__name")
    known = {one.source_id: one.source for one in layouts}

    def act(form: Upload) -> str:
        file = form.cleaned_data["file"]
        made = take_file(
            source=known[form.cleaned_data["source"]], data=file.read(), name=file.name, on=seen.on,
            by=actor(request), at=seen.at,
        )  # fmt: skip
        return str(made.pk)

    lacking = Alert(Level.WATCH, "No layout is set", "An administrator says how a sender's files are read.")
    return form_panel(
        request, title="Take a file", form=lambda *args: Upload(*args, known=known), act=act, submit="Take it",
        back=FILES.url, crumbs=[CASH, FILES], alerts=[] if known else [lacking], busy="Reading…",
        done=lambda pk: Done("The file is taken.", url=reverse("lead:remittance", args=[pk])),
        refusals=(CannotTake, Unreadable),
    )  # fmt: skip


@needs("cash.verify")
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file as one batch: its totals, and every line."""
    found = Remittance.objects.filter(pk=pk).select_related("source", "layout").first()
    if found is None:
        raise Http404("There is no such file.")
    rows = found.lines.select_related("event", "step__event").order_by("place")
    return page(
        request, title=found.name, crumbs=[CASH, FILES],
        panels=[
            Panel("lines", "Lines", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Lines, rows=rows, caption="Lines",
                                        empty=Empty("The file has no line."))}),
            Panel("totals", "The file", "lead/cash/totals.html", lambda: {"facts": _totals(found)}, "side"),
        ],
    )  # fmt: skip


def _totals(found: Remittance) -> list[Fact]:
    waiting = found.lines.filter(event__isnull=True, step__isnull=True)
    return [
        Fact("From", found.source.name),
        Fact("Layout", f"{found.layout.code}; {found.layout.citation}"),
        Fact("Their number of it", found.number or "None"),
        Fact("Payments", f"{found.count:,}, as its totals say"),
        Fact("Amount", f"{found.amount}, as its totals say"),
        Fact("Still waiting", total(waiting.values_list("amount", flat=True))),
    ]


class Settle(Once, AsShown, Form):
    """Whose it is; or it goes back."""

    way = OptionsField(
        label="It is",
        options={
            "applied": Option("A customer's", "It is paid to the account below."),
            "sent-back": Option("Not ours", "The sender gets it back."),
        },
    )
    account = forms.CharField(label="Account", required=False, max_length=20)
    remark = forms.CharField(label="What the sender was told", required=False, max_length=200)
    found: Account | None = None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("way") == "applied":
            self.found = Account.objects.filter(number=said["account"].strip()).first()
            if self.found is None:
                self.add_error("account", "There is no such account. Find it first, by the name or the address.")
        elif said.get("way") == "sent-back" and not said["remark"].strip():
            self.add_error("remark", "Say what the sender was told.")
        if not self.errors:
            whose = said["account"] or "sender"
            self.hold_to(f"{said['way']}:{whose}", "It is another account than was shown. Look again.")
        return said


@needs("cash.verify")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Find whose money it is. Who it is paid to is shown before it is paid."""
    line = RemittedLine.objects.filter(pk=pk).select_related("remittance__source").first()
    if line is None:
        raise Http404("There is no such line.")
    seen, here = visit(request), reverse("lead:remittance", args=[line.remittance_id])

    def check(form: Settle) -> list[Fact]:
        if form.found is None:
            return [Fact(f"Back to {line.remittance.source.name}", line.amount)]
        known = profile(form.found, on=seen.on).customer
        return [
            Fact("Account", form.found.number),
            Fact("Customer", known.name if known else "Nobody now"),
            Fact("Owes", total(debt.amount for debt in owed_by(form.found))),
            Fact("Is paid", line.amount),
        ]

    def act(form: Settle) -> str:
        by, at = actor(request), seen.at
        if form.found is None:
            send_back(line=line, remark=form.cleaned_data["remark"], on=seen.on, by=by, at=at)
            return "It goes back."
        account = load_account(request, form.found.number, to="cash.verify")
        return f"Applied, receipt R-{apply_line(line=line, account=account, on=seen.on, by=by, at=at).receipt}."

    words = f"Line {line.place}: {line.amount} for “{line.account or 'nobody'}”. {sentence(line.why)}."
    return form_panel(
        request, title="A payment that waits", form=Settle, act=act, submit="Settle it", back=here, check=check,
        crumbs=[CASH, FILES, Crumb(line.remittance.name, here)], done=Done, refusals=(CannotTake,),
        alerts=[Alert(Level.KNOW, words, f"Reference {line.reference}" if line.reference else "")],
    )  # fmt: skip
