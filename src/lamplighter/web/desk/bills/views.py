"""The page of one bill: what is due, and every line in words."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.models import Bill, Segment
from lamplighter.web.access import needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Badge, Crumb, Tile, Tone
from lamplighter.web.ui.wording import day


@needs("accounts.view", "billing.view")
def bill(request: HttpRequest, number: str, bill: str) -> HttpResponseBase:
    account = load_account(request, number, to="billing.view")
    found = Bill.objects.filter(account=account, number=bill).first()
    if found is None:
        raise Http404(f"Account {number} has no bill {bill}.")
    segments = list(found.segments.prefetch_related("lines").order_by("id"))
    tiles = [
        Tile("Previous bill", found.previous),
        Tile("Received", found.received),
        Tile("Charges", found.charges),
        Tile("Amount due", found.due, f"by {day(found.due_on)}"),
    ]
    panels = [Panel("sum", "", "desk/accounts/tiles.html", lambda: {"tiles": tiles}, place="top", frame=False)]
    panels += [_segment(segment) for segment in segments]
    kind = Badge(found.get_kind_display(), Tone.INFO)
    here = Crumb(number, reverse("desk:account", args=[number]))
    return page(request, title=f"Bill {found.number}", crumbs=[here], badges=[kind], panels=panels)


def _segment(segment: Segment) -> Panel:
    days = f"{segment.period.start:%b %-d} to {segment.period.last_day:%b %-d, %Y}"
    rows = {"segment": segment, "lines": list(segment.lines.all())}
    return Panel(f"segment-{segment.pk}", days, "desk/bills/lines.html", lambda: rows)
