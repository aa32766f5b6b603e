"""Drafts for finance: what is drawn next, which files went out, what came back and at which rate; one draft's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.formats.nacha.reader import MOST_BYTES, CannotRead
from lamplighter.formats.nacha.writer import CannotWrite
from lamplighter.journeys.ach_returns import take_returns
from lamplighter.journeys.autopaying import send_drafts
from lamplighter.kernel.money import Money, total
from lamplighter.payments.autopay.banks import next_bank_day
from lamplighter.payments.autopay.queries import drafts, drafts_to_send, files, running, watched_rates
from lamplighter.payments.autopay.returns import handling_of
from lamplighter.payments.models import Draft, DraftStep
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.columns import IdColumn
from lamplighter.web.naming import customer_of, names_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Fact, Level, Link, Tile, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

DRAFTS = Crumb("AutoPay", "/desk/autopay/")
Act = DraftStep.Act
STATES = {
    "Announced": Tone.WATCH,
    "Sent to the bank": Tone.GOOD,
    "Charged to the card": Tone.GOOD,
    "Declined": Tone.BAD,
    "Not drawn": Tone.PLAIN,
    "Returned": Tone.BAD,
}


class Drafts(Table):
    """Drafts, the newest day first; a row opens one."""

    account = IdColumn("Account", accessor="autopay__account__number")
    customer = Column("Customer")
    draw_on = DayColumn("Drawn on")
    amount = MoneyColumn("Amount")
    bill = IdColumn("Bill", empty_values=())
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)
    code = IdColumn("Return")

    def value_bill(self, value: str) -> str:
        return value or "test"

    def render_bill(self, value: str) -> str:
        return self.value_bill(value)

    def value_state(self, record: Any) -> str:
        return state_of(record.stands)

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        return reverse("desk:draft", args=[record.pk])


class Files(Table):
    """Files that went to the bank; a row takes the file away."""

    number = Column("File")
    made_on = DayColumn("Made")
    pays_on = DayColumn("Settles")
    entries = NumberColumn("Drafts")
    amount = MoneyColumn("Debits")

    def row_url(self, record: Any) -> str:
        return reverse("desk:ach-file", args=[record.file])


class Sure(Once, Form):
    """Nothing to fill in: what it does stands above."""


class Upload(Once, Form):
    file = forms.FileField(label="The bank's file", help_text="Returns and notifications of change, as NACHA records.")


def state_of(stands: str | None) -> str:
    return str(Act(stands).label) if stands else "Announced"


@needs("ledger.post")
def listed(request: HttpRequest) -> HttpResponseBase:
    """What goes next, the rates that the network watches, drafts and files."""
    rows = drafts().annotate(customer=customer_of("autopay__account"))
    return page(
        request, title="AutoPay",
        actions=[
            Action("Make the bank's file", reverse("desk:do-send-drafts"), key="b", primary=True),
            Action("Read returns", reverse("desk:do-ach-returns"), key="r"),
        ],
        panels=[
            Panel("tiles", "", "desk/accounts/tiles.html", lambda: {"tiles": _tiles(request)}, "top", frame=False),
            Panel("drafts", "Drafts", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Drafts, rows=rows, caption="Drafts", name="drafts",
                                        empty=Empty("No bill was drawn yet."))}),
            Panel("files", "Files for the bank", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Files, rows=files(), caption="Files", name="files",
                                        empty=Empty("No file went to the bank yet."))}),
        ],
    )  # fmt: skip


@needs("billing.view")
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One draft: what was announced, what became of it, and what its return asks for."""
    found: Any = (
        drafts().filter(pk=pk).select_related("autopay__account", "autopay__card", "corrects", "correction").first()
    )
    if found is None:
        raise Http404("There is no such draft.")
    account, state = found.autopay.account.number, state_of(found.stands)
    here = Crumb(account, reverse("desk:account", args=[account]))
    return page(
        request, title=f"Draft of {day(found.draw_on, visit(request).on)}", badges=[Badge(state, STATES[state])],
        crumbs=[*([DRAFTS] if "ledger.post" in permissions(request) else []), here],
        actions=_acts(found) if "payments.take" in permissions(request) else [],
        panels=[
            Panel("facts", "Draft", "desk/accounts/facts.html", lambda: {"facts": _facts(found)}),
            Panel("steps", "What happened", "lead/conditions/listed.html",
                  lambda: {"entries": _steps(found), "empty": Empty("It waits for its day.")}),
        ],
    )  # fmt: skip


@needs("ledger.post")
def send(request: HttpRequest) -> HttpResponse:
    """Everything that settles on the next banking day, in one file. The job makes it too; twice draws nothing twice."""
    on = visit(request).on
    waiting = drafts_to_send(pays_on=next_bank_day(on))

    def act(_: Sure) -> str:
        made = send_drafts(on=on, by=actor(request), at=visit(request).at)
        return made.file if made else ""

    def done(file: str) -> Done:
        if not file:
            return Done("Nothing is to be drawn; what stood against it is on each draft.", url=DRAFTS.url)
        return Done("The file is made. Take it to the bank.", url=DRAFTS.url)

    return form_panel(
        request, title="Make the bank's file", form=Sure, act=act, submit="Draw them", done=done,
        back=DRAFTS.url, crumbs=[DRAFTS], refusals=(CannotRefund, CannotWrite), busy="Writing…",
        alerts=[Alert(Level.KNOW, f"Settles by {day(next_bank_day(on), on)}: {counted(len(waiting))}",
                      f"Announced: {total(one.amount for one in waiting)}. What was paid meanwhile is not drawn.")],
    )  # fmt: skip


@needs("ledger.post")
def read(request: HttpRequest) -> HttpResponse:
    """What the bank sent back; each line is handled by its code, once."""

    def act(form: Upload) -> str:
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise CannotRead(f"The file has {file.size:,} bytes; a file of returns has no more than {MOST_BYTES:,}.")
        seen = visit(request)
        return str(take_returns(data=file.read(), name=file.name, on=seen.on, by=actor(request), at=seen.at))

    return form_panel(
        request, title="Read the bank's returns", form=Upload, act=act, submit="Read it", back=DRAFTS.url,
        crumbs=[DRAFTS], done=lambda words: Done(words, url=DRAFTS.url), refusals=(CannotRead,), busy="Reading…",
    )  # fmt: skip


def counted(drafts: int) -> str:
    return f"{drafts} draft{'' if drafts == 1 else 's'}"


def _tiles(request: HttpRequest) -> list[Tile]:
    on = visit(request).on
    waiting = drafts_to_send(pays_on=next_bank_day(on))
    amount: Money = total(one.amount for one in waiting)
    return [
        Tile("To draw next", amount, counted(len(waiting)), Tone.WATCH if waiting else Tone.PLAIN),
        Tile("Accounts with AutoPay", running().count()),
        *(
            Tile(rate.name, f"{rate.share:.2%}", f"{rate.returned} of {rate.debits}, limit {rate.most:.1%}",
                 Tone.BAD if rate.over else Tone.PLAIN)
            for rate in watched_rates(on=on)
        ),
    ]  # fmt: skip


def _acts(found: Any) -> list[Action]:
    """What may be done about a draft on a bank account as it stands."""
    if found.autopay.card_id is not None or not found.bill:
        return []
    if not found.stands:
        return [Action("Do not draw it", reverse("desk:do-call-off-draft", args=[found.pk]), key="o")]
    how = handling_of(found.code) if found.stands == Act.RETURNED else None
    if how is not None and how.retries:
        return [Action("Draw it once more", reverse("desk:do-draw-again", args=[found.pk]), key="a")]
    if how is not None and how.corrects and not hasattr(found, "correction"):
        return [Action("Correct it", reverse("desk:do-correct-draft", args=[found.pk]), key="c")]
    return []


def _facts(found: Any) -> list[Fact]:
    account = found.autopay.account.number
    facts = [
        Fact("Announced", found.amount), Fact("Drawn on", found.draw_on), Fact("From", str(found.autopay)),
        Fact("Account", account, Link("Open", reverse("desk:account", args=[account]))),
    ]  # fmt: skip
    if found.bill:
        facts.append(Fact("Bill", found.bill, Link("Open", reverse("desk:bill", args=[account, found.bill]))))
    if found.attempt:
        facts.append(Fact("Presented", f"{found.attempt + 1} times"))
    if found.corrects_id:
        facts.append(_other("Corrects", found.corrects))
    if hasattr(found, "correction"):
        facts.append(_other("Corrected by", found.correction))
    if found.stands == Act.RETURNED and found.code:
        facts.append(Fact(f"Returned {found.code}", handling_of(found.code).asks or found.why))
    return facts


def _other(label: str, other: Draft) -> Fact:
    return Fact(
        label, f"{other.amount} of {other.draw_on:%b %-d}", Link("Open", reverse("desk:draft", args=[other.pk]))
    )


def _steps(found: Draft) -> list[Entry]:
    rows = list(found.steps.select_related("file", "event").order_by("-id"))
    names = names_of(row.recorded_by for row in rows)
    return [
        Entry(row.on, Badge(row.get_act_display(), STATES[row.get_act_display()]), _words(row),
              f"By {names.get(row.recorded_by, '')}", _receipt(row))
        for row in rows
    ]  # fmt: skip


def _words(row: DraftStep) -> str:
    if row.act == Act.SENT:
        return f"File {row.file_id}, trace {row.trace}"
    return f"{row.code} {row.why}".strip()


def _receipt(row: DraftStep) -> Link | None:
    return Link(f"R-{row.event.receipt}", reverse("desk:receipt", args=[row.event.receipt])) if row.event else None
