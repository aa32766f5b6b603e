"""The programs of an account: what it has, what it could have and what that would have saved it, and how to say so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.programs.models import Application, Enrollment
from lamplighter.programs.queries.enrolled import guideline_on
from lamplighter.programs.queries.offering import Possible, possible
from lamplighter.programs.rules.qualifying import CATEGORIES, Guideline, Terms, limit_of, people
from lamplighter.rebates.models import RebateApplication
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.desk.funds.showing import funds_beside
from lamplighter.web.desk.programs.showing import SIZES, application_url, apply_link, line, running
from lamplighter.web.desk.programs.tables import STATES
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Badge, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.wording import short_day
from lamplighter.web.visits import visit


@needs("accounts.view", "programs.view")
def programs(request: HttpRequest, number: str) -> HttpResponseBase:
    """Each program with its words and terms; then what was asked and had before."""
    known = known_account(request, number)
    account = known.account
    found = possible(running(account, request), on=visit(request).on)
    panels = [
        Panel(f"program-{one.program.code}-{one.agreement.pk}", one.program.name, "desk/programs/program.html",
              partial(_program, one, request))
        for one in found
    ] or [Panel("none", "Programs", "desk/accounts/empty.html",
                lambda: {"empty": Empty("The rates of this account have room for no program.")})]  # fmt: skip
    panels.append(
        Panel("past", "Applications and enrollments", "desk/programs/past.html", lambda: _past(account, request),
              place="side")
    )  # fmt: skip
    panels.append(
        Panel("funds", "Grants and gifts", "desk/programs/papers.html", lambda: funds_beside(account, request),
              place="side")
    )  # fmt: skip
    if "rebates.view" in permissions(request):
        panels.append(Panel("rebates", "Rebates", "desk/programs/papers.html", lambda: _rebates(account), place="side"))
    return page(request, **heading(request, known, "desk:account-programs"), panels=panels)


def _rebates(account: Account) -> Mapping[str, Any]:
    """What was asked for, and the way to what it may have."""
    asked = RebateApplication.objects.filter(account=account).select_related("entry__measure").order_by("-pk")
    facts = [
        Fact(row.entry.measure.name, f"{row.amount}: {row.stage.label.lower()}",
             Link("Open", reverse("desk:rebate", args=[row.number])))
        for row in asked[:6]
    ]  # fmt: skip
    offers = Link("What it may have", reverse("desk:account-rebates", args=[account.number]))
    return {"facts": [*facts, Fact("Offered today", "by the manual", offers)]}


def _program(one: Possible, request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    facts = [Fact("Stands", *line(one, request)), *_terms(one.terms, guideline_on(on=on))]
    return {"words": one.program.words, "badge": _badge(one), "facts": facts, "links": _links(one, request)}


def _links(one: Possible, request: HttpRequest) -> list[Link]:
    may, number = permissions(request), one.agreement.account.number
    apply = apply_link(one, request, "Recertify" if one.enrollment else "Apply")
    links = [apply] if apply and not one.waiting else []
    if one.open and "programs.apply" in may:
        links.append(
            Link("Write down their answer", reverse("desk:do-offer", args=[number, one.program.code]), panel=True)
        )
    if one.enrollment and "programs.work" in may:
        links.append(Link("End it", reverse("desk:do-end-enrollment", args=[one.enrollment.pk]), panel=True))
    return links


def _terms(terms: Terms, guideline: Guideline | None) -> list[Fact]:
    facts = [Fact("By", " · ".join(basis.label for basis in sorted(terms.bases, key=lambda each: each.label)))]
    if terms.categories:
        facts.append(Fact("Opened by", " · ".join(CATEGORIES[each] for each in sorted(terms.categories))))
    if terms.income_percent and guideline:
        limits = (f"{people(size)} {limit_of(terms, guideline, size)}" for size in SIZES)
        facts.append(Fact("Income of a year, up to", " · ".join(limits)))
    if terms.income_share is not None:
        facts.append(Fact("They pay", f"{terms.income_share.normalize():f}% of their income; the fund bears the rest"))
    months = f"{terms.months} months" + (f", {terms.fixed_months} with a fixed income" if terms.income_percent else "")
    return [*facts, Fact("Lasts", months), Fact("By resolution", terms.citation)]


def _badge(one: Possible) -> Badge:
    if one.waiting:
        return Badge("Papers missing", Tone.WATCH)
    return Badge("Enrolled", Tone.GOOD) if one.enrollment else Badge("Could have it", Tone.NOTICE)


def _past(account: Account, request: HttpRequest) -> Mapping[str, Any]:
    """Applications, and enrollments that came without one."""
    asked = Application.objects.filter(account=account).select_related("program").order_by("-received_on", "-pk")
    had = Enrollment.objects.filter(account=account, application__isnull=True).select_related("program")
    entries = [
        Entry(row.received_on, Badge(str(row.get_state_display()), STATES[str(row.get_state_display())]),
              row.program.name, f"Application {row.number}", Link("Open", application_url(row)))
        for row in asked
    ] + [
        Entry(row.period.start, Badge("Taken over", Tone.PLAIN), row.program.name,
              f"Until {short_day(row.period.last_day, visit(request).on)}")
        for row in had
    ]  # fmt: skip
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return {"entries": entries, "empty": Empty("Nothing was asked for yet.")}
