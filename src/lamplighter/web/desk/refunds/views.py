"""The list of refunds, and one refund with its steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.payments.models import Refund, RefundStep, RefundWay
from lamplighter.payments.refunds.queries import refunds, standing_of, unclaimed_credits, waiting, way_on, with_payables
from lamplighter.payments.refunds.rules import ours_on, stale_on
from lamplighter.web.access import needs
from lamplighter.web.columns import IdColumn
from lamplighter.web.naming import customer_of, names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tile, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, Table, grid
from lamplighter.web.ui.wording import counted
from lamplighter.web.visits import visit

REFUNDS = Crumb("Refunds", "/desk/refunds/")
WAITS = "Waits"
STATES = {
    WAITS: Tone.WATCH, "Check written": Tone.INFO, "Sent to the bank": Tone.INFO, "Paid by the bank": Tone.GOOD,
    "Check voided": Tone.BAD, "Unclaimed": Tone.WATCH, "Back on the account": Tone.NOTICE,
    "Returned by the bank": Tone.BAD, "With accounts payable": Tone.INFO, "Paid by accounts payable": Tone.GOOD,
    "Refused by accounts payable": Tone.BAD, "Asked for by its owner": Tone.INFO, "Taken over, unclaimed": Tone.NOTICE,
}  # fmt: skip
Act = RefundStep.Act


class Refunds(Table):
    """Refunds, the newest first; a row opens one."""

    number = Column("Refund")
    account = IdColumn("Account", accessor="account__number")
    customer = Column("Paid to")
    made_on = DayColumn("Made")
    amount = MoneyColumn("Amount")
    method = Column("How", accessor="get_method_display", order_by="method")
    check_number = IdColumn("Check")
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)

    def value_number(self, value: str) -> str:
        return f"RF-{value}"

    def render_number(self, value: str) -> str:
        return self.value_number(value)

    def value_state(self, record: Any) -> str:
        return state_of(record.stands)

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        return reverse("desk:refund", args=[record.number])


class Idle(Table):
    """Credits of accounts without service."""

    number = IdColumn("Account", accessor="account__number", orderable=False)
    amount = MoneyColumn("Credit", orderable=False)
    since = DayColumn("Last moved", orderable=False)
    ours_on = DayColumn("May become the city's", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])


def state_of(stands: str | None) -> str:
    return str(Act(stands).label) if stands else WAITS


@needs("ledger.post")
def listed(request: HttpRequest) -> HttpResponseBase:
    """What waits for a check, the bank or accounts payable, everything that went out, and what nobody claims."""
    rows = refunds().annotate(customer=Coalesce("payee__name", customer_of("account")))
    on = visit(request).on
    return page(
        request, title="Refunds",
        actions=[
            *_to_do(),
            Action("Positive pay", f"{reverse('desk:positive-pay')}?on={on}", panel=False),
            Action("Our bank account", reverse("desk:do-own-bank"), key="a"),
            Action("Who pays refunds", reverse("desk:do-refund-way"), key="y"),
        ],
        panels=[
            Panel("waiting", "", "desk/accounts/tiles.html", lambda: {"tiles": _waiting(on)}, "top", frame=False),
            Panel("refunds", "Refunds", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Refunds, rows=rows, caption="Refunds", name="refunds",
                                        empty=Empty("Nothing was refunded yet."))}),
            Panel("unclaimed", "Credits that nobody claims", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Idle, rows=unclaimed_credits(on=on), caption="Unclaimed",
                                        name="unclaimed", empty=Empty("No credit lies idle.", good=True))}, lazy=True),
        ],
    )  # fmt: skip


@needs("ledger.post")
def show(request: HttpRequest, number: str) -> HttpResponseBase:
    """One refund: where it stands, its steps, and what can be done."""
    found = load_refund(number)
    stands = standing_of(found)
    state = state_of(stands)
    return page(
        request, title=f"RF-{number}", crumbs=[REFUNDS], badges=[Badge(state, STATES[state])],
        actions=_actions(found, stands),
        panels=[
            Panel("facts", "Refund", "desk/accounts/facts.html", lambda: {"facts": _facts(found)}),
            Panel("steps", "What happened", "lead/conditions/listed.html", lambda: {"entries": _steps(found),
                  "empty": Empty("It waits.")}),
        ],
    )  # fmt: skip


def load_refund(number: str) -> Refund:
    found = Refund.objects.filter(number=number).select_related("account", "payee").first()
    if found is None:
        raise Http404(f"There is no refund {number}.")
    return found


def _to_do() -> list[Action]:
    """What there is something to do for."""
    checks = Action("Write the checks", reverse("desk:do-write-checks"), key="w", primary=True)
    bank = Action("Make the bank's file", reverse("desk:do-ach-file"), key="b")
    vouchers = Action("Hand over vouchers", reverse("desk:do-hand-over-vouchers"), key="h", primary=True)
    ways = ((checks, Refund.Method.CHECK), (bank, Refund.Method.ACH), (vouchers, Refund.Method.VOUCHER))
    acts = [action for action, method in ways if waiting(method)]
    if with_payables()[0]:
        acts.append(Action("Read the answer", reverse("desk:do-payables-answer"), key="r"))
    return acts


def _waiting(on: date) -> list[Tile]:
    checks, bank, vouchers = (waiting(one) for one in (Refund.Method.CHECK, Refund.Method.ACH, Refund.Method.VOUCHER))
    tiles = [
        Tile("Checks to write", len(checks), "", Tone.WATCH if checks else Tone.PLAIN),
        Tile("To send to the bank", len(bank), "", Tone.WATCH if bank else Tone.PLAIN),
    ]
    if vouchers or way_on(on) == RefundWay.Way.PAYABLES:
        tiles.append(Tile("Vouchers to hand over", len(vouchers), "", Tone.WATCH if vouchers else Tone.PLAIN))
    count, amount = with_payables()
    if count:
        tiles.append(Tile("With accounts payable", amount, counted(count, "voucher"), Tone.INFO))
    return tiles


def _facts(found: Refund) -> list[Fact]:
    account = found.account.number
    facts = [
        Fact("Amount", found.amount), Fact("How", found.get_method_display()),
        Fact("Account", account, Link("Open", reverse("desk:account", args=[account]))),
    ]  # fmt: skip
    if found.payee is not None:
        facts.append(Fact("Assigned by the customer to", found.payee.name))
    if hasattr(found, "bank"):
        facts.append(Fact("Bank account", f"ends in {found.bank.last_four}"))
    handed = found.steps.filter(act=Act.HANDED).order_by("-id").first()
    if handed:
        file = Link("Fetch the file", reverse("desk:voucher-file", args=[handed.file]))
        facts.append(Fact("Voucher", f"RF-{found.number}", file))
    paid = found.steps.filter(act=Act.PAID).first()
    if paid:
        facts.append(Fact("The city's check", str(paid.check_number)))
    written = found.steps.filter(act=Act.WRITTEN).order_by("-id").first()
    if written:
        facts += [Fact("Check", str(written.check_number)), Fact("A bank may refuse it from", stale_on(written.on))]
    stale = found.steps.filter(act=Act.STALE).first()
    if stale and written:
        facts.append(Fact("May become the city's", ours_on(written.on)))
    return facts


def _steps(found: Refund) -> list[Entry]:
    rows = list(found.steps.order_by("-id"))
    names = names_of(row.recorded_by for row in rows)
    return [
        Entry(row.on, Badge(row.get_act_display(), STATES[row.get_act_display()]), _words(row),
              f"By {names.get(row.recorded_by, '')}")
        for row in rows
    ]  # fmt: skip


def _words(row: RefundStep) -> str:
    if row.check_number:
        return f"Check {row.check_number}"
    return f"Trace {row.trace}" if row.trace else str(row.refund.amount)


def _actions(found: Refund, stands: str) -> list[Action]:
    acts = []
    if stands == Act.WRITTEN:
        acts = [
            Action("Print the check", reverse("desk:check", args=[found.number]), key="p", panel=False),
            Action("Void the check", reverse("desk:do-void-check", args=[found.number]), key="v"),
            Action("Nobody cashed it", reverse("desk:do-unclaimed", args=[found.number]), key="u"),
        ]
    if stands == Act.STALE:
        acts = [
            Action("The owner asks for it", reverse("desk:do-claim-refund", args=[found.number]), key="c"),
            Action("It becomes the city's", reverse("desk:do-take-over-refund", args=[found.number]), key="b"),
        ]
    if found.method == Refund.Method.ACH and stands in {Act.SENT, Act.CLEARED}:
        acts.append(Action("The bank returned it", reverse("desk:do-refund-returned", args=[found.number]), key="r"))
    return acts
