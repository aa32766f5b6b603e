"""Cases of unauthorized use, places where power is used and nobody has service, and the page of one case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import AccountRole
from lamplighter.credit.models import Investigation
from lamplighter.credit.queries.unauthorized import unclaimed
from lamplighter.credit.rules.unauthorized import Act, Sign, next_act
from lamplighter.web.access import needs, permissions
from lamplighter.web.loading import load_account, note_access
from lamplighter.web.naming import name_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, Table, grid
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

CASES = Crumb("Unauthorized use", "/desk/unauthorized/")
GRID, ENTRIES = "ui/tables/grid.html", "desk/credit/standing.html"
TONES = {"Open": Tone.WATCH, "Billed": Tone.GOOD, "Nothing was wrong": Tone.PLAIN, "Nobody was found": Tone.PLAIN,
         "Given to the authorities": Tone.INFO}  # fmt: skip


class Cases(Table):
    """Cases, the open ones first."""

    opened_on = DayColumn("Since")
    place = Column("Place", accessor="point__premise__address", orderable=False)
    account = Column("Account", accessor="account__number", default="nobody's")
    source = Column("From", accessor="get_source_display", order_by="source")
    state = BadgeColumn("State", accessor="get_outcome_display", order_by="outcome", tones=TONES, default="Open")

    def row_url(self, record: Any) -> str:
        return reverse("desk:investigation", args=[record.pk])


def cases(request: HttpRequest) -> QuerySet[Investigation]:
    """All but those on accounts on which the reader stands."""
    seen = visit(request)
    own = AccountRole.objects.filter(account=OuterRef("account"), person__login=seen.user, period__contains=seen.on)
    rows = Investigation.objects.exclude(Exists(own)) if seen.user is not None else Investigation.objects.all()
    return rows.select_related("point__premise", "account").order_by("outcome", "-pk")


@needs("credit.view", "metering.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every case; and what the meters say of places without an account."""
    return page(
        request, title="Unauthorized use",
        panels=[
            Panel("cases", "Cases", GRID, lambda: {"grid": grid(
                request, table=Cases, rows=cases(request), caption="Cases", empty=Empty("No case yet.", good=True))}),
            Panel("unclaimed", "Use without an account", ENTRIES, lambda: _unclaimed(request), lazy=True),
        ],
    )  # fmt: skip


@needs("credit.view", "metering.view")
def investigation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One case: what meter data said, what was done, and what comes next. It is a suspicion: who reads it is kept."""
    case = load_case(request, pk, to="credit.view")
    note_access(request, case.subject, "credit.view")
    done = list(case.steps.values_list("act", flat=True))
    following = next_act(done, person=case.account_id is not None)
    return page(
        request, title=case.point.premise.address, crumbs=[CASES],
        badges=[Badge(case.get_outcome_display() or "Open", TONES[case.get_outcome_display() or "Open"])],
        meta=[f"Opened {day(case.opened_on, visit(request).on)}", case.get_source_display(),
              f"Account {case.account}" if case.account else "Nobody's account"],
        actions=_acts(request, case, following),
        panels=[
            Panel("signs", "What the meter says", ENTRIES, lambda: _signs(case)),
            Panel("steps", "What was done", ENTRIES, lambda: _steps(case)),
            Panel("about", "Place", "desk/places/facts.html", lambda: {"facts": _about(case, following)}, place="side"),
        ],
    )  # fmt: skip


def load_case(request: HttpRequest, pk: int, *, to: str) -> Investigation:
    """Nobody works on a case against themselves, nor reads it."""
    found = Investigation.objects.select_related("point__premise", "account").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such case.")
    if found.account is not None:
        load_account(request, found.account.number, to=to)
    return found


def _acts(request: HttpRequest, case: Investigation, following: Act) -> list[Action]:
    if case.closed_on is not None or "credit.work" not in permissions(request):
        return []
    names = (
        ("Safety and crew", "do-safety", "s", Act.SAFE), ("The crew was there", "do-visited", "v", Act.VISITED),
        ("Bill who used it", "do-bill-user", "b", Act.BILLED),
        ("Bill what was not measured", "do-bill-loss", "m", None),
        ("Charge damage", "do-restitution", "d", None), ("Close", "do-close-investigation", "c", Act.CLOSED),
    )  # fmt: skip
    return [
        Action(label, reverse(f"desk:{name}", args=[case.pk]), key=key, primary=act is following)
        for label, name, key, act in names
    ]


def _signs(case: Investigation) -> Mapping[str, Any]:
    """As they were when the case was opened."""
    entries = [
        Entry(case.opened_on, Badge(Sign(one["sign"]).label, Tone.WATCH), str(one["words"])) for one in case.signs
    ]
    return {"facts": [], "entries": entries, "empty": Empty("Meter data said nothing when the case was opened.")}


def _steps(case: Investigation) -> Mapping[str, Any]:
    entries = [
        Entry(step.at, Badge(Act(step.act).label, Tone.NOTICE),
              f"{step.amount}. {step.detail}" if step.amount is not None else step.detail or str(step.remark or ""),
              f"{name_of(step.by)}{f': {step.remark}' if step.remark and step.detail else ''}")
        for step in case.steps.select_related("remark").order_by("-pk")
    ]  # fmt: skip
    return {"facts": [], "entries": entries, "empty": None}


def _about(case: Investigation, following: Act) -> list[Fact]:
    premise = case.point.premise
    facts = [Fact("Place", premise.address, Link("Open", reverse("desk:premise", args=[premise.number])))]
    if case.account is not None:
        facts.append(Fact("Account", case.account.number,
                          Link("Open", reverse("desk:account", args=[case.account.number]))))  # fmt: skip
    return [*facts, Fact("Next", "Nothing: it is closed" if case.closed_on else following.label)]


def _unclaimed(request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    may = "credit.work" in permissions(request)
    entries = [
        Entry(on, Badge("No account", Tone.WATCH), one.point.premise.address, one.evidence.words,
              Link("Open a case", reverse("desk:do-report-use", args=[one.point.premise.number]), panel=True)
              if may else None)
        for one in unclaimed(on=on)
    ]  # fmt: skip
    return {"facts": [], "entries": entries, "empty": Empty("Nobody uses power without an account.", good=True)}
