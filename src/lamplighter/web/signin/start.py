"""Where `/` leads: to one's first page, to the demo's cards, or to sign-in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from lamplighter.platform.models import User
from lamplighter.web.access import public
from lamplighter.web.ui.rail import open_areas
from lamplighter.web.visits import Visit, visit

PORTAL_HOME = "portal:home"


@public
def start(request: HttpRequest) -> HttpResponse:
    asking = visit(request)
    if asking.user is None:
        return HttpResponseRedirect(reverse("demo" if settings.DEMO else "account_login"))
    return HttpResponseRedirect(first_page(asking))


def first_page(asking: Visit) -> str:
    """The first place on a person's rail; a customer's portal; else their preferences."""
    assert asking.user is not None
    areas = open_areas(asking.permissions)
    if areas:
        return areas[0].url
    at_home = asking.user.kind == User.Kind.CUSTOMER and has_pages(asking.user.kind)
    return reverse(PORTAL_HOME if at_home else "preferences")


def has_pages(kind: str) -> bool:
    """Whether a login of this kind leads to more than its preferences: without a portal, a customer's does not."""
    try:
        return kind != User.Kind.CUSTOMER or bool(reverse(PORTAL_HOME))
    except NoReverseMatch:
        return False
