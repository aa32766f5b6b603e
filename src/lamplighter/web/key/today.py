"""Who needs me today: peaks set yesterday, steps and contacts due, promises, contracts near their ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lamplighter.keyaccounts.models import Issue, Step
from lamplighter.keyaccounts.operations.relations import finish_step
from lamplighter.keyaccounts.queries.portfolio import Known, due_within, portfolio
from lamplighter.keyaccounts.queries.today import NewPeak, alarms, issues_of, new_peaks, renewals, steps_due
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.announcing.views import coming
from lamplighter.web.key.outreach.leads import material_shown
from lamplighter.web.key.steps import steps_shown
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Empty, Entry, Link, Tone
from lamplighter.web.ui.wording import clock, day, due
from lamplighter.web.visits import visit

ENTRIES = "key/entries.html"


@needs("keyaccounts.view")
def today(request: HttpRequest) -> HttpResponseBase:
    """What is due comes first; peaks are looked for in the meters while one reads."""
    user, on = _user(request), visit(request).on
    mine = portfolio(on=on, user=user) or portfolio(on=on)
    may = "keyaccounts.work" in permissions(request)
    return page(
        request, title="Who needs me today", meta=[f"{len(mine)} accounts", day(on)],
        actions=[Action("Log a contact", reverse("key:do-log-any"), key="l", primary=True)] if may else [],
        panels=[
            Panel("steps", "Next steps", "key/steps.html", lambda: steps_shown(request, list(steps_due(user, on=on)))),
            Panel("peaks", "Peaks set yesterday", ENTRIES, lambda: _peaks(new_peaks(mine, on=on)), lazy=True),
            Panel("material", "Material to send", ENTRIES, lambda: material_shown(request), "side"),
            Panel("issues", "Promised", ENTRIES, lambda: issues_shown(request, list(issues_of(user)))),
            Panel("announced", "Announced work and changes", ENTRIES, lambda: coming(request), "side"),
            Panel("contracts", "Contracts near their end", ENTRIES, lambda: _contracts(request, mine), "side"),
            Panel("touches", "Contacts due", ENTRIES, lambda: _touches(request, mine), "side"),
            Panel("renewals", "Memberships to renew", ENTRIES, lambda: _renewals(request), "side"),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
@require_POST
def step_done(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It is done: from a list, with one press."""
    found = get_object_or_404(Step, pk=pk)
    with unit_of_work(actor(request)):
        finish_step(step=found, by=actor(request), at=visit(request).at)
    messages.success(request, "Done.")
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else reverse("key:today"), status=303)


def issues_shown(request: HttpRequest, issues: Sequence[Issue]) -> Mapping[str, Any]:
    on = visit(request).on
    entries = [
        Entry(
            issue.promised_on,
            Badge("Late", Tone.BAD) if issue.promised_on < on and issue.closed_at is None
            else Badge("Closed", Tone.PLAIN) if issue.closed_at else Badge(issue.get_about_display(), Tone.NOTICE),
            str(issue.words),
            " · ".join(filter(None, [
                str(issue.organisation or f"Account {issue.account}"),
                issue.owner.name if issue.owner else "nobody has taken it",
                issue.get_outcome_display() if issue.closed_at else f"promised for {day(issue.promised_on)}",
            ])),
            Link(f"Issue {issue.number}", reverse("key:issue", args=[issue.number])),
        )
        for issue in issues
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("No promise is open.", good=True)}


def _peaks(peaks: Sequence[NewPeak]) -> Mapping[str, Any]:
    return {"entries": [_peak(one) for one in peaks],
            "empty": Empty("No account set a new peak yesterday.", good=True)}  # fmt: skip


def _peak(peak: NewPeak) -> Entry:
    local = peak.at
    words = f"{peak.known.name}: {peak.kw:,.0f} kW at {clock(local)}, the highest since the last bill"
    detail = f"Before it {peak.before:,.0f} kW · {peak.agreement.premise.address if peak.agreement.premise else ''}"
    if peak.limit is not None:
        detail += f" · its rate is meant for less than {peak.limit:,.0f} kW"
    url = f"{reverse('key:load', args=[peak.known.organisation.slug])}?service={peak.agreement.pk}#panel-peaks"
    return Entry(local, Badge("Rate limit", Tone.WATCH) if peak.limit is not None else Badge("Peak", Tone.METER), words,
                 detail, Link("Explain it", url))  # fmt: skip


def _contracts(request: HttpRequest, mine: Sequence[Known]) -> Mapping[str, Any]:
    on = visit(request).on
    entries = [
        Entry(
            one.contract.period.closed_end,
            Badge(f"{one.months} months", Tone.BAD if one.months == 6 else Tone.WATCH),
            f"{one.contract.organisation}: {one.contract.name} ends {due(one.contract.period.closed_end, on)}",
            f"{one.contract.code} · {one.contract.approval}",
            Link("Open", reverse("key:contract", args=[one.contract.code])),
        )
        for one in alarms(mine, on=on)
    ]
    return {"entries": entries, "empty": Empty("No contract ends within 18 months.")}


def _touches(request: HttpRequest, mine: Sequence[Known]) -> Mapping[str, Any]:
    on = visit(request).on
    entries = [
        Entry(
            one.next_touch, Badge(f"Tier {one.tier.name}", Tone.INFO), one.name,
            f"Last contact {day(one.relation.last_touch)}" if one.relation.last_touch else "No contact was ever noted",
            Link("Open", reverse("key:account", args=[one.organisation.slug])),
        )
        for one in due_within(mine, on=on, days=7)
    ]  # fmt: skip
    return {"entries": entries[:8], "empty": Empty("Everybody heard from us in time.", good=True)}


def _renewals(request: HttpRequest) -> Mapping[str, Any]:
    entries = [
        Entry(one.renew_on, Badge("Renew", Tone.NOTICE), str(one.organisation), f"For us: {one.user.name}",
              Link("Open", reverse("key:account", args=[one.organisation.slug])))
        for one in renewals(on=visit(request).on)
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("None within 60 days.")}


def _user(request: HttpRequest) -> User:
    user = visit(request).user
    assert user is not None, "the guard lets nobody in who is not signed in"
    return user
