"""Rates beside each other: every one that the service may be on, twelve bills each, month by month; two pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.billing.queries.comparing_rates import RateComparison, RateOption, compare_rates
from lamplighter.billing.queries.history import BILLS
from lamplighter.billing.queries.service_years import CannotCompare
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.models import Organisation
from lamplighter.ratestudies.queries.rules import ruled_out
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.rating.tariff import Kind
from lamplighter.web.access import needs
from lamplighter.web.key.loading import heading, load_organisation, load_service
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Chip
from lamplighter.web.ui.tables import Column, MoneyColumn, Table, grid
from lamplighter.web.ui.wording import change, day, number, quantity
from lamplighter.web.visits import visit

GROUPS: dict[str, tuple[Kind, ...]] = {
    "Fixed": (Kind.FIXED, Kind.MINIMUM),
    "Energy": (Kind.ENERGY, Kind.EXPORT, Kind.CREDIT, Kind.DISCOUNT),
    "Demand": (Kind.DEMAND, Kind.TOU_DEMAND),
    "Riders and taxes": (Kind.RIDER, Kind.TAX),
}


class Options(Table):
    """Schedules by their twelve bills, from `_rows`."""

    code = Column("Rate")
    name = Column("What it is")
    total = MoneyColumn("Twelve bills")
    less = Column("Beside the present rate", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    why = Column("Why", orderable=False)


@needs("keyaccounts.view", "billing.view")
def rates(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The comparison; with `?prices=now` at today's prices instead of those of the months."""
    organisation = load_organisation(slug)
    services, chosen = load_service(request, organisation)
    above = heading(request, organisation, "key:rates")
    above.pop("found")
    if chosen is None:
        raise Http404(f"{organisation} has no running service.")
    now = request.GET.get("prices") == "now"
    above["actions"] = [
        Action(
            "Print two pages", f"?service={chosen.pk}&prices={'now' if now else 'then'}&print=1", key="p", panel=False
        )
    ]
    chips = _chips(organisation, services, chosen, now=now)
    try:
        on = visit(request).on
        found = compare_rates(chosen, on=on, prices_of=on if now else None, ruled_out=ruled_out(chosen, on=on))
    except (CannotCompare, CannotMeasure) as fault:
        said = str(fault)
        return page(
            request,
            **above,
            panels=[Panel("rates", "Rates", "key/norates.html", lambda: {"chips": chips, "said": said})],
        )
    template = "key/rates_print.html" if "print" in request.GET else "ui/page.html"
    return page(
        request,
        **above,
        template=template,
        said=_quality(found),
        organisation=organisation,
        service=chosen,
        panels=[
            Panel(
                "options",
                "Rates by twelve bills",
                "key/rates.html",
                lambda: {
                    "chips": chips,
                    "said": _verdict(found),
                    "quality": _quality(found),
                    "grid": grid(request, table=Options, rows=_rows(found), caption="Rates", name="options"),
                },
            ),
            Panel("charges", "What the bills are made of", "ui/gallery/chart.html", lambda: {"chart": _charges(found)}),
            Panel("months", "Bill by bill", "ui/gallery/chart.html", lambda: {"chart": _months(found)}),
            Panel(
                "others", "Rates that are not open to it", "key/notoffered.html", lambda: {"rows": found.not_offered}
            ),
        ],
    )


def _chips(organisation: Organisation, services: Any, chosen: Agreement, *, now: bool) -> list[Chip]:
    here = reverse("key:rates", args=[organisation.slug])
    made = [Chip(str(one.premise), f"{here}?service={one.pk}", on=one == chosen) for one in services[:12]]
    prices = [
        Chip("Prices of those months", f"{here}?service={chosen.pk}", on=not now),
        Chip("Today's prices", f"{here}?service={chosen.pk}&prices=now", on=now),
    ]
    return [*(made if len(services) > 1 else []), *prices]


def _rows(found: RateComparison) -> list[dict[str, Any]]:
    return [
        {
            "code": option.code + (" (now)" if option.current else ""),
            "name": option.name,
            "total": option.year.total,
            "less": "" if option.current else change(option.year.total - found.current.year.total),
            "why": option.assumed or ("The rate of the last bill." if option.current else _why(found, option)),
        }
        for option in found.options
    ]


def _why(found: RateComparison, option: RateOption) -> str:
    """Which group of charges makes the difference."""
    mine, theirs = _groups(found.current), _groups(option)
    moves = {name: theirs[name] - mine[name] for name in GROUPS}
    down = min(moves, key=lambda name: moves[name].cents)
    up = max(moves, key=lambda name: moves[name].cents)
    said = [
        f"{down.lower()} {change(moves[down])}" if moves[down].cents < 0 else "",
        f"{up.lower()} {change(moves[up])}" if moves[up].cents > 0 else "",
    ]
    return "; ".join(filter(None, said)).capitalize()


def _groups(option: RateOption) -> dict[str, Money]:
    kinds = option.year.by_kind()
    return {name: sum((kinds.get(kind, Money(0)) for kind in several), Money(0)) for name, several in GROUPS.items()}


def _verdict(found: RateComparison) -> str:
    best, saving = found.best, found.saving(found.best)
    if best.current:
        among = f"the cheapest of {len(found.options)}" if len(found.options) > 1 else "the only one open to it"
        return f"{best.code}, the present rate, is {among}: {best.year.total} a year."
    share = Decimal(saving.cents) / found.current.year.total.cents
    costs = f"{best.code} would have cost {best.year.total} instead of {found.current.year.total}"
    return f"{costs}: {saving} less ({share:.1%}) for the same use."


def _quality(found: RateComparison) -> str:
    service = found.service
    curve = service.year
    guess = f"{curve.estimated_share:.1%} of them estimated" if curve.estimated.any() else "none of them estimated"
    return (
        f"Twelve bills from {day(service.period.start)} to {day(service.period.last_day)}: {curve.calendar.slots:,}"
        f" readings of {curve.calendar.seconds // 60} minutes, none missing, {guess}; highest"
        f" {number(found.kw_peak, 1)} kW. Each figure is that of twelve bills computed one by one."
    )


def _charges(found: RateComparison) -> Bars:
    options = found.options
    series = [Series(name, [_dollars(_groups(option)[name]) for option in options]) for name in GROUPS]
    demand = {option.code: _groups(option)["Demand"] for option in options}
    return Bars(
        "charges",
        "Twelve bills of each rate, by charge.",
        f"Demand is {demand[found.current.code]} on {found.current.code}.",
        [option.code for option in options],
        series,
        "$",
        "Rate",
        stacked=True,
    )


def _months(found: RateComparison) -> Bars:
    labels = [f"{bill.month:%b} ’{bill.month:%y}" for bill in found.service.bills[-BILLS:]]
    series = [Series(option.code, [_dollars(bill.total) for bill in option.year.bills]) for option in found.options[:3]]
    dear = max(found.current.year.bills, key=lambda bill: bill.total)
    return Bars(
        "months",
        f"The dearest bill on {found.current.code} was {dear.total}.",
        f"It was for {day(dear.period.start)} to {day(dear.period.last_day)}, {quantity(dear.period.days, 'days')}.",
        labels,
        series,
        "$",
        "Bill",
    )


def _dollars(amount: Money) -> Decimal:
    return Decimal(amount.cents) / 100
