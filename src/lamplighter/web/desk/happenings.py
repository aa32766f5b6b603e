"""Events in words: what the timeline says of each thing that happened.

Each event name has a kind with its colour, a family for the filter, a sentence and a detail in grey, both made from
the event's own data. A detail that names who did it says "you" for one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from lamplighter.accounts.models import AccountRole
from lamplighter.accounts.types import TYPES, AgreementKind
from lamplighter.fieldwork.types import TYPES as ORDERS
from lamplighter.fieldwork.types import OrderKind
from lamplighter.formats.network.messages import Act
from lamplighter.kernel.actors import Actor, ActorKind
from lamplighter.kernel.money import Money
from lamplighter.network.rules.guiding import OUTCOMES
from lamplighter.network.types import LABELS as COMMANDS
from lamplighter.notices.languages import Language
from lamplighter.platform.models import Event
from lamplighter.usage.queries.ruletexts import RULES
from lamplighter.web.desk.contacts.happenings import CASES
from lamplighter.web.desk.wordings import CHANGE, CONTACT, MONEY, NOTICE, SERVICE, Sentence, Wording
from lamplighter.web.naming import plain
from lamplighter.web.ui.parts import Badge, Entry, Link, Tone
from lamplighter.web.ui.wording import number, short_day
from lamplighter.web.visits import Visit
from lamplighter.worklist.kinds import kind_of

QUIET = (
    "cases.contact.begun", "cases.contact.attached", "cases.contact.answered", "billing.document.archived",
    "notices.notice.queued", "worklist.item.raised", "worklist.item.taken", "worklist.item.released",
    "worklist.item.assigned",
)  # fmt: skip
"""Steps that say nothing to whoever reads what happened to an account."""


def entries(events: Sequence[Event], link: Callable[[Event], str], seen: Visit) -> list[Entry]:
    """Timeline entries; `link` gives the address of an event's subject, or "" where it has none.

    Events that were asked with `actor_name` tell it. A notice that was sent is not told as written too.
    """
    sent = {event.subject for event in events if event.name == "notices.notice.handed_over"}
    told = (event for event in events if event.name != "notices.notice.composed" or event.subject not in sent)
    return [_entry(event, link(event), seen) for event in told]


def tell(words: Mapping[str, Wording]) -> None:
    """Put the events of a context into words: the face of that context calls this when it is imported."""
    WORDS.update(words)


def kind_word(name: str) -> str:
    """The word of an event's badge, for lists that span all kinds."""
    return (WORDS.get(name) or _unworded(name)).kind


def names_of(family: str) -> list[str]:
    """Event names that a filter chip shows."""
    return [name for name, words in WORDS.items() if words.family == family]


def _entry(event: Event, url: str, seen: Visit) -> Entry:
    words = WORDS.get(event.name) or _unworded(event.name)
    remark = str(event.remark) if event.remark else ""
    data = {**event.data, "reason": event.reason}
    sentence = words.sentence(data, seen.on)
    detail = [words.detail(data, seen.on), remark if sentence else "", _who(event, seen)]
    return Entry(
        at=event.at,
        kind=Badge(words.kind, words.tone),
        sentence=sentence or remark,
        detail=" · ".join(filter(None, detail)),
        link=Link(words.link, url) if url and words.link else None,
    )


def _who(event: Event, seen: Visit) -> str:
    """Whoever did it, where that is a person."""
    actor: Actor = event.actor
    if actor.kind is ActorKind.SYSTEM:
        return ""
    if seen.user is not None and actor == seen.user.actor:
        return "you"
    name = str(getattr(event, "actor_name", actor))
    return plain(name) if ":" in name else name


def _unworded(name: str) -> Wording:
    """An event that nobody has put into words yet says its own name."""
    context, noun, verb = name.split(".")
    said = f"{noun.replace('_', ' ')} {verb.replace('_', ' ')}"
    return Wording(context.capitalize(), Tone.PLAIN, CHANGE, lambda _data, _on: said[:1].upper() + said[1:])


def _money(data: Mapping[str, Any], key: str = "cents") -> str:
    return str(Money(int(data.get(key) or 0)))


def _day(text: str | None, on: date) -> str:
    return short_day(date.fromisoformat(text), on) if text else ""


def _last(end: str | None, on: date) -> str:
    """The last day of days that end before `end`, as the bill itself says it."""
    return short_day(date.fromisoformat(end) - timedelta(days=1), on) if end else ""


def _plain(word: object) -> str:
    return str(word or "").replace("-", " ").replace("_", " ")


def _said(word: object) -> str:
    return _plain(word)[:1].upper() + _plain(word)[1:]


def _bill(data: Mapping[str, Any], _on: date) -> str:
    use = f" · {number(int(float(data['kwh'])))} kWh, {data['days']} days" if data.get("days") else ""
    return f"{_money(data)}{use}"


def _bill_detail(data: Mapping[str, Any], on: date) -> str:
    kind = {"final": "final bill", "correction": "corrects earlier bills", "invoice": "invoice"}.get(
        str(data.get("kind"))
    )
    guess = "partly estimated" if data.get("estimated") else ""
    due = f"due {_day(data['due_on'], on)}" if data.get("due_on") else ""
    return ", ".join(filter(None, [kind, guess, due]))


def _cancelled(data: Mapping[str, Any], on: date) -> str:
    return f"{_money(data)} for {_day(data.get('start'), on)} to {_last(data.get('end'), on)} cancelled"


def _agreement(data: Mapping[str, Any], on: date) -> str:
    if data.get("rate"):
        return f"Service starts {_day(data.get('on'), on)} on {data['rate']}"
    kind = str(data.get("kind", ""))
    label = TYPES[AgreementKind(kind)].label if kind in list(AgreementKind) else _said(kind)
    return f"{label} begins {_day(data.get('on'), on)}"


def _fact(data: Mapping[str, Any], on: date) -> str:
    until = f" until {_day(data['end'], on)}" if data.get("end") else ""
    return f"{_said(data.get('fact'))} is {data.get('value')} from {_day(data.get('start'), on)}{until}"


def _case(words: str) -> Sentence:
    """A step of a bankruptcy, with its chapter, amount and day."""
    return lambda d, on: words.format(chapter=d.get("chapter"), money=_money(d), day=_day(d.get("on"), on))


def _role(data: Mapping[str, Any], _on: date) -> str:
    role = str(data.get("role", ""))
    return f"{AccountRole.Role(role).label if role in AccountRole.Role else _said(role)} added"


def _role_ended(data: Mapping[str, Any], _on: date) -> str:
    role = str(data.get("role", ""))
    return f"{AccountRole.Role(role).label if role in AccountRole.Role else _said(role)} ended"


def _contacts(data: Mapping[str, Any], on: date) -> str:
    """`Name and email changed from Nov 24`."""
    words = list(dict.fromkeys(CONTACTS.get(str(field), str(field)) for field in data.get("fields", [])))
    named = " and ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))
    return f"{named[:1].upper()}{named[1:]} changed from {_day(data.get('start'), on)}"


def _paid(data: Mapping[str, Any], _on: date) -> str:
    return f"{_money(data)} {' and '.join(map(_plain, data.get('tenders', [])))} · receipt R-{data.get('receipt')}"


def _notice(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        channel = str(data.get("channel", ""))
        return f"{_said(data.get('code'))}: {SENT.get(channel) if verb == 'sent' else f'{_plain(channel)} {verb}'}"

    return said


def _language(data: Mapping[str, Any], _on: date) -> str:
    language = str(data.get("language", ""))
    return Language(language).label if language in list(Language) and language != Language.ENGLISH else ""


def _work(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        kind = kind_of(str(data.get("kind", "")))
        return f"{kind.label if kind else _said(data.get('kind'))}: {verb}"

    return said


def _decided(data: Mapping[str, Any], on: date) -> str:
    rule = str(data.get("rule", ""))
    label = RULES[rule].label if rule in RULES else rule
    decision = str(data.get("decision", ""))
    return f"{label} of {_day(data.get('day'), on)}: {DECISIONS.get(decision, _plain(decision))}"


def _order(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        kind = str(data.get("kind", ""))
        return f"{ORDERS[OrderKind(kind)].label if kind in list(OrderKind) else _said(kind)}: {verb}"

    return said


def _asked(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        act = str(data.get("act", ""))
        label = COMMANDS[Act(act)] if act in list(Act) else _said(act)
        return f"{label}, meter {data.get('meter')}: {verb}"

    return said


def _spoken(data: Mapping[str, Any], _on: date) -> str:
    took = f" in {data['seconds']} s" if data.get("seconds") else ""
    return f"{str(data.get('words') or '').capitalize()}{took}"


def _checked(data: Mapping[str, Any], _on: date) -> str:
    order = f": order SO-{data['order']}" if data.get("order") else ""
    return f"Meter {data.get('meter')} checked with the customer. {OUTCOMES.get(str(data.get('outcome')), '')}{order}"


def _visit(verb: str) -> Sentence:
    def said(data: Mapping[str, Any], on: date) -> str:
        half = "morning" if data.get("half") == "am" else "afternoon"
        what = "appointment" if data.get("promised") else "visit"
        return f"{_order(f'{what} {verb}')(data, on)}, {_day(data.get('day'), on)} {half}"

    return said


def _on_reason(data: Mapping[str, Any], _on: date) -> str:
    return _plain(data.get("reason"))


SETTLED = {"done": "Billed again", "small": "Not billed again: too little would change",
           "too-old": "Not billed again: beyond the limit", "dismissed": "Not billed again: dismissed"}  # fmt: skip
CONTACTS = {"given": "name", "family": "name", "phone": "telephone", "mailing": "mailing address"}
REFUNDED = {"check": "check", "ach": "bank transfer"}
BILLS = {"final": "final bill", "off-cycle": "off cycle", "correction": "corrects earlier bills", "invoice": "invoice"}
SENT = {"letter": "letter mailed", "email": "emailed", "text": "texted"}
DECISIONS = {"accepted": "taken as read", "edited": "values entered", "estimated": "estimated"}
REASONS = {"void": "voided", "returned": "returned by the bank", "wrong-account": "paid to the wrong account",
           "entry-error": "entered wrongly"}  # fmt: skip

WORDS: dict[str, Wording] = {
    "billing.bill.issued": Wording("Bill", Tone.INFO, MONEY, _bill, "View", _bill_detail),
    "billing.segment.cancelled": Wording("Correction", Tone.NOTICE, MONEY, _cancelled, "View", _on_reason),
    "billing.rebill.asked": Wording(
        "Correction", Tone.NOTICE, MONEY, lambda d, on: f"To be billed again from {_day(d.get('start'), on)}", "",
        _on_reason),
    "billing.rebill.settled": Wording(
        "Correction", Tone.NOTICE, MONEY, lambda d, _: SETTLED.get(str(d.get("state")), "Billing again settled")),
    "billing.adjustment.made": Wording(
        "Adjustment", Tone.NOTICE, MONEY, lambda d, _: f"{_money(d)} · {d.get('label')}"),
    "billing.balance.brought_forward": Wording(
        "Balance", Tone.PLAIN, MONEY, lambda d, _: f"{_money(d)} brought forward from the old system"),
    "payments.payment.taken": Wording("Payment", Tone.GOOD, MONEY, _paid, "Receipt"),
    "payments.payment.reversed": Wording(
        "Payment", Tone.BAD, MONEY,
        lambda d, _: f"{_money(d)} {REASONS.get(str(d.get('reason')), 'reversed')} · receipt R-{d.get('receipt')}",
        "Receipt"),
    "payments.payment.moved": Wording(
        "Payment", Tone.NOTICE, MONEY,
        lambda d, _: f"{_money(d)} moved {d.get('way')} account {d.get('other')} · receipt R-{d.get('receipt')}",
        "Receipt"),
    "payments.refund.made": Wording(
        "Refund", Tone.NOTICE, MONEY, lambda d, _: f"{_money(d)} refunded by {REFUNDED.get(str(d.get('method')))}"),
    "payments.refund.written": Wording(
        "Refund", Tone.INFO, MONEY, lambda d, _: f"Check {d.get('check')} for {_money(d)} written"),
    "payments.refund.sent": Wording("Refund", Tone.INFO, MONEY, lambda d, _: f"{_money(d)} sent to the bank"),
    "payments.refund.cleared": Wording("Refund", Tone.GOOD, MONEY, lambda d, _: f"{_money(d)} paid by the bank"),
    "payments.refund.voided": Wording(
        "Refund", Tone.BAD, MONEY, lambda d, _: f"Check {d.get('check')} for {_money(d)} voided"),
    "payments.refund.stale": Wording(
        "Refund", Tone.WATCH, MONEY, lambda d, _: f"{_money(d)} never cashed, held as unclaimed"),
    "payments.refund.back": Wording(
        "Refund", Tone.NOTICE, MONEY, lambda d, _: f"{_money(d)} of a refund back on the account"),
    "payments.refund.returned": Wording(
        "Refund", Tone.BAD, MONEY, lambda d, _: f"{_money(d)} returned by the customer's bank"),
    "payments.cash_only.begun": Wording(
        "Payment", Tone.WATCH, MONEY, lambda _d, _o: "Cash only", "", _on_reason),
    "payments.cash_only.ended": Wording("Payment", Tone.GOOD, MONEY, lambda _d, _o: "Checks are taken again"),
    "credit.arrangement.made": Wording(
        "Plan", Tone.INFO, MONEY, lambda d, _: f"{_money(d)} in {d.get('instalments')} payments", "",
        lambda d, on: f"the last {_day(d.get('last'), on)}"),
    "credit.arrangement.ended": Wording("Plan", Tone.NOTICE, MONEY, lambda d, _: f"Plan {_plain(d.get('reason'))}"),
    "credit.arrangement.returned": Wording(
        "Plan", Tone.WATCH, MONEY, lambda d, _: f"{_money(d)} of an ended plan is owed again: a payment was returned"
    ),
    "credit.extension.given": Wording(
        "Plan", Tone.INFO, MONEY, lambda d, on: f"More time: {_money(d)} by {_day(d.get('until'), on)}"),
    "credit.extension.ended": Wording("Plan", Tone.NOTICE, MONEY, lambda d, _: f"More time {_plain(d.get('reason'))}"),
    "credit.collection.begun": Wording(
        "Collection", Tone.WATCH, MONEY, lambda d, _: f"{_said(d.get('template'))} process begun for {_money(d)}"),
    "credit.collection.ended": Wording(
        "Collection", Tone.GOOD, MONEY, lambda d, _: f"Collection stops: {_plain(d.get('reason'))}"),
    "credit.step.done": Wording("Collection", Tone.PLAIN, MONEY, lambda d, _: f"{_said(d.get('step'))} done"),
    "credit.hold.begun": Wording("Hold", Tone.BAD, CHANGE, lambda d, _: f"{_said(d.get('kind'))}: power stays on"),
    "credit.hold.ended": Wording("Hold", Tone.PLAIN, CHANGE, lambda d, _: f"{_said(d.get('kind'))}: ended"),
    "credit.contact.tried": Wording(
        "Call", Tone.INFO, CONTACT,
        lambda d, _: f"{_said(d.get('how'))}: {'reached' if d.get('reached') else 'not reached'}"),
    **{
        f"credit.bankruptcy.{name}": Wording("Hold", Tone.INFO, CHANGE, _case(words))
        for name, words in (
            ("petition", "Bankruptcy, chapter {chapter}: {money} from before {day} is not asked for"),
            ("divided", "{money} of a later bill is from before the filing"),
            ("assurance", "Adequate assurance given"), ("claim", "Proof of claim filed, {money}"),
            ("paid", "The trustee paid {money}"), ("relief", "The court lifted the stay"),
            ("set_off", "{money} of the old deposit paid old debt"), ("discharged", "Bankruptcy discharged, {money}"),
            ("dismissed", "Bankruptcy dismissed: {money} is asked for again"),
            ("closed", "Bankruptcy closed without discharge: {money} is asked for again"),
        )
    },
    "credit.debt.written_off": Wording(
        "Collection", Tone.NOTICE, MONEY, lambda d, _: f"{_money(d)} written off", detail=_on_reason
    ),
    "credit.debt.recovered": Wording(
        "Collection", Tone.GOOD, MONEY, lambda d, _: f"{_money(d)} of a written-off debt recovered"
    ),
    "credit.debt.referred": Wording(
        "Collection", Tone.NOTICE, MONEY, lambda d, _: f"{_money(d)} placed with {d.get('agency')}"
    ),
    "credit.debt.recalled": Wording(
        "Collection", Tone.PLAIN, MONEY, lambda d, _: f"{_said(d.get('reason'))}: no longer with {d.get('agency')}"
    ),
    "credit.debt.moved": Wording(
        "Collection", Tone.NOTICE, MONEY,
        lambda d, _: f"{_money(d)} {'of account' if d.get('here') else 'asked for on account'} {d.get('other')}"
        f"{' is asked for here' if d.get('here') else ''}",
    ),
    "credit.service.restoring": Wording(
        "Order", Tone.GOOD, SERVICE, lambda d, _: f"Power is coming back{', free of charge' if d.get('free') else ''}",
        "Open",
    ),
    "credit.certificate.allowed": Wording(
        "Shut-off", Tone.WATCH, SERVICE, lambda d, _: f"Checked for {_plain(d.get('reason'))}: allowed"),
    "credit.certificate.refused": Wording(
        "Shut-off", Tone.GOOD, SERVICE, lambda d, _: f"Checked for {_plain(d.get('reason'))}: refused"),
    "accounts.account.opened": Wording("Account", Tone.INFO, SERVICE, lambda _d, _o: "Account opened"),
    "accounts.agreement.started": Wording("Service", Tone.INFO, SERVICE, _agreement),
    "accounts.agreement.stopped": Wording(
        "Service", Tone.INFO, SERVICE, lambda d, on: f"Service stops {_day(d.get('on'), on)}", "", _on_reason),
    "accounts.agreement.cancelled": Wording(
        "Service", Tone.NOTICE, SERVICE, lambda d, on: f"Service from {_day(d.get('on'), on)} cancelled", "",
        _on_reason),
    "accounts.rate.changed": Wording(
        "Rate", Tone.INFO, SERVICE, lambda d, on: f"{d.get('rate')} from {_day(d.get('on'), on)}"),
    "accounts.rider.added": Wording(
        "Rate", Tone.INFO, SERVICE, lambda d, on: f"{d.get('rider')} from {_day(d.get('on'), on)}"),
    "accounts.fact.stated": Wording("Fact", Tone.PLAIN, SERVICE, _fact),
    "accounts.role.added": Wording("People", Tone.PLAIN, CHANGE, _role),
    "customers.contacts.changed": Wording("Contact", Tone.PLAIN, CHANGE, _contacts),
    **CASES,
    "accounts.role.ended": Wording("People", Tone.PLAIN, CHANGE, _role_ended),
    "customers.language.set": Wording(
        "Language", Tone.PLAIN, CHANGE, lambda d, _: _language(d, _) or "English",
        "", lambda d, _: "with interpreter" if d.get("interpreter") else ""),
    "accounts.note.written": Wording("Note", Tone.PLAIN, CONTACT, lambda _d, _o: ""),
    "notices.notice.composed": Wording("Notice", Tone.NOTICE, NOTICE, _notice("written"), "Open", _language),
    "notices.notice.handed_over": Wording("Notice", Tone.NOTICE, NOTICE, _notice("sent"), "Open", _language),
    "notices.notice.delivered": Wording("Notice", Tone.GOOD, NOTICE, _notice("delivered"), "Open", _language),
    "notices.notice.bounced": Wording("Notice", Tone.BAD, NOTICE, _notice("bounced"), "Open", _language),
    "notices.notice.returned": Wording("Notice", Tone.BAD, NOTICE, _notice("came back"), "Open", _language),
    "notices.translation.missed": Wording(
        "Notice", Tone.WATCH, NOTICE, lambda d, _: f"{_said(d.get('code'))}: in English, no full translation", "",
        _language),
    "notices.words.erased": Wording("Notice", Tone.PLAIN, NOTICE, lambda _d, _o: "Words of a notice erased"),
    "usage.read.corrected": Wording(
        "Meter", Tone.METER, SERVICE,
        lambda d, _: f"Read corrected from {int(d.get('was') or 0):,} to {int(d.get('now') or 0):,}"),
    "usage.read.entered": Wording(
        "Meter", Tone.METER, SERVICE, lambda d, _: f"Meter {d.get('meter')} read: {int(d.get('count') or 0):,}"),
    "usage.exception.decided": Wording("Meter", Tone.METER, SERVICE, _decided),
    "usage.use.estimated": Wording(
        "Meter", Tone.WATCH, SERVICE,
        lambda d, on: f"Use estimated from {_day(d.get('start'), on)} to {_day(d.get('end'), on)}"),
    "incidents.incident.reported": Wording(
        "Error", Tone.WATCH, SERVICE, lambda d, _on: f"Error reported: {d.get('interface')}", "Open"),
    "incidents.incident.sent": Wording(
        "Error", Tone.INFO, SERVICE, lambda d, _on: f"Error at {d.get('interface')} sent to {d.get('vendor')}", "Open"),
    "incidents.incident.fixed": Wording(
        "Error", Tone.GOOD, SERVICE, lambda d, _on: f"Error at {d.get('interface')} fixed", "Open"),
    "incidents.incident.reopened": Wording(
        "Error", Tone.BAD, SERVICE, lambda d, _on: f"Error at {d.get('interface')} not fixed after all", "Open"),
    "network.command.asked": Wording("Meter", Tone.INFO, SERVICE, _asked("asked"), "Open"),
    "network.command.completed": Wording("Meter", Tone.GOOD, SERVICE, _asked("done"), "Open", _spoken),
    "network.command.failed": Wording("Meter", Tone.BAD, SERVICE, _asked("failed"), "Open", _spoken),
    "network.command.timed_out": Wording("Meter", Tone.WATCH, SERVICE, _asked("no answer"), "Open", _spoken),
    "network.command.heard_late": Wording("Meter", Tone.NOTICE, SERVICE, _asked("answered late"), "Open", _spoken),
    "network.check.finished": Wording("Meter", Tone.INFO, SERVICE, _checked, "Open"),
    "fieldwork.order.raised": Wording("Order", Tone.INFO, SERVICE, _order("order raised"), "Open", _on_reason),
    "fieldwork.order.started": Wording("Order", Tone.INFO, SERVICE, _order("the crew is there"), "Open"),
    "fieldwork.order.completed": Wording("Order", Tone.GOOD, SERVICE, _order("done"), "Open"),
    "fieldwork.order.returned": Wording("Order", Tone.WATCH, SERVICE, _order("not done"), "Open", _on_reason),
    "fieldwork.order.cancelled": Wording("Order", Tone.PLAIN, SERVICE, _order("cancelled"), "Open", _on_reason),
    "fieldwork.order.reported_late": Wording(
        "Order", Tone.BAD, SERVICE, _order("reported when it was over, nothing was changed"), "Open"),
    "fieldwork.visit.booked": Wording("Order", Tone.INFO, SERVICE, _visit("booked"), "Open"),
    "fieldwork.visit.moved": Wording("Order", Tone.NOTICE, SERVICE, _visit("moved"), "Open"),
    "fieldwork.visit.cancelled": Wording("Order", Tone.NOTICE, SERVICE, _visit("given up"), "Open"),
    "keyaccounts.issue.handed_over": Wording(
        "Issue", Tone.WATCH, CONTACT,
        lambda d, on: f"Handed to the account managers, promised for {_day(d.get('promised_on'), on)}"),
    "keyaccounts.issue.opened": Wording(
        "Issue", Tone.WATCH, CONTACT, lambda d, on: f"Issue opened, promised for {_day(d.get('promised_on'), on)}"),
    "keyaccounts.issue.taken": Wording("Issue", Tone.INFO, CONTACT, lambda _d, _o: "An account manager took the issue"),
    "keyaccounts.issue.promised_again": Wording(
        "Issue", Tone.WATCH, CONTACT, lambda d, on: f"Promised anew for {_day(d.get('promised_on'), on)}"),
    "keyaccounts.issue.closed": Wording("Issue", Tone.GOOD, CONTACT, lambda d, _: f"Issue closed: {d.get('outcome')}"),
    "keyaccounts.touch.logged": Wording(
        "Contact", Tone.INFO, CONTACT, lambda d, _: f"{_said(d.get('kind'))} of an account manager"),
    "keyaccounts.step.set": Wording(
        "Next step", Tone.NOTICE, CONTACT, lambda d, on: f"To be done by {_day(d.get('due_on'), on)}"),
    "keyaccounts.step.done": Wording("Next step", Tone.GOOD, CONTACT, lambda _d, _o: "Done"),
    "worklist.item.finished": Wording("Work", Tone.GOOD, CHANGE, _work("finished")),
    "worklist.item.resolved": Wording("Work", Tone.GOOD, CHANGE, _work("closed by itself")),
    "worklist.item.dismissed": Wording("Work", Tone.PLAIN, CHANGE, _work("dismissed")),
    "worklist.item.reopened": Wording("Work", Tone.WATCH, CHANGE, _work("opened again")),
    "platform.approval.asked": Wording("Approval", Tone.WATCH, CHANGE, lambda _d, _o: "Waits for a second person"),
    "platform.approval.approved": Wording("Approval", Tone.GOOD, CHANGE, lambda _d, _o: "Approved"),
    "platform.approval.refused": Wording("Approval", Tone.BAD, CHANGE, lambda _d, _o: "Refused"),
    "platform.approval.withdrawn": Wording("Approval", Tone.PLAIN, CHANGE, lambda _d, _o: "Withdrawn"),
}  # fmt: skip
