"""All applications, who is enrolled and whose enrollment ends soon; the page of one application with its papers."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.platform.queries.files import path_of
from lamplighter.programs.models import Application, Enrollment
from lamplighter.programs.queries.enrolled import ending
from lamplighter.programs.queries.reporting import SOON
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.programs.loading import load_application
from lamplighter.web.desk.programs.tables import (
    STATES,
    ApplicationFilters,
    Applications,
    EnrollmentFilters,
    Enrollments,
)
from lamplighter.web.loading import note_access
from lamplighter.web.naming import name_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Fact, Level, Link, Tab
from lamplighter.web.ui.tables import table_page
from lamplighter.web.ui.wording import day, moment
from lamplighter.web.visits import visit

PROGRAMS = Crumb("Programs", "/desk/programs/")
TABS = (("Applications", "desk:programs"), ("To recertify", "desk:recertify"), ("Enrolled", "desk:enrolled"))


@needs("programs.view")
def applications(request: HttpRequest) -> HttpResponseBase:
    rows = Application.objects.select_related("program", "account").order_by("-received_on", "-id")
    return table_page(
        request, title="Programs", table=Applications, rows=rows, filters=ApplicationFilters, tabs=_tabs(request),
        empty=Empty("Nobody has applied yet. Applications are taken on the account's page."),
    )  # fmt: skip


@needs("programs.view")
def recertify(request: HttpRequest) -> HttpResponseBase:
    """Those that end within 90 days and are not renewed, the soonest first."""
    return table_page(
        request, title="To recertify", table=Enrollments, rows=ending(on=visit(request).on, within=SOON),
        filters=EnrollmentFilters, tabs=_tabs(request), crumbs=[PROGRAMS],
        empty=Empty(f"No enrollment ends within {SOON} days.", good=True),
    )  # fmt: skip


@needs("programs.view")
def enrolled(request: HttpRequest) -> HttpResponseBase:
    rows = Enrollment.objects.filter(period__contains=visit(request).on).select_related("program", "account")
    return table_page(
        request, title="Enrolled", table=Enrollments, rows=rows.order_by("account__number"),
        filters=EnrollmentFilters, tabs=_tabs(request), crumbs=[PROGRAMS], empty=Empty("Nobody is enrolled."),
    )  # fmt: skip


@needs("accounts.view", "programs.view")
def application(request: HttpRequest, number: str) -> HttpResponseBase:
    """What a household said and showed, and what was decided. That it was read is recorded."""
    found = load_application(request, number, to="programs.view")
    note_access(request, found.subject, "programs.view")
    state = str(found.get_state_display())
    return page(
        request,
        title=f"{found.program.name}: application",
        number=found.number,
        crumbs=[PROGRAMS],
        badges=[Badge(state, STATES[state])],
        meta=[f"Account {found.account.number}", f"Received {day(found.received_on, visit(request).on)}"],
        alerts=[_standing(found, request)],
        actions=_actions(request, found),
        panels=[
            Panel("said", "What the household said", "desk/programs/facts.html", lambda: {"facts": _said(found)}),
            Panel("papers", "Papers", "desk/programs/papers.html", lambda: _papers(found, request)),
            Panel("decision", "Decision", "desk/programs/facts.html", lambda: {"facts": _decision(found, request)},
                  place="side"),
        ],
    )  # fmt: skip


@needs("accounts.view", "programs.view")
def paper(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """One paper, as it was sent."""
    found = load_application(request, number, to="programs.view")
    shown = found.papers.filter(file=key).select_related("file").first()
    if shown is None or not path_of(shown.file_id).exists():
        raise Http404("There is no such paper.")
    note_access(request, found.subject, "programs.view")
    response = FileResponse(path_of(shown.file_id).open("rb"), content_type=shown.file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _tabs(request: HttpRequest) -> list[Tab]:
    return [Tab(label, reverse(name), current=request.path == reverse(name)) for label, name in TABS]


def _standing(found: Application, request: HttpRequest) -> Alert:
    says = [line for line in str(found.reasons).splitlines() if line]
    match found.state:
        case Application.State.MISSING:
            assert found.papers_by
            by = f"By {day(found.papers_by, visit(request).on)}. The discount counts from the day they asked."
            return Alert(Level.WATCH, says[-1], by)
        case Application.State.APPROVED:
            enrollment = Enrollment.objects.get(application=found)
            return Alert(Level.KNOW, f"Approved: from {day(enrollment.period.start, visit(request).on)} to "
                                     f"{day(enrollment.period.last_day)}", " ".join(says))  # fmt: skip
        case Application.State.DENIED:
            return Alert(Level.STOP, "Denied", " ".join(says))
    return Alert(Level.KNOW, str(found.get_state_display()), "They can apply again at any time.")


def _actions(request: HttpRequest, found: Application) -> list[Action]:
    may, waits = permissions(request), found.state == Application.State.MISSING
    acts = [
        (waits, "programs.apply", Action("Add papers", _do("do-add-papers", found), key="a", primary=True)),
        (found.state in {"missing", "denied"}, "programs.work", Action("Decide otherwise", _do("do-decide", found))),
        (waits, "programs.apply", Action("Withdraw", _do("do-withdraw", found))),
    ]
    return [act for possible, permission, act in acts if possible and permission in may]


def _do(name: str, found: Application) -> str:
    return reverse(f"desk:{name}", args=[found.number])


def _said(found: Application) -> list[Fact]:
    household = found.household
    if household.erased_at:
        return [Fact("Household", "Erased by the retention schedule")]
    facts = [Fact("By", str(found.get_basis_display())), Fact("People in the household", household.size or 0)]
    if household.category:
        facts.append(Fact("Other program", household.category_label))
    if household.income is not None:
        fixed = ", fixed" if household.fixed else ""
        facts.append(Fact("Income of a year", f"{household.income}{fixed}"))
    return facts


def _papers(found: Application, request: HttpRequest) -> dict[str, Any]:
    rows = found.papers.select_related("file").order_by("pk")
    facts = [
        Fact(str(row.get_kind_display()), f"{row.file.name}, {moment(row.received_at, visit(request).on)}",
             Link("Open", reverse("desk:paper", args=[found.number, row.file_id])))
        for row in rows
    ]  # fmt: skip
    return {"facts": facts, "empty": Empty("Nothing was shown.")}


def _decision(found: Application, request: HttpRequest) -> list[Fact]:
    on = visit(request).on
    facts = [
        Fact("Account", found.account.number, Link("Open", reverse("desk:account", args=[found.account.number]))),
        Fact("Taken by", f"{name_of(found.received_by)}, {found.get_channel_display().lower()}"),
        Fact("They agreed", str(found.get_consent_display())),
    ]
    if found.decided_on and found.decided_by:
        facts.append(Fact("Decided", f"{day(found.decided_on, on)} by {name_of(found.decided_by)}"))
    if found.exception:
        facts.append(Fact("Decided otherwise", "Not as the terms say; the reason stands above."))
    return facts
