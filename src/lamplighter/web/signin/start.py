"""Where `/` leads: to one's first page, to the demo's cards, or to sign-in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lamplighter.web.access import public
from lamplighter.web.ui.rail import open_areas
from lamplighter.web.visits import Visit, visit


@public
def start(request: HttpRequest) -> HttpResponse:
    asking = visit(request)
    if asking.user is None:
        return HttpResponseRedirect(reverse("demo" if settings.DEMO else "account_login"))
    return HttpResponseRedirect(first_page(asking))


def first_page(asking: Visit) -> str:
    """The first place on a person's rail; without any, their preferences."""
    areas = open_areas(asking.permissions)
    return areas[0].url if areas else reverse("preferences")
