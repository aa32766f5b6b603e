"""What a list came to, with every line that could not be used and why: to be put right and sent again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.outreach.models import RefusedLine, TakenList
from lamplighter.web.access import needs
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import Done
from lamplighter.web.ui.parts import Crumb, Empty
from lamplighter.web.ui.tables import Column, NumberColumn, Table, table_page
from lamplighter.web.ui.wording import moment


class Refused(Table):
    line = NumberColumn("Line")
    said = Column("It said", orderable=False)
    why = Column("Why it can't be used", orderable=False)


@needs("keyaccounts.view")
def taken(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = TakenList.objects.filter(pk=pk).select_related("gathering").first()
    if found is None:
        raise Http404("No such list was taken in.")
    new = f"{found.new_people:,} people new to us" if found.gathering else ""
    crumb = (
        Crumb(found.gathering.name, reverse("key:event", args=[found.gathering.slug]))
        if found.gathering
        else Crumb("Sites and consent", reverse("key:sites"))
    )
    said = ", ".join(filter(None, [str(found), new]))
    return table_page(
        request, title="List taken in", crumbs=[crumb], table=Refused,
        rows=RefusedLine.objects.filter(taken=found).select_related("said", "why").order_by("line"),
        meta=[said, f"{name_of(found.taken_by)}, {moment(found.taken_at)}"],
        empty=Empty("Every line was used.", good=True),
    )  # fmt: skip


def done(pk: str) -> Done:
    """To what the list came to."""
    return Done("Taken in.", url=reverse("key:list", args=[pk]))
