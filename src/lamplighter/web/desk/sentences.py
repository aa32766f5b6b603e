"""What the data of events say in words: the sentences and details of the timeline, each made of one event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lamplighter.accounts.models import AccountRole
from lamplighter.accounts.types import TYPES, AgreementKind
from lamplighter.fieldwork.types import CANCEL, NOT_DONE, OrderKind
from lamplighter.fieldwork.types import TYPES as ORDERS
from lamplighter.formats.network.messages import Act
from lamplighter.kernel.money import Money
from lamplighter.network.rules.guiding import OUTCOMES
from lamplighter.network.types import LABELS as COMMANDS
from lamplighter.notices.languages import Language
from lamplighter.usage.queries.ruletexts import RULES
from lamplighter.web.desk.wordings import Sentence
from lamplighter.web.ui.wording import number, short_day
from lamplighter.worklist.kinds import kind_of


def money(data: Mapping[str, Any], key: str = "cents") -> str:
    return str(Money(int(data.get(key) or 0)))


def day(text: str | None, on: date) -> str:
    return short_day(date.fromisoformat(text), on) if text else ""


def last(end: str | None, on: date) -> str:
    """The last day of days that end before `end`, as the bill itself says it."""
    return short_day(date.fromisoformat(end) - timedelta(days=1), on) if end else ""


def spelled(word: object) -> str:
    return str(word or "").replace("-", " ").replace("_", " ")


def capital(word: object) -> str:
    return spelled(word)[:1].upper() + spelled(word)[1:]


def bill(data: Mapping[str, Any], _on: date) -> str:
    use = f" · {number(Decimal(data['kwh']))} kWh, {data['days']} days" if data.get("days") else ""
    return f"{money(data)}{use}"


def bill_detail(data: Mapping[str, Any], on: date) -> str:
    kind = {"final": "final bill", "correction": "corrects earlier bills", "invoice": "invoice"}.get(
        str(data.get("kind"))
    )
    guess = "partly estimated" if data.get("estimated") else ""
    due = f"due {day(data['due_on'], on)}" if data.get("due_on") else ""
    return ", ".join(filter(None, [kind, guess, due]))


def cancelled(data: Mapping[str, Any], on: date) -> str:
    return f"{money(data)} for {day(data.get('start'), on)} to {last(data.get('end'), on)} cancelled"


def agreement(data: Mapping[str, Any], on: date) -> str:
    if data.get("rate"):
        return f"Service starts {day(data.get('on'), on)} on {data['rate']}"
    kind = str(data.get("kind", ""))
    label = TYPES[AgreementKind(kind)].label if kind in list(AgreementKind) else capital(kind)
    return f"{label} begins {day(data.get('on'), on)}"


def fact(data: Mapping[str, Any], on: date) -> str:
    until = f" until {day(data['end'], on)}" if data.get("end") else ""
    return f"{capital(data.get('fact'))} is {data.get('value')} from {day(data.get('start'), on)}{until}"


def case(words: str) -> Sentence:
    """A step of a bankruptcy, with its chapter, amount and day."""
    return lambda d, on: words.format(chapter=d.get("chapter"), money=money(d), day=day(d.get("on"), on))


def role(data: Mapping[str, Any], _on: date) -> str:
    role = str(data.get("role", ""))
    return f"{AccountRole.Role(role).label if role in AccountRole.Role else capital(role)} added"


def role_ended(data: Mapping[str, Any], _on: date) -> str:
    role = str(data.get("role", ""))
    return f"{AccountRole.Role(role).label if role in AccountRole.Role else capital(role)} ended"


def contacts(data: Mapping[str, Any], on: date) -> str:
    """`Name and email changed from Nov 24`."""
    words = list(dict.fromkeys(CONTACTS.get(str(field), str(field)) for field in data.get("fields", [])))
    named = " and ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))
    return f"{named[:1].upper()}{named[1:]} changed from {day(data.get('start'), on)}"


def paid(data: Mapping[str, Any], _on: date) -> str:
    return f"{money(data)} {' and '.join(map(spelled, data.get('tenders', [])))} · receipt R-{data.get('receipt')}"


def reversed_payment(data: Mapping[str, Any], _on: date) -> str:
    return f"{money(data)} {REASONS.get(str(data.get('reason')), 'reversed')} · receipt R-{data.get('receipt')}"


def notice(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        channel = str(data.get("channel", ""))
        return f"{capital(data.get('code'))}: {SENT.get(channel) if verb == 'sent' else f'{spelled(channel)} {verb}'}"

    return said


def language(data: Mapping[str, Any], _on: date) -> str:
    language = str(data.get("language", ""))
    return Language(language).label if language in list(Language) and language != Language.ENGLISH else ""


def work(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        kind = kind_of(str(data.get("kind", "")))
        return f"{kind.label if kind else capital(data.get('kind'))}: {verb}"

    return said


def decided(data: Mapping[str, Any], on: date) -> str:
    rule = str(data.get("rule", ""))
    label = RULES[rule].label if rule in RULES else rule
    decision = str(data.get("decision", ""))
    count, days = int(data.get("count", 1)), day(data.get("day"), on)
    if count > 1:
        days += f" to {day(data.get('last'), on)}, {count:,} times"
    return f"{label} of {days}: {DECISIONS.get(decision, spelled(decision))}"


def order(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        kind = str(data.get("kind", ""))
        return f"{ORDERS[OrderKind(kind)].label if kind in list(OrderKind) else capital(kind)}: {verb}"

    return said


def asked(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        act = str(data.get("act", ""))
        label = COMMANDS[Act(act)] if act in list(Act) else capital(act)
        return f"{label}, meter {data.get('meter')}: {verb}"

    return said


def spoken(data: Mapping[str, Any], _on: date) -> str:
    took = f" in {data['seconds']} s" if data.get("seconds") else ""
    return f"{str(data.get('words') or '').capitalize()}{took}"


def checked(data: Mapping[str, Any], _on: date) -> str:
    order = f": order SO-{data['order']}" if data.get("order") else ""
    return f"Meter {data.get('meter')} checked with the customer. {OUTCOMES.get(str(data.get('outcome')), '')}{order}"


def visit(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], on: date) -> str:
        half = "morning" if data.get("half") == "am" else "afternoon"
        what = "appointment" if data.get("promised") else "visit"
        return f"{order(f'{what} {verb}')(data, on)}, {day(data.get('day'), on)} {half}"

    return said


def on_reason(data: Mapping[str, Any], _on: date) -> str:
    return spelled(data.get("reason"))


def why_not(data: Mapping[str, Any], _on: date) -> str:
    """Why an order was not done, or was cancelled."""
    return {**CANCEL, **NOT_DONE}.get(str(data.get("reason")), "").lower() or spelled(data.get("reason"))


SETTLED = {"done": "Billed again", "small": "Not billed again: too little would change",
           "too-old": "Not billed again: beyond the limit", "dismissed": "Not billed again: dismissed"}  # fmt: skip
CONTACTS = {"given": "name", "family": "name", "phone": "telephone", "mailing": "mailing address"}
REFUNDED = {"check": "check", "ach": "bank transfer", "voucher": "the city's accounts payable"}
BILLS = {"final": "final bill", "off-cycle": "off cycle", "correction": "corrects earlier bills", "invoice": "invoice"}
SENT = {"letter": "letter mailed", "email": "emailed", "text": "texted"}
DECISIONS = {"accepted": "taken as read", "edited": "values entered", "estimated": "estimated"}
REASONS = {"void": "voided", "returned": "returned by the bank", "wrong-account": "paid to the wrong account",
           "entry-error": "entered wrongly"}  # fmt: skip


def deposit(data: Mapping[str, Any], _on: date) -> str:
    """What was decided beside what the policy said."""
    asked, policy = money(data), money(data, "recommended")
    if not data.get("cents"):
        return f"No deposit is asked for; the policy said {policy}"
    given = "" if data.get("form") == "cash" else f", by {spelled(data.get('form'))}"
    return f"A deposit of {asked} was decided{given}; the policy said {policy}"


def investigated(label: str) -> Sentence:
    """A step of a case, with its amount and detail where it has them."""

    def said(data: Mapping[str, Any], _on: date) -> str:
        amount = money(data) if data.get("cents") else ""
        return ". ".join(filter(None, [label, amount, str(data.get("detail") or "")]))

    return said
