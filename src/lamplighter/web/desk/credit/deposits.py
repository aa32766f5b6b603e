"""Credit and deposit of an account: internal points, what the policy says and why; what is held, how and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import DepositDecision, Security
from lamplighter.credit.queries.deposits import Standing, interest_in, newest_report, securities_on, standing_of
from lamplighter.credit.queries.deposits import main_person as person_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.naming import name_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.wording import day, short_day
from lamplighter.web.visits import visit

TEMPLATE = "desk/credit/standing.html"


@needs("accounts.view", "credit.view")
def credit(request: HttpRequest, number: str) -> HttpResponseBase:
    """What decides on a deposit, and what became of it."""
    known = known_account(request, number)
    account, may = known.account, permissions(request)
    standing = cache(lambda: standing_of(account, on=visit(request).on))
    acts = []
    if {"credit.work", "credit.decide"} & may:
        acts.append(Action("Decide", reverse("desk:do-decide-deposit", args=[number]), key="d", primary=True))
    if "credit.work" in may and settings.BUREAU_URL:
        acts.append(Action("Ask the bureau", reverse("desk:do-bureau", args=[number]), key="b"))
    if "adjustments.ask" in may:
        acts.append(Action("Deposit by hand", reverse("desk:do-deposit", args=[number]), key="h"))
    shown = heading(request, known, "desk:account-credit") | {"actions": acts}
    return page(
        request, **shown,
        panels=[
            Panel("policy", "What the policy says", "desk/credit/policy.html", lambda: _policy(standing()), lazy=True),
            Panel("points", "Credit points", TEMPLATE, lambda: _points(standing(), request), lazy=True),
            Panel("deposit", "Deposit", TEMPLATE, lambda: _deposit(account, request), place="side"),
            Panel("report", "Credit report", TEMPLATE, lambda: _report(account, standing(), request), place="side",
                  lazy=True),
        ],
    )  # fmt: skip


def _policy(standing: Standing) -> Mapping[str, Any]:
    found = standing.recommendation
    facts = [
        Fact("Asks for", found.amount),
        Fact("A bill of a month", f"{standing.facts.average}, {standing.facts.of}"),
        Fact("Known for", f"{standing.facts.months} months"),
        Fact("Policy", standing.terms.citation),
    ]
    badges = {True: Badge("Asks", Tone.WATCH), False: Badge("Says", Tone.PLAIN)}
    lines = [f"{one.words} ({one.cites})" for one in found.reasons]
    return {"facts": facts, "reasons": list(zip((badges[one.asks] for one in found.reasons), lines, strict=True))}


def _points(standing: Standing, request: HttpRequest) -> Mapping[str, Any]:
    on, counted = visit(request).on, sum(one.points for one in standing.facts.points)
    entries = [
        Entry(one.on, Badge(str(one.points), Tone.WATCH), f"{one.mark.label}, account {one.account}",
              f"Counts until {day(one.ends_on, on)}")
        for one in standing.facts.points
    ]  # fmt: skip
    facts = [Fact("Together", f"{counted}; a deposit from {standing.terms.points_from}")]
    return {"facts": facts, "entries": entries, "empty": Empty("No point counts.", good=True)}


def _deposit(account: Account, request: HttpRequest) -> Mapping[str, Any]:
    on, stands = visit(request).on, deposit_of(account)
    facts = [
        Fact("Held", stands.held), Fact("Interest in it", interest_in(account)),
        Fact("Asked for, not paid", stands.asked),
    ] if stands else [Fact("Held", "Nothing")]  # fmt: skip
    facts += [_vouched(account, one, request) for one in securities_on(account, on=on)]
    decisions = DepositDecision.objects.filter(account=account).prefetch_related("parts").select_related("remark")
    entries = [entry for one in decisions.order_by("-pk") for entry in _decided(one, request)]
    return {"facts": facts, "entries": entries, "empty": Empty("Nothing was decided yet.")}


def _vouched(account: Account, one: Security, request: HttpRequest) -> Fact:
    ends = "credit.decide" in permissions(request) and one.ended_at is None
    until = f", until {short_day(one.period.closed_end, visit(request).on)}" if one.ended_at else ""
    url = reverse("desk:do-end-security", args=[account.number, one.pk])
    words = f"{one.amount}, {one.guarantor or one.reference}{until}"
    return Fact(one.get_form_display(), words, Link("Release", url, panel=True) if ends else None)


def _decided(one: DepositDecision, request: HttpRequest) -> list[Entry]:
    on = visit(request).on
    told = Entry(
        one.decided_at, Badge(one.get_occasion_display(), Tone.NOTICE),
        f"{one.amount} of {one.recommended}: {one.get_form_display().lower()}",
        f"{name_of(one.decided_by)}. {one.remark or ''}".strip(),
    )  # fmt: skip
    parts = [
        Entry(part.due_on, _state(part.asked_id is not None, part.dropped_on is not None),
              f"{part.amount} due {short_day(part.due_on, on)}")
        for part in sorted(one.parts.all(), key=lambda part: part.place)
    ]  # fmt: skip
    return [told, *parts]


def _state(asked: bool, dropped: bool) -> Badge:  # noqa: FBT001 - two facts of a row
    if dropped:
        return Badge("Dropped", Tone.PLAIN)
    return Badge("Asked for", Tone.NOTICE) if asked else Badge("Later", Tone.PLAIN)


def _report(account: Account, standing: Standing, request: HttpRequest) -> Mapping[str, Any]:
    """The newest answer; who sees it works on credit."""
    person = person_of(account)
    found = newest_report(person, on=visit(request).on) if person else None
    if found is None:
        words = "None is fresh enough." if settings.BUREAU_URL else "No bureau is set up: own records decide."
        return {"facts": [], "empty": Empty(words)}
    asked = standing.terms.score_from
    facts = [
        Fact("Score", f"{found.score} of {found.lowest} to {found.highest}" if found.score else "Not known to it"),
        Fact("A deposit under", asked if asked is not None else "no score: none is asked"),
        Fact("Bureau", f"{found.bureau}, {found.phone}"),
        Fact("Asked", f"{short_day(found.asked_at.date(), visit(request).on)}, {found.get_consent_display().lower()}"),
        *[Fact("Because", factor) for factor in found.factors],
    ]
    return {"facts": facts, "entries": [], "empty": None}
