"""Rebates of key accounts: those of the portfolio, and an organisation's with what each of its accounts may have."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponseBase

from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.portfolio import accounts_of, services_of
from lamplighter.rebates.queries.standing import rebates
from lamplighter.web.access import needs
from lamplighter.web.desk.rebates.showing import asked_shown, offers_shown
from lamplighter.web.desk.rebates.tables import ByState, Rebates
from lamplighter.web.key.loading import TODAY, heading, load_organisation
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Empty
from lamplighter.web.ui.tables import table_page

GRID = "ui/tables/grid.html"


@needs("keyaccounts.view", "rebates.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """What the organisations of the portfolio asked for, and whom each waits for."""
    organisations = list(Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER))
    accounts = [account for several in accounts_of(organisations).values() for account in several]
    return table_page(
        request, title="Rebates of key accounts", table=Rebates, filters=ByState, crumbs=[TODAY],
        rows=rebates().filter(account__in=accounts).annotate(customer=customer_of("account")),
        empty=Empty("No key account asked for a rebate yet. Ask for one on its Rebates page, or from a what-if."),
    )  # fmt: skip


@needs("keyaccounts.view", "accounts.view", "rebates.view")
def of_organisation(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What its accounts asked for, and what each may have today."""
    organisation = load_organisation(slug)
    above = heading(request, organisation, "key:account-rebates")
    above.pop("found")
    accounts = list({one.account_id: one.account for one in services_of(organisation)}.values())
    return page(request, **above, panels=[
        Panel("rebates", "Rebates asked for", GRID,
              lambda: asked_shown(request, [one.pk for one in accounts])),
        *(Panel(f"offers-{one.pk}", f"What account {one.number} may have today", GRID,
                partial(offers_shown, request, one)) for one in accounts),
    ])  # fmt: skip
