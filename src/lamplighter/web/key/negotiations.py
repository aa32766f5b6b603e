"""Contracts and negotiations: which end when, and one negotiation with its alternatives beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.queries.service_years import CannotCompare
from lamplighter.keyaccounts.models import Negotiation, TermsDraft
from lamplighter.keyaccounts.queries.contracts import Running, running_contracts
from lamplighter.keyaccounts.queries.negotiations import alternatives, approvals_of, approved, drafts_of, running
from lamplighter.keyaccounts.queries.offers import Comparison, Offer, compared
from lamplighter.keyaccounts.terms import in_words, redlines, terms_of
from lamplighter.platform.models import Approval
from lamplighter.rating.refusals import CannotMeasure, CannotPrice
from lamplighter.web.access import needs, permissions
from lamplighter.web.key.loading import PORTFOLIO
from lamplighter.web.naming import names_of
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.panels import Panel, Unavailable, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Link, Tone
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import change, day, due, moment, number
from lamplighter.web.visits import visit

GRID, FACTS = "ui/tables/grid.html", "key/facts.html"
CONTRACTS = Crumb("Contracts", "/key/contracts/")
STATES = {
    Approval.State.WAITING: Tone.WATCH, Approval.State.APPROVED: Tone.GOOD, Approval.State.REFUSED: Tone.BAD,
    Approval.State.WITHDRAWN: Tone.PLAIN,
}  # fmt: skip


class Ending(Table):
    """Contracts by their ends, from `_contract`."""

    code = Column("Contract")
    organisation = Column("Customer")
    name = Column("What it is")
    ends = DayColumn("Last day")
    left = Column("Ends", orderable=False)
    notice = DayColumn("Notice by")

    def row_url(self, record: Any) -> str:
        return reverse("key:contract", args=[record["code"]])


class Talks(Table):
    """Negotiations that run, from `_talk`."""

    code = Column("Contract")
    organisation = Column("Customer")
    name = Column("What it is")
    kind = Column("Kind")
    opened = DayColumn("Begun")

    def row_url(self, record: Any) -> str:
        return reverse("key:negotiation", args=[record["pk"]])


class SideBySide(Table):
    """Alternatives, from `_offer`."""

    label = Column("Alternative", orderable=False)
    bills = MoneyColumn("Twelve bills")
    less = Column("Beside now", orderable=False, attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    revenue = MoneyColumn("Revenue before taxes")
    margin = MoneyColumn("Margin a year")
    share = NumberColumn("Margin (%)", places=1)
    short = NumberColumn("Bills below the minimum take")


class Versions(Table):
    """What was put on the table, the newest first, from `_version`."""

    version = NumberColumn("Version")
    alternative = Column("Alternative")
    side = Column("Whose")
    kept = Column("Put on the table", orderable=False)
    said = Column("Why, for ourselves", orderable=False)

    def row_url(self, record: Any) -> str:
        return str(record["url"])


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Contracts that run, the one that ends first at the top, and what is being negotiated."""
    on = visit(request).on
    return page(
        request, title="Contracts", crumbs=[PORTFOLIO],
        actions=[Action("Marginal costs", reverse("key:costs"), key="m", panel=False)],
        panels=[
            Panel("talks", "Being negotiated", GRID, lambda: {"grid": grid(
                request, table=Talks, rows=[_talk(one) for one in running()], caption="Negotiations", name="talks",
                empty=Empty("Nothing is being negotiated: begin from a customer's page, or amend a contract."))}),
            Panel("contracts", "Contracts that run", GRID, lambda: {"grid": grid(
                request, table=Ending, rows=[_contract(one, on) for one in running_contracts(on=on)],
                caption="Contracts", name="contracts", empty=Empty("No special contract runs."))}),
        ],
    )  # fmt: skip


@needs("keyaccounts.view", "billing.view")
def negotiation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One negotiation; `?from=1&to=3` shows what changed between two versions, `?print=2` the term sheet of one."""
    found, on = load_negotiation(pk), visit(request).on
    drafts, approvals = drafts_of(found), approvals_of(found)
    if (asked := request.GET.get("print", "")).isdecimal():
        return _sheet(request, found, _numbered(drafts, asked))
    before, after = _pair(request, drafts)
    return page(
        request, title=f"{found.code}: {found.name}", crumbs=[CONTRACTS],
        badges=[_badge(found, drafts, approvals)],
        meta=[str(found.organisation), str(found.agreement.premise), "Amends the contract" if found.amends_id else ""],
        actions=_actions(request, found, drafts, approvals),
        panels=[
            Panel("beside", "Side by side", "key/beside.html", lambda: _beside(request, found, drafts), lazy=True),
            Panel("redline", "What changed", "key/redline.html", lambda: _redline(drafts, before, after)),
            Panel("versions", "On the table", GRID, lambda: {"grid": grid(
                request, table=Versions, rows=_versions(found, drafts, on), caption="Versions", name="versions",
                empty=Empty("Nothing yet. Put the first version on the table."))}),
            Panel("terms", "The newest version", FACTS, lambda: _terms(drafts), "side"),
            Panel("approvals", "Approval", FACTS, lambda: _approvals(found, approvals, on), "side"),
        ],
    )  # fmt: skip


def load_negotiation(pk: int) -> Negotiation:
    rows = Negotiation.objects.select_related(
        "organisation__person", "agreement__account", "agreement__premise", "amends"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such negotiation.")
    return found


def _sheet(request: HttpRequest, found: Negotiation, draft: TermsDraft) -> HttpResponseBase:
    """The term sheet of a version on paper: for the customer, so without the margin."""

    def bills() -> Mapping[str, Any]:
        try:
            worked = compared(found, [draft], on=visit(request).on)
        except (CannotCompare, CannotMeasure, CannotPrice) as fault:
            return {"facts": [Fact("Twelve bills", f"No comparison is made. {fault}")], "links": []}
        offer = worked.of(draft)
        period = worked.service.period
        return {"facts": [
            Fact("Twelve bills as they are", worked.present.bills),
            Fact("Twelve bills under it", offer.bills if offer else "They can't be priced"),
            Fact("On your use of", f"{day(period.start)} to {day(period.last_day)}"),
        ], "links": []}  # fmt: skip

    terms = [Fact(label, words) for label, words in _sheet_words(draft).items()]
    return page(
        request, title=f"{found.code}, version {draft.version}", crumbs=[CONTRACTS], template="key/terms_print.html",
        found=found, draft=draft,
        panels=[
            Panel("terms", "Terms", FACTS, lambda: {"facts": terms, "links": []}),
            Panel("bills", "What it would have done to your bills", FACTS, bills),
        ],
    )  # fmt: skip


def _actions(
    request: HttpRequest, found: Negotiation, drafts: Sequence[TermsDraft], approvals: Sequence[Approval]
) -> list[Action]:
    sheet = [Action("Term sheet", f"?print={drafts[0].version}", key="p", panel=False)] if drafts else []
    if "keyaccounts.work" not in permissions(request) or found.closed_at is not None:
        return sheet
    pk = [found.pk]
    if any(one.state == Approval.State.WAITING for one in approvals):
        return [Action("Withdraw the request", reverse("key:do-withdraw-terms", args=pk), key="w"), *sheet]
    acts = [Action("Put a version on the table", reverse("key:do-version", args=pk), key="v", primary=not drafts)]
    if drafts and approved(approvals, drafts[0]):
        acts.append(Action("Sign", reverse("key:do-sign", args=pk), key="s", primary=True))
    elif drafts:
        acts.append(Action("Ask for approval", reverse("key:do-ask-terms", args=pk), key="a", primary=True))
    return [*acts, *sheet, Action("Give it up", reverse("key:do-give-up", args=pk), key="x")]


def _badge(found: Negotiation, drafts: Sequence[TermsDraft], approvals: Sequence[Approval]) -> Badge:
    if found.closed_at is not None:
        good = found.outcome == Negotiation.Outcome.SIGNED
        return Badge(found.get_outcome_display(), Tone.GOOD if good else Tone.PLAIN)
    if not drafts:
        return Badge("Begun", Tone.INFO)
    asked = next((one for one in approvals if one.proposal["draft"] == drafts[0].pk), None)
    if asked is None:
        return Badge("Being negotiated", Tone.INFO)
    return Badge(asked.get_state_display(), STATES[Approval.State(asked.state)])


def _beside(request: HttpRequest, found: Negotiation, drafts: Sequence[TermsDraft]) -> Mapping[str, Any]:
    try:
        worked = compared(found, alternatives(drafts), on=visit(request).on)
    except (CannotCompare, CannotMeasure, CannotPrice) as fault:
        raise Unavailable(f"No comparison is made. {fault}") from fault
    made = grid(request, table=SideBySide, rows=[_offer(one, worked) for one in worked.offers],
                caption="Alternatives", name="beside")  # fmt: skip
    return {"grid": made, "chart": _chart(worked), "said": _said(worked), "refused": worked.refused}


def _offer(one: Offer, worked: Comparison) -> dict[str, Any]:
    revenue = one.revenue
    share = Decimal(one.margin.cents * 100) / revenue.cents if one.margin is not None and revenue else None
    return {
        "label": f"{one.label} ({one.what[:1].lower() + one.what[1:] if one.draft else one.what})",
        "bills": one.bills,
        "less": "" if one is worked.present else change(one.bills - worked.present.bills),
        "revenue": revenue, "margin": one.margin, "share": share,
        "short": one.short if one.draft and terms_of(one.draft.terms).least_kwh else None,
    }  # fmt: skip


def _chart(worked: Comparison) -> Bars:
    offers = worked.offers
    dear = max(offers, key=lambda one: one.bills)
    cheap = min(offers, key=lambda one: one.bills)
    series = [
        Series("Customer's bills", [one.bills.dollars for one in offers]),
        Series("Revenue before taxes", [one.revenue.dollars for one in offers]),
        *([Series("Margin", [one.margin.dollars if one.margin is not None else None for one in offers])]
          if worked.cost is not None else []),
    ]  # fmt: skip
    return Bars(
        "offers", f"Twelve bills come to {cheap.bills} to {dear.bills}.",
        f"The least under “{cheap.label}”, the most under “{dear.label}”.", [one.label for one in offers], series, "$",
        "Alternative",
    )  # fmt: skip


def _said(worked: Comparison) -> list[str]:
    period = worked.service.period
    days = f"{day(period.start)} to {day(period.last_day)}"
    first = f"Twelve bills on the service's own readings of {days}, each computed as billing would"
    said = [f"{first}, at the prices of {day(worked.prices_of)}."]
    if worked.cost is None or worked.costs is None:
        return [*said, "No margin: marginal costs were never adopted (Contracts, Marginal costs)."]
    cost = worked.cost
    return [*said, (
        f"The load costs {cost.total} a year at the margin: energy {cost.energy}, capacity {cost.capacity}"
        f" ({number(cost.peak_kw, 1)} kW at the hours of the peak), the account {cost.account}. Source:"
        f" {worked.costs.source}, since {day(worked.costs.since)}."
    )]  # fmt: skip


def _redline(drafts: Sequence[TermsDraft], before: TermsDraft | None, after: TermsDraft | None) -> Mapping[str, Any]:
    if before is None or after is None:
        return {"empty": Empty("Two versions are needed to tell what changed."), "drafts": []}
    lines = redlines(_sheet_words(before), _sheet_words(after))
    return {"lines": lines, "before": before, "after": after, "drafts": drafts,
            "empty": Empty("The terms of these two are the same.")}  # fmt: skip


def _sheet_words(draft: TermsDraft) -> dict[str, str]:
    """What stands on a version's term sheet, by its label."""
    said = in_words(terms_of(draft.terms))
    return said | {"Other clauses": str(draft.clauses)} if draft.clauses else said


def _pair(request: HttpRequest, drafts: Sequence[TermsDraft]) -> tuple[TermsDraft | None, TermsDraft | None]:
    """The versions that are compared: as asked, else the newest with the one before it of the same alternative."""
    if "to" in request.GET:
        return _numbered(drafts, request.GET.get("from", "")), _numbered(drafts, request.GET["to"])
    if len(drafts) < 2:
        return None, None
    newest = drafts[0]
    same = [one for one in drafts[1:] if one.alternative == newest.alternative]
    return (same or drafts[1:])[0], newest


def _numbered(drafts: Sequence[TermsDraft], asked: str) -> TermsDraft:
    found = next((one for one in drafts if str(one.version) == asked), None)
    if found is None:
        raise Http404("There is no such version.")
    return found


def _versions(found: Negotiation, drafts: Sequence[TermsDraft], on: date) -> list[dict[str, Any]]:
    names = names_of(one.kept_by for one in drafts)
    here = reverse("key:negotiation", args=[found.pk])
    earlier = {one.version: _before(one, drafts) for one in drafts}
    return [
        {
            "version": one.version, "alternative": one.alternative, "side": one.get_side_display(),
            "kept": f"{moment(one.kept_at, on)}, {names[one.kept_by]}", "said": str(one.words) if one.words else "",
            "url": f"{here}?from={earlier[one.version]}&to={one.version}",
        }
        for one in drafts
    ]  # fmt: skip


def _before(draft: TermsDraft, drafts: Sequence[TermsDraft]) -> int:
    """The version of the same alternative before it, else the one before it, else itself."""
    older = [one for one in drafts if one.version < draft.version]
    same = [one for one in older if one.alternative == draft.alternative]
    return (same or older or [draft])[0].version


def _terms(drafts: Sequence[TermsDraft]) -> Mapping[str, Any]:
    facts = [Fact(label, words) for label, words in _sheet_words(drafts[0]).items()] if drafts else []
    return {"facts": facts, "links": [], "empty": Empty("No terms yet.")}


def _approvals(found: Negotiation, asked: Sequence[Approval], on: date) -> Mapping[str, Any]:
    names = names_of([one.decided_by for one in asked if one.decided_by] + [one.asked_by for one in asked])
    facts = []
    for one in asked:
        who = f"{names[one.decided_by]}, {moment(one.decided_at, on)}" if one.decided_by and one.decided_at else (
            f"asked by {names[one.asked_by]}, {moment(one.asked_at, on)}")  # fmt: skip
        facts.append(Fact(f"{one.summary.partition(', for ')[0]}: {one.get_state_display().lower()}", who))
        facts.append(Fact("Under", f"{one.proposal['board']} of {one.proposal['board_on']}"))
        if one.decide_remark:
            facts.append(Fact("Because", str(one.decide_remark)))
    customer = Link(str(found.organisation), reverse("key:account", args=[found.organisation.slug]))
    return {"facts": facts, "links": [customer], "empty": Empty("Nobody was asked yet.")}


def _talk(one: Negotiation) -> dict[str, Any]:
    return {"pk": one.pk, "code": one.code, "organisation": str(one.organisation), "name": one.name,
            "kind": "Amendment" if one.amends_id else "New", "opened": one.opened_at}  # fmt: skip


def _contract(one: Running, on: date) -> dict[str, Any]:
    contract = one.contract
    return {
        "code": contract.code, "organisation": str(contract.organisation), "name": contract.name,
        "ends": contract.period.last_day, "left": due(contract.period.closed_end, on), "notice": one.notice_on,
    }  # fmt: skip
