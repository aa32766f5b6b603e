"""The page of a premise and the page of a meter."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.fieldwork.models import Order
from lamplighter.metering.models import Channel, Installation, Meter
from lamplighter.network.queries.knowing import standing_at
from lamplighter.premises.models import PointFact, Premise, ServicePoint
from lamplighter.usage.models import RegisterRead
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.metertests.tables import tests_panel
from lamplighter.web.desk.orders.panels import orders_panel
from lamplighter.web.desk.places.notes import note_alerts
from lamplighter.web.desk.places.tables import Channels, Reads, ReadsToCorrect, Tenancies
from lamplighter.web.loading import load_meter, load_premise
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Link
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import moment, short_day
from lamplighter.web.visits import visit

ACCOUNTS = Crumb("Accounts", "/desk/accounts/")
GRID = "ui/tables/grid.html"


@needs("accounts.view")
def premise(request: HttpRequest, number: str) -> HttpResponseBase:
    """Who is and was served here, the service points, and what is known of them."""
    place = load_premise(request, number, to="accounts.view")
    tenancies = (
        Agreement.objects.filter(premise=place, cancelled_at__isnull=True)
        .select_related("account")
        .annotate(customer=customer_of("account"))
        .order_by("-period")
    )
    nobody = Empty("Nobody has had service here.")
    lived = Panel(
        "tenancies", "Service here", GRID,
        lambda: {"grid": grid(request, table=Tenancies, rows=tenancies, caption="Service here", empty=nobody)},
    )  # fmt: skip
    return page(
        request,
        title=place.address,
        number=place.number,
        crumbs=[ACCOUNTS],
        meta=[f"{place.city} {place.state} {place.postcode}", place.use.capitalize(), str(place.jurisdiction)],
        alerts=note_alerts(place, request) if "orders.view" in permissions(request) else [],
        actions=_acts(place, request),
        panels=[
            lived,
            *(_point_panel(point, request) for point in place.service_points.order_by("number")),
            *(
                [orders_panel(Order.objects.filter(premise=place), on=visit(request).on)]
                if "orders.view" in permissions(request)
                else []
            ),
        ],
    )


def _acts(place: Premise, request: HttpRequest) -> list[Action]:
    may = permissions(request)
    acts = (
        ("Order", "do-order-at-premise", "o", "orders.raise"),
        ("Add a service point", "do-add-point", "n", "premises.change"),
        ("Unauthorized use", "do-report-use", "u", "credit.work"),
    )  # fmt: skip
    start = Action("Start service", f"{reverse('desk:do-open')}?place={place.number}", key="s")
    return [
        *([start] if "service.start" in may else []),
        *(
            Action(label, reverse(f"desk:{name}", args=[place.number]), key=key)
            for label, name, key, permission in acts
            if permission in may
        ),
    ]


@needs("metering.view")
def meter(request: HttpRequest, badge: str) -> HttpResponseBase:
    """What the meter measures with which multiplier, where it stood, and its register reads."""
    device = load_meter(request, badge, to="metering.view")
    channels = Channel.objects.filter(meter=device).prefetch_related("multipliers").order_by("id")
    reads = (
        RegisterRead.objects.filter(channel__meter=device)
        .select_related("channel__meter", "superseded_by")
        .order_by("-at", "-id")
    )
    dials = channels.filter(interval__isnull=True).exists()
    may, corrects = "reads.decide" in permissions(request), "billing.correct" in permissions(request)
    enter = Action("Enter a read", reverse("desk:do-read", args=[device.badge]), key="r", primary=True)
    quality = Action("Power quality", reverse("desk:meter-quality", args=[device.badge]), key="q", panel=False)
    return page(
        request,
        title=f"Meter {device.badge}",
        crumbs=[ACCOUNTS],
        meta=[device.maker, device.model, "Network meter" if device.ami else "Read by hand"],
        actions=[Action("On the network", reverse("desk:meter-network", args=[device.badge]), key="m", panel=False),
                 *([quality] if standing_at(device, at=visit(request).at) else []),
                 *([enter] if dials and may else []), *(_corrections(device) if corrects else []),
                 *_tests(device, permissions(request))],
        panels=[
            Panel("channels", "Channels", GRID,
                  lambda: {"grid": grid(request, table=Channels, rows=channels, caption="Channels", name="channels")}),
            *([_reads(request, reads, ReadsToCorrect if may else Reads)] if dials else []),
            tests_panel(request, device),
            Panel("places", "Where it stood", "desk/places/facts.html", lambda: {"facts": _places(device, request)},
                  place="side"),
        ],
    )  # fmt: skip


def _tests(device: Meter, may: frozenset[str]) -> list[Action]:
    acts = (
        ("Have it tested", "do-ask-test", "t", "orders.raise"),
        ("Enter a test", "do-test", "e", "metering.change"),
    )
    return [
        Action(label, reverse(f"desk:{name}", args=[device.badge]), key=key)
        for label, name, key, permission in acts
        if permission in may
    ]


def _corrections(device: Meter) -> list[Action]:
    return [
        Action("Multiplier", reverse("desk:do-correct-multiplier", args=[device.badge]), key="x"),
        Action("Uncross", reverse("desk:do-uncross", args=[device.badge]), key="u"),
    ]


def _reads(request: HttpRequest, reads: QuerySet[RegisterRead], table: type[Reads]) -> Panel:
    nothing = Empty("Not read yet.")
    return Panel(
        "reads", "Register reads", GRID,
        lambda: {"grid": grid(request, table=table, rows=reads, caption="Register reads", name="reads", empty=nothing)},
    )  # fmt: skip


def _point_panel(point: ServicePoint, request: HttpRequest) -> Panel:
    return Panel(
        f"point-{point.pk}", f"Service point {point.number}", "desk/places/facts.html",
        lambda: {"facts": _point(point, request)}, place="side",
    )  # fmt: skip


def _point(point: ServicePoint, request: HttpRequest) -> list[Fact]:
    on = visit(request).on
    standing = Installation.objects.filter(point=point).select_related("meter").order_by("-span")
    facts = PointFact.objects.filter(point=point, period__contains=on).order_by("name")
    return [
        Fact("Delivers", f"{point.get_commodity_display()}, {point.get_kind_display().lower()}"),
        *([Fact("Feeder", point.feeder)] if point.feeder else []),
        *(
            Fact(
                "Meter", f"{row.meter.badge}, since {short_day(row.span.start.date(), on)}",
                Link("Open", reverse("desk:meter", args=[row.meter.badge])),
            )
            for row in standing
        ),
        *(Fact(fact.name.replace("_", " ").capitalize(), fact.value) for fact in facts),
    ]  # fmt: skip


def _places(device: Meter, request: HttpRequest) -> list[Fact]:
    on = visit(request).on
    rows = Installation.objects.filter(meter=device).select_related("point__premise").order_by("-span")
    return [
        Fact(
            f"{row.point.premise.address}",
            f"{moment(row.span.start, on)}" + (f" to {moment(row.span.end, on)}" if row.span.end else " until now"),
            Link("Open", reverse("desk:premise", args=[row.point.premise.number])),
        )
        for row in rows
    ]
