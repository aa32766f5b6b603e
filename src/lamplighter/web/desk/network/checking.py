"""A meter under check: what is stored at once, a ping and how long it takes, and the next question."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Installation, Meter
from lamplighter.network.models import MeterCheck
from lamplighter.network.queries.checking import Standing, standing_of
from lamplighter.network.queries.knowing import events_of, last_power, newest_commands, standing_at
from lamplighter.network.rules.guiding import OUTCOMES, Conclusion
from lamplighter.premises.models import ServicePoint
from lamplighter.usage.measuring import PointUse
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.queries.points import points_of_account
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.network import words
from lamplighter.web.desk.network.lately import last_day, week_until
from lamplighter.web.loading import load_account, load_meter
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

FACTS = "desk/network/facts.html"
MONTH = timedelta(days=90)
SHOWN = 8
ONE_DAY = timedelta(days=1)


@needs("metering.view", "accounts.view")
def of_account(request: HttpRequest, number: str) -> HttpResponseBase:
    """The check of the meter at which this account has service (`?meter=` names one of several)."""
    account = load_account(request, number, to="accounts.view")
    at, on, wanted = visit(request).at, visit(request).on, request.GET.get("meter", "")
    points = points_of_account(account, period=Period(on, on + ONE_DAY))
    rows = (
        Installation.objects.filter(point__in=[one.point for one in points], span__contains=at)
        .select_related("meter")
        .order_by("pk")
    )
    meters = [row.meter for row in rows]
    meter = next((one for one in meters if wanted in {"", one.badge}), None)
    if meter is None and wanted:
        raise Http404(f"No meter {wanted} stands where account {number} has service.")
    if meter is None:
        return _without(request, account)
    others = [Link(one.badge, f"{request.path}?meter={one.badge}") for one in meters if one != meter]
    return _page(request, meter, account, others)


@needs("metering.view")
def of_meter(request: HttpRequest, badge: str) -> HttpResponseBase:
    """The same for a meter, whoever has service there."""
    return _page(request, load_meter(request, badge, to="metering.view"), None, [])


def _without(request: HttpRequest, account: Account) -> HttpResponseBase:
    """A page all the same: whoever asks has the customer on the line, and wants to know why there is none."""
    here = reverse("desk:account", args=[account.number])
    none = (
        "No meter stands where this account has service today: it has moved out, waits for a meter, or has lamps only."
    )
    return page(
        request, title="Meter check", number=account.number, crumbs=[Crumb(account.number, here)],
        panels=[Panel("check", "Check", "desk/accounts/empty.html",
                      lambda: {"empty": Empty(none, Link("Back to the account", here))})],
    )  # fmt: skip


def _page(request: HttpRequest, meter: Meter, account: Account | None, others: list[Link]) -> HttpResponseBase:
    at = visit(request).at
    point = standing_at(meter, at=at)
    crumb = (
        Crumb(account.number, reverse("desk:account", args=[account.number]))
        if account
        else Crumb(f"Meter {meter.badge}", reverse("desk:meter", args=[meter.badge]))
    )
    found = standing_of(meter, point, at=at, served=_served(point, request))
    return page(
        request,
        title="Meter check" if account else "On the network",
        number=meter.badge,
        crumbs=[crumb],
        badges=[words.switch_badge(found.switch)],
        meta=[point.premise.address if point else "Stands nowhere", meter.maker, meter.model,
              "Network meter" if meter.ami else "Read by hand"],
        actions=_actions(request, meter, account, found, stands=point is not None),
        panels=[
            Panel("check", "Check", "desk/network/check.html",
                  lambda: _check(request, meter, account, found)),
            Panel("known", "What is known", FACTS, lambda: {"facts": _known(request, meter, point, found, others),
                                                             "waits": found.waits}),
            Panel("day", "Last 24 hours", "desk/network/day.html", lambda: last_day(_uses(point, account, at), at=at),
                  lazy=True),
            Panel("events", "What the meter told", "desk/network/entries.html",
                  lambda: {"entries": _events(request, meter), "empty": Empty("Nothing in the last 90 days.")},
                  place="side", lazy=True),
            Panel("commands", "Asked over the network", "desk/network/entries.html",
                  lambda: {"entries": _commands(meter), "waits": _open(meter),
                           "empty": Empty("Nothing was asked yet.")}, place="side", lazy=True),
            Panel("checks", "Earlier checks", "desk/network/entries.html",
                  lambda: {"entries": _earlier(request, meter), "empty": Empty("None yet.")}, place="side", lazy=True),
        ],
    )  # fmt: skip


def _check(request: HttpRequest, meter: Meter, account: Account | None, found: Standing) -> dict[str, Any]:
    """The steps so far and the next; while the network owes an answer, the panel asks again every two seconds."""
    at = visit(request).at
    asked = found.ping
    return {
        "standing": found,
        "conclusion": found.step if isinstance(found.step, Conclusion) else None,
        "question": None if isinstance(found.step, Conclusion) else found.step,
        "waits": found.waits,
        "waited": max(round((at - asked.asked_at).total_seconds()), 0) if asked and asked.is_open else 0,
        "usual": words.usual(asked),
        "result": words.result(asked, found.known),
        "neighbors": words.neighbors(found),
        "told": words.told(found.answers),
        "may": "orders.raise" in permissions(request),
        "act": _address("do-check", meter, account),
        "finish": _address("do-finish-check", meter, account),
        "again": _address("do-check", meter, account),
    }


def _uses(point: ServicePoint | None, account: Account | None, at: datetime) -> list[PointUse]:
    """The point's last week; of an account only the days of its own service."""
    week = week_until(at)
    if point is None:
        return []
    if account is None:
        return [PointUse(point.pk, 1, week)]
    return [one for one in points_of_account(account, period=week) if one.point == point.pk]


def _address(name: str, meter: Meter, account: Account | None) -> str:
    url = reverse(f"desk:{name}", args=[meter.badge])
    return f"{url}?account={account.number}" if account else url


def _actions(
    request: HttpRequest, meter: Meter, account: Account | None, found: Standing, *, stands: bool
) -> list[Action]:
    may = permissions(request)
    acts = [
        (meter.switch and "orders.raise" in may and found.switch.state in {"off", "unknown"},
         Action("Switch on", _address("do-switch-on", meter, account), key="s")),
        (meter.switch and meter.ami and "orders.raise" in may,
         Action("Ask how the switch stands", _address("do-ask-state", meter, account))),
        (meter.ami and "orders.raise" in may, Action("Read now", _address("do-read-now", meter, account), key="r")),
        (account is not None and "orders.raise" in may,
         Action("Order", reverse("desk:do-order", args=[account.number]) if account else "", key="o")),
        (stands, Action("Power quality", reverse("desk:meter-quality", args=[meter.badge]), key="q", panel=False)),
    ]  # fmt: skip
    return [act for possible, act in acts if possible]


def _served(point: ServicePoint | None, request: HttpRequest) -> bool:
    """Whether somebody has service there today."""
    on = visit(request).on
    rows = Agreement.objects.filter(points__point=point, points__period__contains=on, cancelled_at__isnull=True)
    return point is not None and rows.exists()


def _known(
    request: HttpRequest, meter: Meter, point: ServicePoint | None, found: Standing, others: list[Link]
) -> list[Fact]:
    """What is stored, with how old it is."""
    on = visit(request).on
    power = last_power(meter)
    read = RegisterRead.objects.filter(channel__meter=meter, superseded_by__isnull=True).order_by("-at").first()
    volts = f"{power.volts.normalize():f} V" if power and power.volts is not None else ""
    state = {"on": "Power", "off": "No power", "silent": "Did not answer", "": "Read"}
    return [
        Fact("Switch", words.switch(found.switch, on)),
        Fact("Last heard", f"{state[power.state]}{', ' + volts if volts else ''}, {moment(power.at, on)}" if power
             else "Never over the network"),
        *([Fact("Register read", f"{read.count:,}, {moment(read.at, on)}")] if read else []),
        Fact("Neighbors", words.neighbors(found) or "None on the same street and feeder"),
        *([Fact("Feeder", point.feeder)] if point and point.feeder else []),
        *([Fact("Service point", point.number, Link("Premise", reverse("desk:premise", args=[point.premise.number])))]
          if point else []),
        *(Fact("Other meter here", link.text, Link("Check", link.url)) for link in others),
    ]  # fmt: skip


def _events(request: HttpRequest, meter: Meter) -> list[Entry]:
    at = visit(request).at
    return [
        Entry(event.at, Badge(event.label, words.TONES.get(event.kind, Tone.INFO)), event.words or event.label,
              " · ".join(filter(None, [words.measured(event), f"code {event.code}" if event.code else ""])))
        for event in events_of(meter, since=at - MONTH)
    ]  # fmt: skip


def _commands(meter: Meter) -> list[Entry]:
    commands = newest_commands(meter)
    names = names_of(command.asked_by for command in commands)
    return [
        Entry(command.asked_at, words.command_badge(command), command.get_act_display(),
              " · ".join(filter(None, [command.words, names[command.asked_by]])),
              Link("Open", reverse("desk:command", args=[command.pk])))
        for command in commands
    ]  # fmt: skip


def _earlier(request: HttpRequest, meter: Meter) -> list[Entry]:
    """Checks that ended, and what the crew found where one went."""
    checks = MeterCheck.objects.filter(meter=meter, ended_at__isnull=False).select_related("remark")
    newest = list(checks.order_by("-ended_at")[:SHOWN])
    found = words.found_by_crews([check.order for check in newest if check.order])
    may = "orders.view" in permissions(request)
    return [
        Entry(
            check.ended_at or check.begun_at, Badge("Check", Tone.INFO), OUTCOMES[check.outcome],
            " · ".join(filter(None, [found.get(check.order, ""), str(check.remark or "")])),
            Link(f"SO-{check.order}", reverse("desk:order", args=[check.order])) if check.order and may else None,
        )
        for check in newest
    ]  # fmt: skip


def _open(meter: Meter) -> bool:
    """Whether something that was asked of it has not ended."""
    return any(command.is_open for command in newest_commands(meter))
