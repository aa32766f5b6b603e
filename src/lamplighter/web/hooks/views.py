"""Webhooks in the form of Twilio's: what the telephone system and the text gateway tell, signed.

A telephone system that speaks another language is put behind a small adapter that speaks this one.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lamplighter.journeys.messaging import take_text, text_became
from lamplighter.journeys.telephoning import CallState, call_happened
from lamplighter.kernel.actors import Actor, staff, system
from lamplighter.notices.gateways.texting import genuine
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public
from lamplighter.web.visits import visit

TELEPHONE, GATEWAY = system("telephone"), system("text-gateway")
DESK = "client:"
ENDS = {"delivered": True, "undelivered": False, "failed": False}
"""Whether a text arrived, by the gateway's word; its other words are of texts that are still on their way."""
MOST = 1600
"""Characters of a text that a gateway joins from its parts."""


@public
@csrf_exempt
@require_POST
def calls(request: HttpRequest) -> HttpResponse:
    """A call rings, was taken, is over or was missed. `To` or `From` names a colleague's telephone as `client:dana`."""
    told = _told(request)
    if told is None:
        return HttpResponse("The signature does not fit.", status=403, content_type="text/plain")
    key, state = told.get("CallSid", ""), told.get("CallStatus", "")
    if not key or state not in list(CallState):
        return HttpResponse("CallSid and CallStatus are expected.", status=400, content_type="text/plain")
    out = told.get("Direction", "inbound").startswith("outbound") and told.get("From", "").startswith(DESK)
    outside = told.get("To" if out else "From", "")
    with unit_of_work(TELEPHONE):
        call_happened(
            key=key[:100], state=CallState(state), number=outside[:40], agent=_agent(told), on=visit(request).on,
            by=TELEPHONE, at=visit(request).at, out=out,
        )  # fmt: skip
    return HttpResponse(status=204)


@public
@csrf_exempt
@require_POST
def texts(request: HttpRequest) -> HttpResponse:
    """A text from a customer. The answer, if one is due, goes out by the outbox like any other."""
    told = _told(request)
    if told is None:
        return HttpResponse("The signature does not fit.", status=403, content_type="text/plain")
    key, number = told.get("MessageSid", ""), told.get("From", "")
    if not key or not number:
        return HttpResponse("MessageSid and From are expected.", status=400, content_type="text/plain")
    with unit_of_work(GATEWAY):
        take_text(
            key=key[:100], sender_number=number[:40], body=told.get("Body", "")[:MOST], on=visit(request).on,
            by=GATEWAY, at=visit(request).at,
        )  # fmt: skip
    return HttpResponse("<Response></Response>", content_type="text/xml")


@public
@csrf_exempt
@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """What became of a text that we sent, by the number that we gave the gateway for it."""
    said = _told(request)
    if said is None:
        return HttpResponse("The signature does not fit.", status=403, content_type="text/plain")
    key, delivered = said.get("MessageSid", ""), ENDS.get(said.get("MessageStatus", ""))
    if not key:
        return HttpResponse("MessageSid is expected.", status=400, content_type="text/plain")
    if delivered is not None:
        about, proof = request.GET.get("about", "")[:20], f"{said.get('ErrorCode', '')} {key}".strip()[:80]
        with unit_of_work(GATEWAY):
            text_became(about=about, delivered=delivered, proof=proof, by=GATEWAY, at=visit(request).at)
    return HttpResponse(status=204)


def _told(request: HttpRequest) -> dict[str, str] | None:
    """The fields, if who sent them holds our token."""
    fields = {name: str(value) for name, value in request.POST.items()}
    url = f"{settings.PUBLIC_URL}{request.get_full_path()}" if settings.PUBLIC_URL else request.build_absolute_uri()
    claimed = request.headers.get("X-Twilio-Signature", "")
    return fields if genuine(settings.GATEWAY_TOKEN, url, fields, claimed) else None


def _agent(told: dict[str, str]) -> Actor | None:
    """Whose telephone it is."""
    named = next((told[end] for end in ("To", "From") if told.get(end, "").startswith(DESK)), "")
    username = named.removeprefix(DESK)
    known = username and User.objects.filter(username=username, kind=User.Kind.STAFF, is_active=True).exists()
    return staff(username) if known else None
