"""What a head-end posts: a message in its protocol, or a file of readings. Whoever calls proves who it is."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lamplighter.formats.network.messages import Fault
from lamplighter.formats.refusals import Unreadable
from lamplighter.journeys.commanding import NotProven, known_caller, receive
from lamplighter.journeys.delivering import take_file
from lamplighter.kernel.actors import system
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public

logger = logging.getLogger(__name__)
XML = "text/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


@csrf_exempt
@require_POST
@public
def message(request: HttpRequest) -> HttpResponse:
    """A notification, answered in its own protocol. 401 who does not prove itself, 400 what nobody understands."""
    at = timezone.now()
    try:
        head_end, call, heard = receive(
            body=request.body, authorization=request.headers.get("Authorization", ""), by=system("network"), at=at
        )
    except NotProven as refused:
        return _refused(str(refused), 401)
    except Unreadable as strange:
        return _refused(str(strange), 400)
    faults = [Fault("This meter is not known here.", badge) for badge in heard.unknown]
    logger.info("%s: %s, %d said", head_end.key, call.operation, len(call.notice.said))
    return HttpResponse(call.answer(faults, at=at), content_type=XML)


@csrf_exempt
@require_POST
@public
def file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of readings: kept by its content, and taken in soon. The same file sent again changes nothing."""
    try:
        head_end = known_caller(b"", request.headers.get("Authorization", "") or "Basic Og==")
    except NotProven as refused:
        return _refused(str(refused), 401)
    if not request.body:
        return _refused("The file is empty.", 400)
    by = system("network")
    with unit_of_work(by):
        kept = take_file(head_end=head_end, name=name, content=request.body, by=by, at=timezone.now())
    return HttpResponse(f"taken as {kept.pk}\n", status=202, content_type=PLAIN)


def _refused(words: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{words}\n", status=status, content_type=PLAIN)
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="meter network"'
    return response
