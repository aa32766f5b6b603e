"""An answer to an offer by the link in its letter: interested, not now, or no more offers. Nobody signs in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.kernel.actors import system
from lamplighter.outreach.models import Reply, Target
from lamplighter.outreach.operations.campaigns import keep_reply
from lamplighter.outreach.tokens import read_token
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public
from lamplighter.web.visits import visit

PUBLIC = system("public")


@public
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What was offered with three buttons, or the answer. Opening it answers nothing: mail programs open links."""
    shown = what_is_shown(_load(token)) | {"url": reverse("replies:say", args=[token])}
    response = render(request, "replies/offer.html", shown)
    response["Cache-Control"] = "no-store"
    return response


@public
@require_POST
def say(request: HttpRequest, token: str) -> HttpResponse:
    target, said = _load(token), request.POST.get("said", "")
    if said not in Reply.Said.values:
        raise Http404("This is no answer.")
    with unit_of_work(PUBLIC):
        keep_reply(target=target, said=said, how=Reply.How.LINK, on=visit(request).on, by=PUBLIC, at=visit(request).at)
    return HttpResponseRedirect(reverse("replies:offer", args=[token]), status=303)


def what_is_shown(target: Target) -> dict[str, Any]:
    """What the page says of an offer, to whoever looks at it."""
    words = target.campaign.words.filter(language=target.person.language).first()
    words = words or target.campaign.words.filter(language="en").first()
    return {
        "title": words.about if words else target.campaign.name, "said": list(target.replies.order_by("pk")),
        "language": words.language if words else "en",
    }  # fmt: skip


def _load(token: str) -> Target:
    read = read_token("offer", token)
    rows = Target.objects.select_related("campaign__owner", "person", "account")
    found = rows.filter(campaign=read[0], person=int(read[1])).first() if read else None
    if found is None:
        raise Http404("This link is not known. Call us instead.")
    return found
