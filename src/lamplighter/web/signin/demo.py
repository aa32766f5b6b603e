"""The demo's first page: one click signs in as a person of the demo utility. Off wherever real data is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from lamplighter.config.demo import DEMO_LOGINS
from lamplighter.platform.models import User
from lamplighter.web.access import public

BACKEND = "django.contrib.auth.backends.ModelBackend"


def only_in_the_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, **kwargs)

    return checked


@public
@only_in_the_demo
def cards(request: HttpRequest) -> HttpResponse:
    people = User.objects.in_bulk([one.username for one in DEMO_LOGINS], field_name="username")
    found = [(one, people[one.username]) for one in DEMO_LOGINS if one.username in people]
    passwords = any(person.has_usable_password() for _, person in found)
    context = {"title": "Who do you want to be?", "cards": found, "passwords": passwords}
    return render(request, "signin/demo.html", context)


@public
@require_POST
@only_in_the_demo
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as the person of a card; only those, whatever name is sent."""
    chosen = request.POST.get("username", "")
    if chosen not in {one.username for one in DEMO_LOGINS}:
        raise Http404
    login(request, get_object_or_404(User, username=chosen, is_active=True), backend=BACKEND)
    return HttpResponseRedirect("/", status=303)
