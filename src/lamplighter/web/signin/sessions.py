"""Sessions that slide: work extends them, and the page knows how long they last."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lamplighter.web.access import signed_in

RENEWED = "renewed_at"  # in the session: the second at which its full age began
RENEW_EVERY = 300  # seconds; a session is written at most this often
WATCHING = "X-Watching"  # a page that asks by itself: nobody works, so it keeps no session alive


class Sliding:
    """Middleware: `request.session_seconds` and the header `Session-Seconds` tell what is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        left = _left(request) if request.headers.get(WATCHING) else _renew(request, every=RENEW_EVERY)
        request.session_seconds = left  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Session-Seconds", str(left))
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


@require_POST
@signed_in
def keep(request: HttpRequest) -> HttpResponse:
    """Somebody answered that they are still there."""
    return HttpResponse(status=204, headers={"Session-Seconds": str(_renew(request, every=0))})


def _left(request: HttpRequest) -> int:
    now = int(timezone.now().timestamp())
    return settings.SESSION_COOKIE_AGE - (now - int(request.session.get(RENEWED, now)))


def _renew(request: HttpRequest, *, every: int) -> int:
    """Begin the session's full age anew if that is due; the seconds that it now lasts."""
    now = int(timezone.now().timestamp())
    renewed = int(request.session.get(RENEWED, 0))
    if now - renewed >= every:
        request.session[RENEWED] = renewed = now
    return settings.SESSION_COOKIE_AGE - (now - renewed)
