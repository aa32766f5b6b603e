"""How every interface stands at a glance, and one with what failed there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.incidents.models import Incident
from lamplighter.incidents.queries import VendorRecord, by_vendor
from lamplighter.platform.interfaces import Interface, Standing, interface_of, interfaces
from lamplighter.web.access import may_open, needs, permissions
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Link, Tone
from lamplighter.web.ui.wording import moment, seconds
from lamplighter.web.visits import visit

INTERFACES = Crumb("Interfaces", "/desk/interfaces/")
YEAR = timedelta(days=365)
NONE = Empty("No incident was reported.", good=True)


@needs("interfaces.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every way in and out, by vendor; then how each vendor does with what was reported."""
    return page(
        request,
        title="Interfaces",
        actions=[
            Action("Incidents", reverse("desk:incidents"), key="i", panel=False),
            *([_head_ends()] if "system.configure" in permissions(request) else []),
        ],
        panels=[
            Panel("all", "How they stand", "desk/interfaces/all.html", lambda: {"rows": _rows(request)}),
            Panel("vendors", "Vendors, last 12 months", "desk/network/facts.html",
                  lambda: {"facts": _vendors(request), "empty": NONE}, place="side"),
        ],
    )  # fmt: skip


def _head_ends() -> Action:
    return Action("Head-ends", reverse("admin-desk:head-ends"), key="h", panel=False)


@needs("interfaces.view")
def interface(request: HttpRequest, key: str) -> HttpResponseBase:
    """One interface: its last success, what waits, what failed, and its incidents."""
    found = known(key)
    at, on = visit(request).at, visit(request).on
    stands = found.standing(at)
    work = "interfaces.work" in permissions(request)
    report = Action("Report an error", reverse("desk:do-report-incident", args=[key]), key="r", primary=True)
    return page(
        request,
        title=found.name,
        crumbs=[INTERFACES],
        badges=[badge(stands, at)],
        meta=[found.vendor, found.what],
        actions=[report, *([_all(key)] if found.retry and stands.failed else [])] if work else [],
        panels=[
            Panel("failed", "What failed lately", "desk/interfaces/failed.html",
                  lambda: {"failed": [(one, moment(one.at, on), bool(one.link) and may_open(request, one.link))
                                      for one in stands.failed],
                           "retry": reverse("desk:do-retry", args=[key]) if found.retry and work else "",
                           "instead": found.instead,
                           "empty": Empty("Nothing failed in the last two weeks.", good=True)}),
            Panel("about", "Standing", "desk/network/facts.html", lambda: {"facts": _about(stands, at, request)},
                  place="side"),
            Panel("incidents", "Incidents", "desk/network/facts.html",
                  lambda: {"facts": _incidents(key, request), "empty": NONE}, place="side"),
        ],
    )  # fmt: skip


def _all(key: str) -> Action:
    return Action("Try all again", reverse("desk:do-retry-all", args=[key]), key="t")


def known(key: str) -> Interface:
    return interface_of(key) or _not_found(f"There is no interface {key}.")


def badge(stands: Standing, at: datetime) -> Badge:
    """Late when it has been quiet for longer than it should."""
    if stands.last_success is None:
        return Badge("Not used yet")
    quiet = (at - stands.last_success).total_seconds()
    if stands.quiet_after and quiet > stands.quiet_after:
        return Badge("Quiet", Tone.BAD)
    return Badge("Failures", Tone.WATCH) if stands.failed else Badge("Well", Tone.GOOD)


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    at, on = visit(request).at, visit(request).on
    open_at = list(Incident.objects.filter(fixed_at__isnull=True).values_list("interface", flat=True))
    rows = []
    for one in interfaces():
        stands = one.standing(at)
        rows.append({
            "interface": one, "url": reverse("desk:interface", args=[one.key]), "badge": badge(stands, at),
            "last": moment(stands.last_success, on) if stands.last_success else "Never",
            "waiting": stands.waiting, "failed": len(stands.failed), "incidents": open_at.count(one.key),
        })  # fmt: skip
    return rows


def _about(stands: Standing, at: datetime, request: HttpRequest) -> list[Fact]:
    on = visit(request).on
    last = stands.last_success
    ago = f", {seconds((at - last).total_seconds())} ago" if last else ""
    return [
        Fact("Last success", f"{moment(last, on)}{ago}" if last else "Never"),
        Fact("Waiting", f"{stands.waiting:,}"),
        Fact("Failed in two weeks", f"{len(stands.failed):,}"),
        *([Fact("Late after", seconds(stands.quiet_after))] if stands.quiet_after else []),
    ]


def _incidents(key: str, request: HttpRequest) -> list[Fact]:
    on = visit(request).on
    rows = Incident.objects.filter(interface=key).order_by("-reported_at")[:8]
    return [
        Fact(str(one), f"{one.state}, {moment(one.reported_at, on)}", _open(one)) for one in rows
    ]  # fmt: skip


def _vendors(request: HttpRequest) -> list[Fact]:
    rows = Incident.objects.filter(reported_at__gte=visit(request).at - YEAR)
    return [
        Fact(one.vendor, f"{one.open} open, {one.fixed} fixed{_times(one)}") for one in by_vendor(rows)
    ]  # fmt: skip


def _times(one: VendorRecord) -> str:
    return f"; half within {spell(one.median)}, the longest {spell(one.longest)}" if one.median else ""


def _open(one: Incident) -> Link:
    return Link("Open", reverse("desk:incident", args=[one.pk]))


def spell(length: timedelta | None) -> str:
    return "" if length is None else f"{length.days} days" if length.days > 1 else seconds(length.total_seconds())


def _not_found(message: str) -> NoReturn:
    raise Http404(message)
