"""The lists of closed accounts that owe, of agencies, and the page of one agency with its debts and files."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.credit.models import Agency, AgencyFile, Referral
from lamplighter.journeys.placing import untold
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.closed.rows import agency_rows, closed_rows
from lamplighter.web.desk.closed.tables import Agencies, ClosedAccounts, Files, Referrals
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.visits import visit

CLOSED = Crumb("Closed accounts", "/desk/closed/")
AGENCIES = Crumb("Agencies", "/desk/agencies/")
GRID = "ui/tables/grid.html"


@needs("credit.view", "accounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Who has no service any more and still owes."""
    return table_page(
        request, title="Closed accounts", table=ClosedAccounts, rows=closed_rows(on=visit(request).on),
        empty=Empty("Nobody without service owes anything.", good=True),
        actions=[
            Action("Agencies", reverse("desk:agencies"), key="g", panel=False),
            Action("Credit bureaus", reverse("desk:bureaus"), key="u", panel=False),
        ],
    )  # fmt: skip


@needs("credit.view")
def agencies(request: HttpRequest) -> HttpResponseBase:
    acts = [Action("Add an agency", reverse("desk:do-add-agency"), key="n")]
    return table_page(
        request, title="Collection agencies", table=Agencies, rows=agency_rows(on=visit(request).on), crumbs=[CLOSED],
        empty=Empty("No agency yet."), actions=acts if "credit.decide" in permissions(request) else [],
    )  # fmt: skip


@needs("credit.view")
def agency(request: HttpRequest, key: str) -> HttpResponseBase:
    """One agency: its debts, the files to and from it, and how much it was not told yet."""
    found = load_agency(key)
    news = untold(found)
    acts = [
        Action("Write its file", reverse("desk:do-agency-file", args=[key]), key="f", primary=bool(news)),
        Action("Take in its file", reverse("desk:do-agency-payments", args=[key]), key="i"),
    ]
    debts = Referral.objects.filter(agency=found).select_related("write_off__account").order_by("-pk")
    files = AgencyFile.objects.filter(agency=found).select_related("file").order_by("-pk")
    return page(
        request, title=found.name, crumbs=[CLOSED, AGENCIES],
        meta=[f"Keeps {found.fee_percent} % of what it collects", f"{len(news)} to tell"],
        actions=acts if "credit.work" in permissions(request) else [],
        panels=[
            Panel("debts", "Debts", GRID, lambda: {"grid": grid(
                request, table=Referrals, rows=debts, caption="Debts", name="debts",
                empty=Empty("It has no debt of ours."))}),
            Panel("files", "Files", GRID, lambda: {"grid": grid(
                request, table=Files, rows=files, caption="Files", name="files", empty=Empty("No file yet."))}),
        ],
    )  # fmt: skip


@needs("credit.view", "accounts.view")
def file(_request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """A file as it was sent or came."""
    found = AgencyFile.objects.filter(agency=load_agency(key), pk=pk).select_related("file").first()
    if found is None or not path_of(found.file_id).exists():
        raise Http404("There is no such file.")
    response = FileResponse(path_of(found.file_id).open("rb"), as_attachment=True, filename=found.file.name,
                            content_type="text/csv; charset=utf-8")  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def load_agency(key: str) -> Agency:
    found = Agency.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such agency.")
    return found
