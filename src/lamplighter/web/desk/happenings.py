"""Events in words: what the timeline says of each thing that happened.

Each event name has a kind with its colour, a family for the filter, and a sentence made from the event's own data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lamplighter.kernel.money import Money
from lamplighter.platform.models import Event
from lamplighter.web.ui.parts import Badge, Entry, Link, Tone
from lamplighter.web.ui.wording import number, short_day

Sentence = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Wording:
    """`link` is the word of a link to the event's subject, if it has a page."""

    kind: str
    tone: Tone
    family: str
    sentence: Sentence
    link: str = ""


def entries(events: Iterable[Event], link: Callable[[Event], str]) -> list[Entry]:
    """Timeline entries; `link` gives the address of an event's subject, or "" where it has none."""
    return [_entry(event, link(event)) for event in events]


def names_of(family: str) -> list[str]:
    """Event names that a filter chip shows."""
    return [name for name, words in WORDS.items() if words.family == family]


def _entry(event: Event, url: str) -> Entry:
    words = WORDS.get(event.name) or _unworded(event.name)
    detail = str(event.remark) if event.remark else ""
    by = event.actor.key if event.actor.kind == "staff" else ""
    return Entry(
        at=event.at,
        kind=Badge(words.kind, words.tone),
        sentence=words.sentence(event.data),
        detail=" · ".join(filter(None, [detail, by])),
        link=Link(words.link, url) if url and words.link else None,
    )


def _unworded(name: str) -> Wording:
    """An event that nobody has put into words yet says its own name."""
    context, noun, verb = name.split(".")
    said = f"{noun.replace('_', ' ')} {verb.replace('_', ' ')}"
    return Wording(context.capitalize(), Tone.PLAIN, "changes", lambda _: said[:1].upper() + said[1:])


def _money(data: Mapping[str, Any], key: str = "cents") -> str:
    return str(Money(int(data.get(key) or 0)))


def _day(text: str | None) -> str:
    return short_day(date.fromisoformat(text)) if text else ""


def _bill(data: Mapping[str, Any]) -> str:
    use = f" · {number(int(float(data['kwh'])))} kWh, {data['days']} days" if data.get("days") else ""
    guess = " · partly estimated" if data.get("estimated") else ""
    return f"{_money(data)}{use}{guess}"


def _fact(data: Mapping[str, Any]) -> str:
    fact = str(data.get("fact", "")).replace("_", " ").capitalize()
    return f"{fact} is {data.get('value')} from {_day(data.get('start'))}"


REASONS = {"void": "voided", "returned": "returned by the bank", "wrong-account": "paid to the wrong account",
           "entry-error": "entered wrongly"}  # fmt: skip
MONEY, SERVICE, CONTACT, CHANGE = "money", "service", "contacts", "changes"

WORDS: dict[str, Wording] = {
    "billing.bill.issued": Wording("Bill", Tone.INFO, MONEY, _bill, "View"),
    "billing.segment.cancelled": Wording(
        "Correction", Tone.NOTICE, MONEY,
        lambda d: f"{_money(d)} for {_day(d.get('start'))} to {_day(d.get('end'))} cancelled: "
        f"{str(d.get('reason', '')).replace('-', ' ')}", "View"),
    "billing.rebill.asked": Wording(
        "Correction", Tone.NOTICE, MONEY, lambda d: f"To be billed again from {_day(d.get('start'))}"),
    "billing.rebill.settled": Wording(
        "Correction", Tone.NOTICE, MONEY, lambda d: f"Billing again settled: {d.get('state')}"),
    "billing.adjustment.made": Wording(
        "Charge", Tone.NOTICE, MONEY, lambda d: f"{d.get('label')} · {_money(d)}"),
    "billing.balance.brought_forward": Wording(
        "Balance", Tone.PLAIN, MONEY, lambda d: f"{_money(d)} brought forward from the old system"),
    "payments.payment.taken": Wording(
        "Payment", Tone.GOOD, MONEY, lambda d: f"{_money(d)} {' and '.join(d.get('tenders', []))}", "Receipt"),
    "payments.payment.reversed": Wording(
        "Payment", Tone.BAD, MONEY,
        lambda d: f"{_money(d)} {REASONS.get(str(d.get('reason')), 'reversed')}", "Receipt"),
    "accounts.account.opened": Wording("Account", Tone.INFO, SERVICE, lambda _: "Account opened"),
    "accounts.agreement.started": Wording(
        "Service", Tone.INFO, SERVICE,
        lambda d: f"{'Service starts' if d.get('rate') else 'Agreement begins'} {_day(d.get('on'))}"
        + (f" on {d['rate']}" if d.get("rate") else "")),
    "accounts.agreement.stopped": Wording(
        "Service", Tone.INFO, SERVICE, lambda d: f"Service stops {_day(d.get('on'))}"),
    "accounts.rate.changed": Wording("Rate", Tone.INFO, SERVICE, lambda d: f"{d.get('rate')} from {_day(d.get('on'))}"),
    "accounts.rider.added": Wording("Rate", Tone.INFO, SERVICE, lambda d: f"{d.get('rider')} from {_day(d.get('on'))}"),
    "accounts.fact.stated": Wording("Fact", Tone.PLAIN, SERVICE, _fact),
    "accounts.role.added": Wording(
        "People", Tone.PLAIN, CHANGE, lambda d: f"{str(d.get('role', '')).capitalize()} added"),
    "accounts.note.written": Wording("Note", Tone.PLAIN, CONTACT, lambda _: "Note"),
    "notices.notice.composed": Wording("Notice", Tone.NOTICE, CONTACT, lambda d: str(d.get("template", "Notice"))),
    "platform.approval.asked": Wording("Approval", Tone.WATCH, CHANGE, lambda _: "Waits for a second person"),
    "platform.approval.approved": Wording("Approval", Tone.GOOD, CHANGE, lambda _: "Approved"),
    "platform.approval.refused": Wording("Approval", Tone.BAD, CHANGE, lambda _: "Refused"),
}  # fmt: skip
