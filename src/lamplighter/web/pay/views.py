"""A link to pay, in the customer's language: how much; one button leads to the processor's page. Nobody signs in, no
name is shown."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.accounts.queries import profile
from lamplighter.billing.queries.linking import last_four
from lamplighter.journeys.carding import begin, went
from lamplighter.kernel.actors import system
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.pages import page_words
from lamplighter.notices.rules.fields import Value
from lamplighter.payments.cards.processor import CannotReach, HostedProcessor
from lamplighter.payments.models import PayLink
from lamplighter.payments.operations.charging import link_of
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public
from lamplighter.web.pay.processors import processor
from lamplighter.web.visits import visit

PUBLIC = system("public")
logger = logging.getLogger(__name__)
PAGE = "pay"
"""The template that holds the words of this page."""


@public
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be paid; or that it was paid, or that the link is too old."""
    link = _load(token)
    return _page(request, link, token)


@public
@require_POST
def card(request: HttpRequest, token: str) -> HttpResponse:
    """On to the processor's page; twice leads to the same page there."""
    link = _load(token)
    if visit(request).on > link.until:
        return _page(request, link, token, status=410)
    back = request.build_absolute_uri(reverse("pay:thanks", args=[token]))
    try:
        session = begin(link=link, processor=processor(), back=back, words=f"{settings.UTILITY_NAME}, electric bill")
    except CannotTake:
        return _page(request, link, token, problem="paid", status=409)
    except CannotReach as why:
        logger.warning("a customer could not go to the card page: %s", why)
        return _page(request, link, token, problem="away", status=409)
    with unit_of_work(PUBLIC):
        went(link=link, session=session)
    return HttpResponseRedirect(session.url, status=303)


@public
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the processor: what it has told us so far."""
    link = _load(token)
    return _page(request, link, token, came_back=True)


def _load(token: str) -> PayLink:
    link = link_of(token)
    if link is None:
        raise Http404("This link is not known. Ask for a new one.")
    return link


def _page(
    request: HttpRequest, link: PayLink, token: str, *, problem: str = "", came_back: bool = False, status: int = 200
) -> HttpResponse:
    shown = what_is_shown(request, link)
    shown |= {
        "problem": shown["say"].get(problem, ""), "came_back": came_back,
        "url": reverse("pay:card", args=[token]), "here": request.path,
    }  # fmt: skip
    response = render(request, "pay/link.html", shown, status=status)
    response["Cache-Control"] = "no-store"
    if settings.CARDS:
        response._csp_update = {"form-action": [HostedProcessor(settings.CARDS).origin]}  # type: ignore[attr-defined]
    return response


def what_is_shown(request: HttpRequest, link: PayLink) -> dict[str, Any]:
    """What the page says of a link, to whoever looks at it."""
    customer = profile(link.account, on=visit(request).on).customer
    words = page_words(PAGE, customer.language if customer else Language.ENGLISH)
    charge = link.charges.select_related("event").first()
    values: dict[str, Value] = {
        "amount": link.amount, "until": link.until, "last_four": last_four(link.account.number),
    }  # fmt: skip
    say = words.say(values | {"receipt": f"R-{charge.event.receipt}"} if charge else values)
    return {
        "title": say["subject"], "say": say, "page_language": words.language, "link": link, "charge": charge,
        "over": visit(request).on > link.until,
    }  # fmt: skip
