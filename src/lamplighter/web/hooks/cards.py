"""What the card processor tells, signed: believed only with our secret, within five minutes of its signing."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lamplighter.journeys.carding import Told, hear, untold
from lamplighter.kernel.actors import system
from lamplighter.payments.cards.processor import CannotReach
from lamplighter.payments.cards.signing import NotGenuine, check
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public
from lamplighter.web.pay.processors import processor
from lamplighter.web.visits import visit

PROCESSOR = system("card-processor")
MOST_BYTES = 64 << 10


@public
@csrf_exempt
@require_POST
def cards(request: HttpRequest) -> HttpResponse:
    """Taken in once by the event's own number; 503 asks the processor to tell it again later."""
    if len(request.body) > MOST_BYTES:
        return _answer(413, "An event has no more than 64 KB.")
    seen = visit(request)
    try:
        check(request.body, request.headers.get("Card-Signature", ""), settings.CARDS_SECRET, at=seen.at)
        told = Told.read(json.loads(request.body))
    except NotGenuine as why:
        return _answer(403, str(why))
    except ValueError as wrong:
        return _answer(400, str(wrong))
    try:
        before = untold(told, processor())
    except CannotReach as lost:
        return _answer(503, str(lost))
    with unit_of_work(PROCESSOR):
        outcome = hear(told=told, before=before, on=seen.on, by=PROCESSOR, at=seen.at)
    return _answer(200, outcome)


def _answer(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
