"""Requirements of systems and change requests: all with their state and money, and one with its dated history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.cases.models import Requirement
from lamplighter.cases.operations.requirements import DECISIONS, NEXT
from lamplighter.web.access import actor, permissions, staff_only
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, Table, table_page
from lamplighter.web.ui.wording import day, money
from lamplighter.web.visits import visit

REQUIREMENTS = Crumb("Requirements", "/desk/requirements/")
State = Requirement.State
TONES = {
    State.RAISED.label: Tone.NOTICE, State.STUDIED.label: Tone.INFO, State.APPROVED.label: Tone.GOOD,
    State.DECLINED.label: Tone.BAD, State.BUILT.label: Tone.INFO, State.TESTED.label: Tone.INFO,
    State.LIVE.label: Tone.GOOD, State.WITHDRAWN.label: Tone.PLAIN,
}  # fmt: skip
VERBS = {
    State.STUDIED: "Study it", State.APPROVED: "Approve", State.DECLINED: "Decline", State.BUILT: "Is being built",
    State.TESTED: "Is being tested", State.LIVE: "Is in use", State.WITHDRAWN: "Withdraw", State.RAISED: "Raise again",
}  # fmt: skip


class Requirements(Table):
    """All of them, what is wanted soonest first."""

    number = Column("Number", order_by="id")
    title = Column("What")
    kind = Column("Kind", accessor="get_kind_display", order_by="kind")
    system = Column("System", accessor="get_system_display", order_by="system")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=TONES)
    cost = MoneyColumn("Cost")
    saving = MoneyColumn("Saves a year")
    owner = Column("Kept by", accessor="owner__name")
    wanted_on = DayColumn("Wanted by")

    def row_url(self, record: Any) -> str:
        return reverse("desk:requirement", args=[record.pk])


class RequirementFilters(django_filters.FilterSet):  # type: ignore[misc]
    system = django_filters.ChoiceFilter(label="System", empty_label="All systems", choices=Requirement.System.choices)
    state = django_filters.ChoiceFilter(label="State", empty_label="All states", choices=State.choices)

    class Meta:
        model = Requirement
        fields: tuple[str, ...] = ()


@staff_only
def listed(request: HttpRequest) -> HttpResponseBase:
    may = "policies.write" in permissions(request)
    return table_page(
        request, title="Requirements", table=Requirements, filters=RequirementFilters,
        rows=Requirement.objects.select_related("owner").order_by("wanted_on", "id"),
        actions=[Action("Raise a requirement", reverse("desk:do-raise-requirement"), key="a", primary=True)]
        if may else [],
        empty=Empty("Nothing is required of a system that it does not do."),
    )  # fmt: skip


@staff_only
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = load_requirement(pk)
    state = str(found.get_state_display())
    return page(
        request, title=found.title, number=found.number, crumbs=[REQUIREMENTS], badges=[Badge(state, TONES[state])],
        meta=[str(found.get_kind_display()), str(found.get_system_display()), f"Kept by {found.owner.name}"],
        actions=_actions(request, found),
        panels=[
            Panel("why", "Why", "desk/training/text.html",
                  lambda: {"text": str(found.reason)}),
            Panel("steps", "What became of it", "key/entries.html", lambda: _steps(found)),
            Panel("about", "Cost and benefit", "desk/accounts/facts.html", lambda: {"facts": _about(request, found)},
                  "side"),
        ],
    )  # fmt: skip


def load_requirement(pk: int) -> Requirement:
    found = Requirement.objects.filter(pk=pk).select_related("owner", "reason", "request").first()
    if found is None:
        raise Http404(f"There is no requirement RQ-{pk}.")
    return found


def wanted_for(to: str) -> str:
    """The permission that a step asks for."""
    return "policies.adopt" if to in DECISIONS else "policies.write"


def _actions(request: HttpRequest, found: Requirement) -> list[Action]:
    """The next steps that this person may take; nobody decides on their own."""
    may, own = permissions(request), actor(request) in {found.raised_by, found.owner.actor}
    return [
        Action(verb, reverse("desk:do-move-requirement", args=[found.pk, to.value]), primary=to == State.APPROVED)
        for to, verb in VERBS.items()
        if to in NEXT[found.state] and wanted_for(to) in may and not (own and to in DECISIONS)
    ]


def _about(request: HttpRequest, found: Requirement) -> list[Fact]:
    unknown = "not known yet"
    facts = [
        Fact("What it brings", found.benefit),
        Fact("Cost, once", money(found.cost) if found.cost else unknown),
        Fact("Saves, a year", money(found.saving) if found.saving else unknown),
    ]
    if found.cost and found.saving:
        facts.append(Fact("Pays back in", f"{found.cost.cents / found.saving.cents:.1f} years"))
    facts.append(Fact("Wanted by", day(found.wanted_on, visit(request).on)))
    if found.request is not None:
        asked = found.request
        link = Link("Open", reverse("desk:request", args=[asked.pk]))
        facts.append(Fact("Information technology", f"{asked.number}, {asked.get_state_display().lower()}", link))
    return facts


def _steps(found: Requirement) -> Mapping[str, Any]:
    steps = list(found.steps.select_related("remark").order_by("-id"))
    names = names_of(step.by for step in steps)
    entries = [
        Entry(step.at, Badge(str(step.get_state_display()), TONES[str(step.get_state_display())]),
              str(step.remark or "It was raised."), names[step.by])
        for step in steps
    ]  # fmt: skip
    return {"entries": entries}
