"""What the rules of validation put before a person: the list, and one matter with all that is needed to decide it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.kernel.findings import Severity
from lamplighter.metering.models import Channel
from lamplighter.usage.models import IntervalException
from lamplighter.usage.queries.exceptions import Seen, alike_to, decided_exceptions, open_exceptions, seen
from lamplighter.usage.queries.ruletexts import RULES
from lamplighter.usage.queries.scoring import scores_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.readings import curve
from lamplighter.web.desk.readings.loading import load_exception
from lamplighter.web.desk.readings.tables import SEVERITIES, Decided, Exceptions
from lamplighter.web.desk.readings.twice import came_again, with_both
from lamplighter.web.naming import customer_of, name_of, named
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Fact, Level, Link, Tone
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.ui.wording import day, moment
from lamplighter.web.visits import visit

READINGS = Crumb("Readings", "/desk/readings/")
MANY = 2
WAYS = {
    "line": "a line", "like-days-1": "the nearest like day", "like-days-3": "three like days",
    "like-days-5": "five like days", "proxy-days-3": "three days as warm",
}  # fmt: skip
PROPOSAL = "desk/readings/proposal.html"
TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WATCH, Severity.INFO: Tone.INFO}


class ExceptionFilters(django_filters.FilterSet):  # type: ignore[misc]
    rule = django_filters.ChoiceFilter(
        label="What", empty_label="Everything", choices=[(key, rule.label) for key, rule in RULES.items()]
    )


@needs("reads.decide", "metering.view")
def listed(request: HttpRequest, channel: int | None = None) -> HttpResponseBase:
    """Everything that waits, or what waits of one channel."""
    rows = open_exceptions(channel=channel).annotate(
        customer=Case(When(account__isnull=False, then=customer_of("account")), default=Value(""))
    )
    of = Channel.objects.filter(pk=channel).select_related("meter").first() if channel else None
    if channel and of is None:
        raise Http404("There is no such channel.")
    return table_page(
        request, title=f"Readings of meter {of.meter.badge}" if of else "Readings", table=Exceptions, rows=rows,
        filters=ExceptionFilters, crumbs=[READINGS] if of else [],
        empty=Empty("No reading waits for a decision.", good=True),
    )  # fmt: skip


@needs("reads.decide", "metering.view")
def exception(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The curve with its neighbours and last year, the rule in words, what would be estimated, and the decision."""
    found = load_exception(request, pk)
    shown = with_both(seen(found))
    register = found.channel.is_register
    panels = [] if register else [
        Panel("curve", "Readings", "desk/readings/curve.html", lambda: {"plot": curve.plot(shown)}),
    ]  # fmt: skip
    panels += [
        Panel("decided", "Decided before", "ui/tables/grid.html", lambda: {"grid": _decided(request, found)}),
        Panel("rule", "Why it waits", "desk/readings/rule.html", lambda: {"facts": _facts(request, shown)}, "side"),
    ]
    if found.is_open and not register:
        panels.append(
            Panel("proposal", "If it is estimated", PROPOSAL, lambda: curve.proposal(shown), place="side")
        )  # fmt: skip
        panels.append(
            Panel("scores", "How estimates fared here", "desk/accounts/facts.html",
                  lambda: {"facts": _scores(found.channel_id)}, place="side")
        )  # fmt: skip
    return page(
        request,
        title=f"{shown.rule.label}, {day(found.day, visit(request).on)}",
        crumbs=[READINGS],
        badges=[_badge(found)],
        meta=[f"Meter {found.channel.meter.badge}", found.channel.name],
        alerts=[Alert(Level.WATCH, shown.rule.label, str(found.message))] if found.is_open else [],
        actions=[*_acts(found), *_alike(found)] if found.is_open else [],
        panels=panels,
    )


def _acts(found: IntervalException) -> list[Action]:
    twice = bool(came_again(found))
    acts = [
        ("Keep the stored" if twice else "As read", "do-accept", "a", True),
        *([("Take the new", "do-renew", "n", False)] if twice else []),
        ("Estimate", "do-estimate", "e", False),
        ("Enter values", "do-edit", "v", False),
    ]
    return [
        Action(label, reverse(f"desk:{name}", args=[found.pk]), key=key, primary=primary)
        for label, name, key, primary in acts
        if not (found.channel.is_register and name == "do-estimate")
    ]


def _alike(found: IntervalException) -> list[Action]:
    """A stretch of the same matter is decided at once."""
    if found.channel.is_register or alike_to(found).count() < MANY:
        return []
    return [Action("All alike", reverse("desk:do-alike", args=[found.pk]), key="l")]


def _badge(found: IntervalException) -> Badge:
    if not found.is_open:
        return Badge(found.get_state_display(), Tone.GOOD)
    severity = Severity(found.severity)
    return Badge(SEVERITIES[severity], TONES[severity])


def _facts(request: HttpRequest, shown: Seen) -> list[Fact]:
    found, on = shown.exception, visit(request).on
    account = Account.objects.filter(pk=found.account or 0).annotate(customer=customer_of("pk")).first()
    meter = found.channel.meter.badge
    facts = [Fact("Rule", shown.rule.says or shown.rule.label)]
    measured, threshold = ("First new", "First stored") if came_again(found) else ("Found", "Limit")
    facts += [Fact(measured, shown.rule.measured)] if shown.rule.measured else []
    facts += [Fact(threshold, shown.rule.threshold)] if shown.rule.threshold else []
    facts += [
        Fact("From", moment(found.span.start, on)),
        Fact("Intervals", f"{found.slots:,}"),
        Fact("Meter", meter, Link("Open", reverse("desk:meter", args=[meter]))),
    ]
    if account:
        link = Link("Open", reverse("desk:account", args=[account.number]))
        facts.append(Fact("Account", f"{account.customer}, {account.number}", link))
    if found.imported and "reads.import" in permissions(request):
        facts.append(Fact("File", found.imported.name, Link("Open", reverse("desk:import", args=[found.imported.pk]))))
    if not found.is_open:
        when = f"{moment(found.decided_at, on)} by " if found.decided_at else ""
        facts += [
            Fact("Decided", f"{when}{name_of(found.decided_by)}"),
            *([Fact("Why", str(found.remark))] if found.remark else []),
        ]
    return facts


def _scores(channel: int) -> list[Fact]:
    """The best way to fill a gap of each length, by what was hidden from the channel's own readings and guessed."""
    best = [one for one in scores_of(channel) if one.best]
    if not best:
        return [Fact("Tried", "not yet: it takes some weeks of readings")]
    return [
        Fact(
            f"Up to {one.hours} hours",
            f"{WAYS.get(one.method, one.method)}: {one.error}% off, nine of ten within {one.band}%",
        )
        for one in best
    ]


def _decided(request: HttpRequest, found: IntervalException) -> Any:
    rows: QuerySet[Any] = decided_exceptions(channel=found.channel_id).annotate(by_name=named("decided_by"))
    empty = Empty("Nothing was decided about this channel before.")
    return grid(request, table=Decided, rows=rows, caption="Decided before", name="decided", empty=empty, per_page=10)
