"""A link to AutoPay by card: what the customer agrees to, then the processor's page. Nobody signs in."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.accounts.queries import profile
from lamplighter.journeys.card_autopaying import PAGE, go_to_card_page
from lamplighter.kernel.actors import system
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.pages import page_words
from lamplighter.notices.rules.fields import Value
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.cards.processor import CannotReach, HostedProcessor
from lamplighter.payments.models import CardInvite
from lamplighter.payments.operations.keeping import agreed, invite_of
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public
from lamplighter.web.pay.processors import processor
from lamplighter.web.visits import visit

PUBLIC = system("public")
logger = logging.getLogger(__name__)


@public
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The words, and one button; or that it is done, or that the link is too old."""
    return _page(request, _load(token), token)


@public
@require_POST
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """They agree: on to the processor's page; twice leads to the same page there."""
    invite = _load(token)
    if visit(request).on > invite.until:
        return _page(request, invite, token, status=410)
    back = request.build_absolute_uri(reverse("pay:kept", args=[token]))
    try:
        session = go_to_card_page(
            invite=invite, processor=processor(), back=back, words=f"{settings.UTILITY_NAME}, AutoPay"
        )
    except CannotDraw:
        return _page(request, invite, token, problem="second", status=409)
    except CannotReach as why:
        logger.warning("a customer could not go to the card page: %s", why)
        return _page(request, invite, token, problem="away", status=409)
    with unit_of_work(PUBLIC):
        agreed(invite=invite, session=session.id)
    return HttpResponseRedirect(session.url, status=303)


@public
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the processor: what it has told us so far."""
    return _page(request, _load(token), token, came_back=True)


def _load(token: str) -> CardInvite:
    invite = invite_of(token)
    if invite is None:
        raise Http404("This link is not known. Ask for a new one.")
    return invite


def _page(
    request: HttpRequest, invite: CardInvite, token: str, *, problem: str = "", came_back: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    shown = what_is_shown(request, invite)
    shown |= {
        "problem": shown["say"].get(problem, ""), "came_back": came_back, "here": request.path,
        "url": reverse("pay:agree", args=[token]),
    }  # fmt: skip
    response = render(request, "pay/keep.html", shown, status=status)
    response["Cache-Control"] = "no-store"
    if settings.CARDS:
        response._csp_update = {"form-action": [HostedProcessor(settings.CARDS).origin]}  # type: ignore[attr-defined]
    return response


def what_is_shown(request: HttpRequest, invite: CardInvite) -> dict[str, Any]:
    """What the page says of an invitation, to whoever looks at it."""
    customer = profile(invite.account, on=visit(request).on).customer
    words = page_words(PAGE, customer.language if customer else Language.ENGLISH)
    values: dict[str, Value] = {"until": invite.until}
    say = words.say(values | {"card": str(invite.card)} if invite.card else values)
    return {
        "title": say["subject"], "say": say, "page_language": words.language, "invite": invite,
        "over": visit(request).on > invite.until,
    }  # fmt: skip
