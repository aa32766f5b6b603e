"""The register of bankruptcies, a case with its two balances, days and steps, and its proof of claim as PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.credit.documents.claims import claim_pdf, old_deposit
from lamplighter.credit.models import Bankruptcy, FiledDebt
from lamplighter.credit.operations.bankruptcies import may_set_off
from lamplighter.credit.queries.bankruptcies import left_of
from lamplighter.kernel.money import total
from lamplighter.ledger.queries import balances
from lamplighter.platform.columns import MoneyField
from lamplighter.web.access import needs, permissions
from lamplighter.web.columns import IdColumn
from lamplighter.web.loading import load_account
from lamplighter.web.naming import customer_of, name_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Fact, Level, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, Table, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

CASES = Crumb("Bankruptcies", "/desk/bankruptcies/")
TONES = {"Open": Tone.INFO, "Dismissed": Tone.WATCH, "Discharged": Tone.PLAIN, "Closed without discharge": Tone.PLAIN}
SAID = {
    "petition": "Petition entered: divided at the filing", "divided": "A later bill divided at the filing",
    "assurance": "Adequate assurance given", "claim": "Proof of claim filed", "paid": "The trustee paid",
    "relief": "Relief from the stay", "set_off": "Old deposit set off", "discharged": "Discharged",
    "dismissed": "Dismissed", "closed": "Closed without discharge",
}  # fmt: skip


class Cases(Table):
    """Cases, the open ones first, then the next day that runs out."""

    case_number = IdColumn("Case")
    chapter = Column("Chapter")
    customer = Column("Customer")
    account = IdColumn("Account", accessor="account__number")
    filed_on = DayColumn("Filed")
    before = MoneyColumn("From before")
    assurance_due_on = DayColumn("Assurance by")
    bar_date = DayColumn("Claim by")
    claimed_on = DayColumn("Claimed")
    state = BadgeColumn("State", tones=TONES, orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("desk:bankruptcy", args=[record.pk])


def cases() -> QuerySet[Bankruptcy]:
    before = FiledDebt.objects.filter(bankruptcy=OuterRef("pk")).values("bankruptcy").annotate(s=Sum("amount"))
    return (
        Bankruptcy.objects.select_related("account")
        .annotate(
            customer=customer_of("account"), before=Subquery(before.values("s"), output_field=MoneyField()),
            state=Case(*(When(outcome=one.value, then=Value(str(one.label))) for one in Bankruptcy.Outcome),
                       default=Value("Open")),
        )
        .order_by(F("ended_on").asc(nulls_first=True), "assurance_due_on", "pk")
    )  # fmt: skip


def state_of(case: Bankruptcy) -> str:
    return str(case.get_outcome_display()) if case.ended_on else "Open"


@needs("credit.view", "accounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every case, for the supervisor and collections."""
    return table_page(
        request,
        title="Bankruptcies",
        table=Cases,
        rows=cases(),
        empty=Empty("No customer is in bankruptcy.", good=True),
    )


@needs("credit.view", "accounts.view")
def case(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One case: both balances, the days with what is left of them, and every step."""
    found, on = load_case(request, pk), visit(request).on
    state = state_of(found)
    return page(
        request, title=found.of.label, number=found.case_number, crumbs=[CASES], badges=[Badge(state, TONES[state])],
        meta=[found.court, f"Filed {day(found.filed_on, on)}", found.trustee], alerts=_alerts(found, on),
        actions=_actions(request, found),
        panels=[
            Panel("about", "Case", "desk/orders/facts.html", lambda: {"facts": _about(found, on)}),
            Panel("steps", "Steps", "desk/orders/steps.html", lambda: {"entries": _steps(found)}, place="side"),
        ],
    )  # fmt: skip


@needs("credit.view", "accounts.view")
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Form 410's figures and the statement attached to it."""
    found = load_case(request, pk)
    known = profile(found.account, on=visit(request).on)
    debtor = known.customer.name if known.customer else ""
    response = HttpResponse(claim_pdf(found, debtor=debtor, on=visit(request).on), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="claim-{found.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def load_case(request: HttpRequest, pk: int) -> Bankruptcy:
    found = Bankruptcy.objects.filter(pk=pk).select_related("account", "agreement", "hold").first()
    if found is None:
        raise Http404("There is no such case.")
    load_account(request, found.account.number, to="credit.view")
    return found


def _alerts(found: Bankruptcy, on: date) -> list[Alert]:
    if found.ended_on is not None:
        return []
    left = (found.assurance_due_on - on).days
    if found.assurance_on is None and left >= 0:
        words = f"{left} days are left, until {day(found.assurance_due_on, on)}."
        return [Alert(Level.WATCH, f"Assurance of {found.assurance} is not given", words)]
    if found.assurance_on is None:
        words = f"Power may not be refused for old debt, but for want of assurance: {found.of.cites}."
        return [Alert(Level.STOP, f"No assurance since {day(found.assurance_due_on, on)}", words)]
    return []


def _about(found: Bankruptcy, on: date) -> list[Fact]:
    account = found.account
    keys = account.agreements.exclude(pk=found.agreement_id).values_list("subledger", flat=True)
    after = total(one.current for one in balances(list(keys)).values())
    before = total(one.amount for one in found.debts.all())
    given = f"{found.get_assurance_form_display()} {day(found.assurance_on, on)}" if found.assurance_on else "not given"
    claimed = f"{found.claim} filed {day(found.claimed_on, on)}" if found.claimed_on else "not filed"
    why = may_set_off(found)
    return [
        Fact("Account", account.number, Link("Open", reverse("desk:account", args=[account.number]))),
        Fact(f"From before {day(found.filed_on, on)}", before),
        Fact("Left of it", left_of(found)),
        Fact("Asked for since", after),
        Fact("Assurance", f"{found.assurance} by {day(found.assurance_due_on, on)}: {given}"),
        Fact("Old deposit", f"{old_deposit(found)}. {why or 'It may be set off.'}"),
        Fact("Claim", f"by {day(found.bar_date, on)}: {claimed}",
             Link("Form 410", reverse("desk:bankruptcy-claim", args=[found.pk]))),
        *([Fact("Stay lifted", day(found.relief_on, on))] if found.relief_on else []),
    ]  # fmt: skip


def _actions(request: HttpRequest, found: Bankruptcy) -> list[Action]:
    may = permissions(request)
    if found.ended_on is not None or not {"credit.work", "credit.decide"} & may:
        return []

    def act(label: str, name: str, key: str = "") -> Action:
        return Action(label, reverse(f"desk:do-{name}", args=[found.pk]), key=key)

    decides = [act("Set deposit off", "set-off"), act("Relief", "relief"), act("Ended", "end-case")]
    return [
        *([act("Assurance", "assurance", "a")] if found.assurance_on is None else []),
        *([act("Claim filed", "claim", "c")] if found.claimed_on is None else []),
        *([act("Plan payment", "plan-payment", "p")] if found.of.plan else []),
        *(decides if "credit.decide" in may else []),
    ]


def _steps(found: Bankruptcy) -> list[Entry]:
    return [
        Entry(
            step.happened_on, Badge(SAID[step.what].split(":")[0].split()[0], Tone.INFO), SAID[step.what],
            " · ".join(filter(None, [str(step.amount) if step.amount is not None else "",
                                     str(step.remark) if step.remark else "", name_of(step.by)])),
        )
        for step in found.steps.select_related("remark").order_by("-id")
    ]  # fmt: skip
