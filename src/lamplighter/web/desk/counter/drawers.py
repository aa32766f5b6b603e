"""Which drawer is whose, and what it should hold."""

from __future__ import annotations

from django.http import HttpRequest

from lamplighter.payments.models import TenderControl, TenderSource
from lamplighter.payments.queries import expected_in
from lamplighter.platform.models import User
from lamplighter.web.access import actor
from lamplighter.web.ui.parts import Badge, Tone
from lamplighter.web.ui.shell import chip
from lamplighter.web.visits import Visit

COUNTER = "/desk/counter/"


def own_drawer(request: HttpRequest) -> TenderControl | None:
    """The drawer that this person opened and has not handed in."""
    return _open_of(str(actor(request)))


def counting_drawer(request: HttpRequest) -> TenderControl | None:
    """The drawer that this person has counted and nobody has verified yet."""
    rows = TenderControl.objects.filter(opened_by=str(actor(request)), state=TenderControl.State.BALANCING)
    found = rows.filter(source__kind=TenderSource.Kind.DRAWER).select_related("source")
    return found.order_by("-opened_at").first()


def closed_drawers() -> list[TenderSource]:
    """Drawers that nobody has open."""
    busy = TenderControl.objects.exclude(state=TenderControl.State.BALANCED).values("source")
    return list(TenderSource.objects.filter(kind=TenderSource.Kind.DRAWER).exclude(pk__in=busy).order_by("key"))


def drawer_badge(control: TenderControl) -> Badge:
    """`Drawer 2 open · $260.00`: what it should hold in cash."""
    return Badge(f"{control.source.name} open · {expected_in(control)['cash']}", Tone.GOOD, COUNTER)


@chip
def drawer_chip(visit: Visit) -> Badge | None:
    """The state of one's drawer in the top bar, for those who take payments."""
    if not isinstance(visit.user, User) or "payments.take" not in visit.permissions:
        return None
    control = _open_of(str(visit.user.actor))
    return drawer_badge(control) if control else Badge("No drawer open", Tone.PLAIN, COUNTER)


def _open_of(actor: str) -> TenderControl | None:
    rows = TenderControl.objects.filter(opened_by=actor, state=TenderControl.State.OPEN).select_related("source")
    return rows.filter(source__kind=TenderSource.Kind.DRAWER).order_by("-opened_at").first()
