"""The bank's files: read, line by line what each is, differences to settle; and the journal to finance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.formats.banking.statements import CannotRead
from lamplighter.journeys.carrying import MOST_BYTES, read_bank_file
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Code, Posting
from lamplighter.payments.models import BankDeposit, BankLine, BankMatch, BankStatement
from lamplighter.payments.operations.reconciling import book_line, match_deposit, settle_difference
from lamplighter.payments.queries import open_bank_lines
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.asked import day_asked
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.books.views import Postings, footed, load_code, numbered
from lamplighter.web.lead.cash.views import CASH
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Alert, Crumb, Empty, Fact, Level, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, Table, grid, table_page
from lamplighter.web.ui.wording import credit
from lamplighter.web.visits import visit

STATES = {"Open": Tone.BAD, "Difference": Tone.BAD, "Deposit": Tone.GOOD, "Refund": Tone.GOOD, "Settlement": Tone.GOOD,
          "Booked": Tone.GOOD}  # fmt: skip
BEARS = {
    "bank-fees": ("bank-fees", "Bank fee or interest"),
    "returned-items": ("returned-items", "An item that the bank returned"),
    "bank-transit": ("bank-transit", "It comes with a later deposit"),
    "uncollectible": ("uncollectible", "Lost for good"),
}  # fmt: skip


class Lines(Table):
    """A statement's lines; a row is opened to match it."""

    on = DayColumn("Day", accessor="statement__on")
    amount = MoneyColumn("Amount")
    code = IdColumn("Code")
    text = Column("Text", orderable=False)
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)

    def value_state(self, record: Any) -> str:
        return state_of(record)

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        """What ties leads to the slip of its deposit, or to the journal of its day; everything else to where it is
        settled."""
        match = getattr(record, "match", None)
        if match is None or match.difference:
            return reverse("lead:do-line", args=[record.pk])
        if match.what == "deposit":
            return reverse("lead:deposit", args=[match.subject.partition(":")[2]])
        return f"{reverse('lead:journal')}?start={record.statement.on}&end={record.statement.on}"


def state_of(line: BankLine) -> str:
    match = getattr(line, "match", None)
    if match is None:
        return "Open"
    return "Difference" if match.difference else str(match.what).removesuffix("s").capitalize()


class Upload(Once, Form):
    file = forms.FileField(label="The bank's file", help_text="BAI2, CAMT.053, MT940 or OFX, as the bank sends it.")


@needs("cash.verify")
def read(request: HttpRequest) -> HttpResponse:
    """Each account and day is read once; a file whose own totals do not hold is refused whole."""

    def act(form: Upload) -> str:
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise CannotRead(f"The file has {file.size:,} bytes; a bank's file has no more than {MOST_BYTES:,}.")
        made = read_bank_file(data=file.read(), name=file.name, by=actor(request), at=visit(request).at)
        return str(made[-1].pk)

    return form_panel(
        request, title="Read the bank's file", form=Upload, act=act, submit="Read it", back=CASH.url, crumbs=[CASH],
        done=lambda pk: Done("The statement is read.", url=reverse("lead:statement", args=[pk])),
        refusals=(CannotRead, CannotTake), busy="Reading…",
    )  # fmt: skip


@needs("cash.verify")
def statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = BankStatement.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such statement.")
    rows = found.lines.select_related("statement", "match").order_by("place")

    def totals() -> dict[str, Any]:
        """From what the bank held before to what it held after, by the lines."""
        came, went = Q(amount__gt=0), Q(amount__lt=0)
        sums = found.lines.aggregate(came=Sum("amount", filter=came), went=Sum("amount", filter=went))
        told = {"Opening": found.opening, "Came in": sums["came"], "Went out": sums["went"], "Closing": found.closing}
        return {"facts": [Fact(label, amount or ZERO) for label, amount in told.items()]}

    return page(
        request, title=f"Statement of {found.on:%b %-d, %Y}", crumbs=[CASH],
        panels=[Panel("lines", "Lines", "ui/tables/grid.html",
                      lambda: {"grid": grid(request, table=Lines, rows=rows, caption="Lines",
                                            empty=Empty("The bank booked nothing."))}),
                Panel("totals", "How it adds up", "lead/cash/totals.html", totals, place="side")],
    )  # fmt: skip


@needs("cash.verify")
def differences(request: HttpRequest) -> HttpResponseBase:
    """Every line of the bank that does not tie, the oldest first."""
    return table_page(
        request, title="Differences with the bank", table=Lines, crumbs=[CASH],
        rows=open_bank_lines().order_by("statement__on", "place"),
        empty=Empty("Everything ties to the cent.", good=True),
    )  # fmt: skip


class LineForm(Once, Form):
    """What a line is: one of our deposits, or something else that a code bears."""

    deposit = forms.ChoiceField(label="It is the deposit", required=False)
    code = OptionsField(
        label="Or it is", required=False, options={key: Option(words) for key, (_, words) in BEARS.items()}
    )
    remark = forms.CharField(label="What was found", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(line, "match"):
            del self.fields["deposit"]
            self.fields["code"].label = "It is"
            self.fields["remark"].required = True
            return
        seen = BankMatch.objects.filter(what="deposit").values_list("subject", flat=True)
        since = line.statement.on - timedelta(days=30)
        rows = [one for one in BankDeposit.objects.filter(made_on__gte=since) if one.subject not in seen]
        self.known = {one.number: one for one in rows}
        choice = self.fields["deposit"]
        assert isinstance(choice, forms.ChoiceField)
        named = [(one.number, f"D-{one.number}, bag {one.bag}, {one.cash + one.checks}") for one in rows]
        choice.choices = [("", "–"), *named]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("deposit") and not said.get("code"):
            self.add_error(None, "Choose what it is.")
        return said


@needs("cash.verify")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Match a line by hand, or say what its difference was."""
    found = BankLine.objects.filter(pk=pk).select_related("statement", "match").first()
    if found is None:
        raise Http404("There is no such line.")

    def act(form: LineForm) -> str:
        said, by, at = form.cleaned_data, actor(request), visit(request).at
        if hasattr(found, "match"):
            settle_difference(line=found, code=BEARS[said["code"]][0], remark=said["remark"], by=by, at=at)
            return "Settled."
        if said["deposit"]:
            match_deposit(line=found, deposit=form.known[said["deposit"]], by=by, at=at)
            return "Matched."
        book_line(line=found, code=BEARS[said["code"]][0], remark=said["remark"], by=by, at=at)
        return "Booked."

    match = getattr(found, "match", None)
    words = f"{found.amount}, code {found.code}. {found.text}"
    alerts = [Alert(Level.KNOW, f"The bank says: {words}")]
    if match is not None and match.difference:
        which = "missing" if match.difference > ZERO else "too much"
        alerts.append(Alert(Level.WATCH, f"{abs(match.difference)} {which} of {match.subject.replace(':', ' ')}"))
    return form_panel(
        request, title="A line of the bank", form=lambda *args: LineForm(*args, line=found), act=act,
        submit="Settle it", back=reverse("lead:bank"), crumbs=[CASH, Crumb("Differences", reverse("lead:bank"))],
        done=Done, refusals=(CannotTake,), alerts=alerts,
    )  # fmt: skip


class Journal(Table):
    """What the general ledger gets: each code with its fund, debits and credits of the period."""

    number = IdColumn("Account")
    name = Column("Name")
    fund = Column("Fund")
    debits = MoneyColumn("Debits", footer=footed("debits"))
    credits = MoneyColumn("Credits", footer=footed("credits"))

    def row_url(self, record: Any) -> str:
        return str(record["url"])


@needs("reports.view")
def journal(request: HttpRequest) -> HttpResponseBase:
    """The journal to finance (`?start=&end=`, both days included; yesterday unless said). It goes out as CSV."""
    today = visit(request).on
    start = day_asked(request, "start") or today - timedelta(days=1)
    end = day_asked(request, "end") or today
    inside = Q(entry__accounting_on__range=(start, end))
    sums = (
        Posting.objects.filter(inside).values("code")
        .annotate(debits=Sum("payoff", filter=Q(payoff__gt=0), default=0),
                  credits=Sum("payoff", filter=Q(payoff__lt=0), default=0))
    )  # fmt: skip
    found = {row["code"]: row for row in sums}
    rows = [
        {"number": code.number, "name": code.name, "fund": code.fund, "debits": found[code.key]["debits"],
         "credits": found[code.key]["credits"],
         "url": f"{reverse('lead:journal-code', args=[code.key])}?start={start}&end={end}"}
        for code in Code.objects.filter(pk__in=found).order_by("number")
    ]  # fmt: skip
    return table_page(
        request, title=f"Journal, {start:%b %-d} to {end:%b %-d, %Y}", table=Journal, rows=rows, crumbs=[CASH],
        empty=Empty("Nothing was posted on these days."),
    )  # fmt: skip


@needs("reports.view")
def journal_code(request: HttpRequest, key: str) -> HttpResponseBase:
    """Every posting of a code on the days of the journal."""
    today, code = visit(request).on, load_code(key)
    start = day_asked(request, "start") or today - timedelta(days=1)
    end = day_asked(request, "end") or today
    rows = Posting.objects.filter(code=code, entry__accounting_on__range=(start, end)).exclude(payoff=0)
    moved: Money = rows.aggregate(sum=Sum("payoff"))["sum"] or ZERO
    days = f"{start:%b %-d} to {end:%b %-d, %Y}"
    return table_page(
        request, title=f"{code.number} {code.name}, {days}: {credit(moved)}", table=Postings, rows=numbered(rows),
        crumbs=[CASH, Crumb("Journal", f"{reverse('lead:journal')}?start={start}&end={end}")],
        empty=Empty("Nothing moved this code."),
    )  # fmt: skip
