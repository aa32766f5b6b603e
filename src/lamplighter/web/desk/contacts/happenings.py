"""Contacts, messages, alerts and consent in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lamplighter.cases.departments import DEPARTMENTS
from lamplighter.cases.words import FACTS, OUTCOMES, REASONS, Means
from lamplighter.customers.consent import Purpose
from lamplighter.web.desk.wordings import CHANGE, CONTACT, SERVICE, Sentence, Wording
from lamplighter.web.ui.parts import Tone


def _means(data: Mapping[str, Any]) -> str:
    means = str(data.get("means", ""))
    return Means(means).label if means in list(Means) else "Contact"


def _wrapped(data: Mapping[str, Any], _on: date) -> str:
    """`Call in: high bill`."""
    way = "" if data.get("means") == Means.VISIT else f" {data.get('direction')}"
    return f"{_means(data)}{way}: {REASONS.get(str(data.get('reason')), 'something else').lower()}"


def _outcome(data: Mapping[str, Any], _on: date) -> str:
    return OUTCOMES.get(str(data.get("outcome")), "").lower()


def _verified(data: Mapping[str, Any], _on: date) -> str:
    return f"Caller verified by {' and '.join(FACTS.get(one, one).lower() for one in data.get('facts', []))}"


def _message(verb: str) -> Sentence:
    return lambda data, _on: f"{_means(data)} {verb}"


def _request(verb: str) -> Sentence:
    return lambda data, _on: f"{DEPARTMENTS[str(data.get('department'))].label} {verb}: {data.get('title')}"


def _consent(data: Mapping[str, Any], _on: date) -> str:
    """What may be sent, and what may not."""
    yes, no = (
        ", ".join(Purpose(one).label.lower() for one in data.get(key, []) if one in list(Purpose))
        for key in ("given", "withdrawn")
    )
    return ". ".join(filter(None, [f"Calls and texts: {yes}" if yes else "", f"None about {no}" if no else ""]))


CASES = {
    "cases.contact.wrapped": Wording("Contact", Tone.INFO, CONTACT, _wrapped, "Open", _outcome),
    "cases.contact.missed": Wording("Call", Tone.WATCH, CONTACT, lambda _d, _o: "Call that nobody took", "Open"),
    "cases.caller.verified": Wording("Verified", Tone.GOOD, CONTACT, _verified),
    "cases.message.received": Wording("Message", Tone.INFO, CONTACT, _message("from them"), "Open"),
    "cases.message.written": Wording("Message", Tone.INFO, CONTACT, _message("from us"), "Open"),
    "cases.message.sent": Wording("Message", Tone.GOOD, CONTACT, _message("sent"), "Open"),
    "cases.message.delivered": Wording("Message", Tone.GOOD, CONTACT, _message("delivered"), "Open"),
    "cases.message.erased": Wording("Message", Tone.PLAIN, CONTACT, lambda _d, _o: "Words of a message erased", "Open"),
    "cases.message.failed": Wording("Message", Tone.BAD, CONTACT, _message("did not arrive"), "Open"),
    "cases.files.attached": Wording("Files", Tone.PLAIN, CONTACT, lambda d, _: f"{d.get('count')} kept", "Open"),
    "cases.request.asked": Wording("Request", Tone.INFO, CONTACT, _request("is asked"), "Open"),
    "cases.request.accepted": Wording("Request", Tone.INFO, CONTACT, _request("works on it"), "Open"),
    "cases.request.answered": Wording("Request", Tone.GOOD, CONTACT, _request("answered"), "Open"),
    "cases.request.declined": Wording("Request", Tone.BAD, CONTACT, _request("declined"), "Open"),
    "cases.request.closed": Wording("Request", Tone.PLAIN, CONTACT, _request("is thanked"), "Open"),
    "cases.alert.raised": Wording(
        "Alert", Tone.WATCH, CHANGE, lambda d, _: f"{str(d.get('level')).capitalize()} raised"
    ),
    "cases.alert.ended": Wording("Alert", Tone.PLAIN, CHANGE, lambda d, _: f"{str(d.get('level')).capitalize()} ended"),
    "accounts.standing.agreed": Wording(
        "Landlord", Tone.INFO, SERVICE, lambda _d, _o: "Takes service back between tenants"
    ),
    "accounts.standing.ended": Wording("Landlord", Tone.PLAIN, SERVICE, lambda _d, _o: "No longer takes service back"),
    "accounts.service.reverted": Wording(
        "Landlord", Tone.INFO, SERVICE, lambda _d, _o: "Service came back from a tenant"
    ),
    "accounts.agreement.gave_way": Wording("Service", Tone.NOTICE, SERVICE, lambda _d, _o: "Gave way to who moves in"),
    "accounts.agreement.continued": Wording(
        "Service", Tone.INFO, SERVICE, lambda _d, _o: "Goes on: the stop was taken back"
    ),
    "accounts.dispatch.set": Wording(
        "Bills",
        Tone.PLAIN,
        CHANGE,
        lambda d, _: {"paper": "On paper", "email": "By email"}.get(str(d.get("dispatch")), "On paper and by email"),
    ),
    "customers.person.died": Wording("Customer", Tone.NOTICE, CHANGE, lambda _d, _o: "The customer died"),
    "customers.consent.stated": Wording("Consent", Tone.PLAIN, CHANGE, _consent),
}
