"""The page of one bill: what is due, why it changed, and every line in words that open down to the readings."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.models import Bill
from lamplighter.billing.operations.archiving import PDF, archive
from lamplighter.billing.queries.dispatch import Way, told_on, with_way
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.reading_view import BillView
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.bills import showing
from lamplighter.web.desk.bills.linking import link_acts, link_facts
from lamplighter.web.desk.bills.loading import load_bill
from lamplighter.web.desk.bills.when import when_used
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Link
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import Visit, visit


@needs("accounts.view", "billing.view")
def bill(request: HttpRequest, number: str, bill: str) -> HttpResponseBase:
    found = load_bill(request, number, bill)
    shown = view(found)
    acts = [*_paper(found, number), *link_acts(found, number, permissions(request)), *_neighbours(found, number)]
    crumbs = [
        Crumb(shown.customer or number, reverse("desk:account", args=[number])),
        Crumb("Bills and payments", reverse("desk:account-money", args=[number])),
    ]
    return page(
        request, title=f"Bill {found.number}", crumbs=crumbs, badges=showing.badges(found, shown),
        meta=_meta(found, shown), panels=_panels(found, shown, number, visit(request)),
        template="desk/bills/page.html", bill=shown,
        actions=acts, today=visit(request).on,
    )  # fmt: skip


@needs("accounts.view", "billing.view")
def pdf(request: HttpRequest, number: str, bill: str) -> HttpResponseBase:
    """The bill as it is archived; made and kept the first time that somebody asks."""
    found = load_bill(request, number, bill)
    if found.origin == Bill.Origin.CONVERTED:
        raise Http404(f"Bill {found.number} comes from the old system, which kept its paper.")
    with unit_of_work(actor(request)):
        kept = archive(bill=found, by=actor(request), at=visit(request).at).document
    name = f"bill-{found.number}.pdf"
    return FileResponse(path_of(kept.file_id).open("rb"), content_type=PDF, filename=name)


def _meta(found: Bill, shown: BillView) -> list[str]:
    days = f"{day(shown.period.start)} to {day(shown.period.last_day)}" if shown.period else ""
    return [word for word in (f"Issued {day(found.issued_on)}", days, ", ".join(shown.meters)) if word]


def _paper(found: Bill, number: str) -> list[Action]:
    if found.origin == Bill.Origin.CONVERTED:
        return []
    url = reverse("desk:bill-pdf", args=[number, found.number])
    return [Action("PDF", url, key="d", panel=False, icon="download")]


def _way(found: Bill, seen: Visit) -> dict[str, Any]:
    """Where it is on its way to the customer, and the proof of its mailing; and whether the link in its email was
    opened, which counts for nothing in law."""
    way = Way(with_way(Bill.objects.filter(pk=found.pk)).get().way)
    day_told = told_on([found.number]).get(found.number)
    pieces = found.pieces.order_by("pk")
    return {
        "facts": [
            Fact("Where it is", way.label),
            *([Fact("Since", day_told)] if day_told else []),
            *(Fact("On paper", piece.number, Link("Open", reverse("desk:bill-piece", args=[piece.pk])))
              for piece in pieces),
            *link_facts(found, seen),
        ]
    }  # fmt: skip


def _sums(found: Bill, shown: BillView, number: str) -> dict[str, Any]:
    """What each figure of the sum is made of: the bill before, the ledger, and the charges on this page."""
    ledger = reverse("desk:account-ledger", args=[number])
    before, _ = _beside(found)
    charges = f"panel-segment-{shown.segments[0].id}" if shown.segments else "panel-beside"
    return {
        "bill": shown, "ledger": ledger, "charges": charges,
        "before": reverse("desk:bill", args=[number, before]) if before else ledger,
    }  # fmt: skip


def _neighbours(found: Bill, number: str) -> list[Action]:
    before, after = _beside(found)
    pairs = [("Earlier", before, "j"), ("Later", after, "k")]
    return [
        Action(label, reverse("desk:bill", args=[number, other]), key=key, panel=False)
        for label, other, key in pairs
        if other
    ]


def _beside(found: Bill) -> tuple[str | None, str | None]:
    """The numbers of the bills before and after it."""
    mine = Bill.objects.filter(account=found.account_id)
    same_day = Q(issued_on=found.issued_on)
    earlier = mine.filter(Q(issued_on__lt=found.issued_on) | (same_day & Q(id__lt=found.pk)))
    later = mine.filter(Q(issued_on__gt=found.issued_on) | (same_day & Q(id__gt=found.pk)))
    before = earlier.order_by("-issued_on", "-id").values_list("number", flat=True).first()
    after = later.order_by("issued_on", "id").values_list("number", flat=True).first()
    return before, after


def _panels(found: Bill, shown: BillView, number: str, seen: Visit) -> list[Panel]:
    panels = [
        Panel(f"segment-{segment.id}", showing.segment_title(segment), "desk/bills/lines.html",
              partial(showing.segment_rows, segment, shown))
        for segment in shown.segments
    ]  # fmt: skip
    own = found.origin == Bill.Origin.OWN
    if shown.adjustments and own:
        panels.append(
            Panel(
                "beside",
                "Beside the rate",
                "desk/bills/beside.html",
                lambda: {"adjustments": shown.adjustments, "ledger": reverse("desk:account-ledger", args=[number])},
            )
        )
    if not shown.segments and not (shown.adjustments and own):
        panels.append(Panel("none", "Charges", "desk/accounts/empty.html", lambda: {"empty": _nothing(found)}))
    use = showing.chart(shown)
    if use:
        panels.append(Panel("use", "Use by day", "desk/bills/use.html", lambda: {"chart": use}))
    rows = showing.registers(shown)
    if rows:
        panels.append(Panel("registers", "Register reads", "desk/bills/registers.html", lambda: {"registers": rows}))
    if own:
        way = partial(_way, found, seen)
        panels.append(Panel("way", "How it went out", "desk/accounts/facts.html", way, place="side", lazy=True))
    if shown.open_items:
        panels.append(Panel("items", f"Open bills on {found.issued_on:%b %-d, %Y}", "ebill/items.html",
                            lambda: {"bill": shown}))  # fmt: skip
    sums = partial(_sums, found, shown, number)
    if own and shown.period and shown.comparison is not None:
        when = partial(when_used, found.account, shown.period)
        panels.append(Panel("when", "When it is used", "desk/bills/when.html", when, place="side", lazy=True))
    return [*panels, Panel("sum", "How it adds up", "desk/bills/sum.html", sums, place="side"), *_why(shown)]


def _why(shown: BillView) -> list[Panel]:
    if shown.comparison is None:
        return []
    rows: dict[str, Any] = {"compared": shown.comparison, "sides": (shown.comparison.now, shown.comparison.then)}
    return [Panel("why", "Why it changed", "desk/bills/why.html", lambda: rows, place="side")]


def _nothing(found: Bill) -> Empty:
    if found.origin == Bill.Origin.CONVERTED:
        return Empty("This bill comes from the old system. It is shown as it was brought over, without its lines.")
    return Empty("This bill has no new charges.")
