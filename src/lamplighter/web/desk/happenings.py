"""Events in words: what the timeline says of each thing that happened.

Each event name has a kind with its colour, a family for the filter, a sentence and a detail in grey, both made from
the event's own data. A detail that names who did it says "you" for one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lamplighter.credit.rules.unauthorized import Act as Investigated
from lamplighter.kernel.actors import Actor, ActorKind
from lamplighter.platform.models import Event
from lamplighter.web.desk import sentences as say
from lamplighter.web.desk.assistance.happenings import PLEDGES
from lamplighter.web.desk.contacts.happenings import CASES
from lamplighter.web.desk.wordings import CHANGE, CONTACT, MONEY, NOTICE, SERVICE, Wording
from lamplighter.web.naming import plain
from lamplighter.web.ui.parts import Badge, Entry, Link, Tone
from lamplighter.web.visits import Visit

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


WORDS: dict[str, Wording] = {
    "billing.bill.issued": Wording("Bill", Tone.INFO, MONEY, say.bill, "View", say.bill_detail),
    "billing.segment.cancelled": Wording("Correction", Tone.NOTICE, MONEY, say.cancelled, "View", say.on_reason),
    "billing.rebill.asked": Wording(
        "Correction", Tone.NOTICE, MONEY, lambda d, on: f"To be billed again from {say.day(d.get('start'), on)}", "",
        say.on_reason),
    "billing.rebill.settled": Wording(
        "Correction", Tone.NOTICE, MONEY, lambda d, _: say.SETTLED.get(str(d.get("state")), "Billing again settled")),
    "billing.adjustment.made": Wording(
        "Adjustment", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} · {d.get('label')}"),
    "billing.balance.brought_forward": Wording(
        "Balance", Tone.PLAIN, MONEY, lambda d, _: f"{say.money(d)} brought forward from the old system"),
    "payments.payment.taken": Wording("Payment", Tone.GOOD, MONEY, say.paid, "Receipt"),
    "payments.payment.reversed": Wording(
        "Payment", Tone.BAD, MONEY, say.reversed_payment, "Receipt"),
    "payments.payment.moved": Wording(
        "Payment", Tone.NOTICE, MONEY,
        lambda d, _: f"{say.money(d)} moved {d.get('way')} account {d.get('other')} · receipt R-{d.get('receipt')}",
        "Receipt"),
    "payments.refund.made": Wording(
        "Refund", Tone.NOTICE, MONEY,
        lambda d, _: f"{say.money(d)} refunded by {say.REFUNDED.get(str(d.get('method')))}"),
    "payments.refund.written": Wording(
        "Refund", Tone.INFO, MONEY, lambda d, _: f"Check {d.get('check')} for {say.money(d)} written"),
    "payments.refund.sent": Wording("Refund", Tone.INFO, MONEY, lambda d, _: f"{say.money(d)} sent to the bank"),
    "payments.refund.cleared": Wording("Refund", Tone.GOOD, MONEY, lambda d, _: f"{say.money(d)} paid by the bank"),
    "payments.refund.voided": Wording(
        "Refund", Tone.BAD, MONEY, lambda d, _: f"Check {d.get('check')} for {say.money(d)} voided"),
    "payments.refund.stale": Wording(
        "Refund", Tone.WATCH, MONEY, lambda d, _: f"{say.money(d)} never cashed, held as unclaimed"),
    "payments.refund.claimed": Wording(
        "Refund", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} that was held as unclaimed asked for by its owner"),
    "payments.refund.taken": Wording(
        "Refund", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} that nobody claimed taken over"),
    "payments.refund.back": Wording(
        "Refund", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} of a refund back on the account"),
    "payments.refund.returned": Wording(
        "Refund", Tone.BAD, MONEY, lambda d, _: f"{say.money(d)} returned by the customer's bank"),
    "payments.refund.handed": Wording(
        "Refund", Tone.INFO, MONEY, lambda d, _: f"{say.money(d)} handed to the city's accounts payable"),
    "payments.refund.paid": Wording(
        "Refund", Tone.GOOD, MONEY, lambda d, _: f"{say.money(d)} paid by the city's check {d.get('check')}"),
    "payments.refund.refused": Wording(
        "Refund", Tone.BAD, MONEY,
        lambda d, _: f"{say.money(d)} refused by accounts payable, back on the account"),
    "payments.cash_only.begun": Wording(
        "Payment", Tone.WATCH, MONEY, lambda _d, _o: "Cash only", "", say.on_reason),
    "payments.cash_only.ended": Wording("Payment", Tone.GOOD, MONEY, lambda _d, _o: "Checks are taken again"),
    "credit.arrangement.made": Wording(
        "Plan", Tone.INFO, MONEY, lambda d, _: f"{say.money(d)} in {d.get('instalments')} payments", "",
        lambda d, on: f"the last {say.day(d.get('last'), on)}"),
    "credit.arrangement.ended": Wording(
        "Plan", Tone.NOTICE, MONEY, lambda d, _: f"Plan {say.spelled(d.get('reason'))}"),
    "credit.arrangement.returned": Wording(
        "Plan", Tone.WATCH, MONEY, lambda d, _: f"{say.money(d)} of an ended plan is owed again: a payment was returned"
    ),
    "credit.forgiveness.begun": Wording(
        "Old debt", Tone.INFO, MONEY,
        lambda d, _: f"{say.money(d)} set aside, forgiven with {d.get('shares')} bills paid in time"),
    "credit.forgiveness.earned": Wording(
        "Old debt", Tone.GOOD, MONEY, lambda d, _: f"{say.money(d)} forgiven: bill {d.get('bill')} was paid in time"),
    "credit.forgiveness.missed": Wording(
        "Old debt", Tone.WATCH, MONEY, lambda d, _: f"Nothing forgiven: bill {d.get('bill')} was not paid in time"),
    "credit.forgiveness.ended": Wording(
        "Old debt", Tone.NOTICE, MONEY,
        lambda d, _: "All of it is forgiven" if d.get("reason") == "kept" else f"{say.money(d)} is owed again"),
    "credit.hardship.begun": Wording(
        "Hardship", Tone.INFO, MONEY,
        lambda d, on: f"On file until {say.day(d.get('until'), on)}: no late or reconnection fees"),
    "credit.hardship.ended": Wording(
        "Hardship", Tone.NOTICE, MONEY, lambda d, on: f"Over: {say.day(d.get('on'), on)} is the first day without it"),
    "credit.extension.given": Wording(
        "Plan", Tone.INFO, MONEY, lambda d, on: f"More time: {say.money(d)} by {say.day(d.get('until'), on)}"),
    "credit.extension.ended": Wording(
        "Plan", Tone.NOTICE, MONEY, lambda d, _: f"More time {say.spelled(d.get('reason'))}"),
    "credit.collection.begun": Wording(
        "Collection", Tone.WATCH, MONEY,
        lambda d, _: f"{say.capital(d.get('template'))} process begun for {say.money(d)}"),
    "credit.collection.ended": Wording(
        "Collection", Tone.GOOD, MONEY, lambda d, _: f"Collection stops: {say.spelled(d.get('reason'))}"),
    "credit.step.done": Wording("Collection", Tone.PLAIN, MONEY, lambda d, _: f"{say.capital(d.get('step'))} done"),
    "credit.hold.begun": Wording(
        "Hold", Tone.BAD, CHANGE, lambda d, _: f"{say.capital(d.get('kind'))}: power stays on"),
    "credit.hold.ended": Wording("Hold", Tone.PLAIN, CHANGE, lambda d, _: f"{say.capital(d.get('kind'))}: ended"),
    "credit.contact.tried": Wording(
        "Call", Tone.INFO, CONTACT,
        lambda d, _: f"{say.capital(d.get('how'))}: {'reached' if d.get('reached') else 'not reached'}"),
    **{
        f"credit.bankruptcy.{name}": Wording("Hold", Tone.INFO, CHANGE, say.case(words))
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
        "Collection", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} written off", detail=say.on_reason
    ),
    "credit.debt.recovered": Wording(
        "Collection", Tone.GOOD, MONEY, lambda d, _: f"{say.money(d)} of a written-off debt recovered"
    ),
    "credit.debt.referred": Wording(
        "Collection", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} placed with {d.get('agency')}"
    ),
    "credit.debt.recalled": Wording(
        "Collection", Tone.PLAIN, MONEY,
        lambda d, _: f"{say.capital(d.get('reason'))}: no longer with {d.get('agency')}"
    ),
    "credit.search.begun": Wording(
        "Collection", Tone.WATCH, CONTACT, lambda _d, _on: "Mail came back: somebody looks for the customer"),
    "credit.search.tried": Wording(
        "Collection", Tone.PLAIN, CONTACT,
        lambda d, _: f"Looked for the customer: {'found' if d.get('found') else 'nothing'}"),
    "credit.search.ended": Wording(
        "Collection", Tone.NOTICE, CONTACT, lambda d, _: f"Search for the customer: {say.spelled(d.get('reason'))}"),
    "credit.guarantor.told": Wording(
        "Collection", Tone.WATCH, MONEY,
        lambda d, on: f"Guarantor written to: {say.money(d)} by {say.day(d.get('until'), on)}"),
    "credit.guarantor.ended": Wording(
        "Collection", Tone.NOTICE, MONEY, lambda d, _: f"Guarantor, {say.money(d)}: {say.spelled(d.get('reason'))}"),
    "credit.debt.moved": Wording(
        "Collection", Tone.NOTICE, MONEY,
        lambda d, _: f"{say.money(d)} {'of account' if d.get('here') else 'asked for on account'} {d.get('other')}"
        f"{' is asked for here' if d.get('here') else ''}",
    ),
    **{
        f"credit.investigation.{act.value}": Wording(
            "Unauthorized use", Tone.WATCH, SERVICE, say.investigated(act.label), "Open"
        )
        for act in Investigated
    },
    "credit.deposit.decided": Wording("Deposit", Tone.NOTICE, MONEY, say.deposit),
    "credit.report.received": Wording(
        "Deposit", Tone.PLAIN, CHANGE, lambda d, _: f"{d.get('bureau')} was asked, by the customer's word"
    ),
    "credit.report.missing": Wording(
        "Deposit", Tone.WATCH, CHANGE, lambda _, __: "The credit bureau was asked and gave no answer"
    ),
    "credit.security.ended": Wording(
        "Deposit", Tone.WATCH, CHANGE, lambda d, _: f"{say.capital(d.get('form'))}: nobody vouches any more"
    ),
    "credit.service.restoring": Wording(
        "Order", Tone.GOOD, SERVICE, lambda d, _: f"Power is coming back{', free of charge' if d.get('free') else ''}",
        "Open",
    ),
    "credit.certificate.allowed": Wording(
        "Shut-off", Tone.WATCH, SERVICE, lambda d, _: f"Checked for {say.spelled(d.get('reason'))}: allowed"),
    "credit.certificate.refused": Wording(
        "Shut-off", Tone.GOOD, SERVICE, lambda d, _: f"Checked for {say.spelled(d.get('reason'))}: refused"),
    "accounts.account.opened": Wording("Account", Tone.INFO, SERVICE, lambda _d, _o: "Account opened"),
    "accounts.agreement.started": Wording("Service", Tone.INFO, SERVICE, say.agreement),
    "accounts.agreement.stopped": Wording(
        "Service", Tone.INFO, SERVICE, lambda d, on: f"Service stops {say.day(d.get('on'), on)}", "", say.on_reason),
    "accounts.agreement.cancelled": Wording(
        "Service", Tone.NOTICE, SERVICE, lambda d, on: f"Service from {say.day(d.get('on'), on)} cancelled", "",
        say.on_reason),
    "accounts.rate.changed": Wording(
        "Rate", Tone.INFO, SERVICE, lambda d, on: f"{d.get('rate')} from {say.day(d.get('on'), on)}"),
    "accounts.rider.added": Wording(
        "Rate", Tone.INFO, SERVICE, lambda d, on: f"{d.get('rider')} from {say.day(d.get('on'), on)}"),
    "accounts.share.stated": Wording(
        "Share", Tone.PLAIN, SERVICE,
        lambda d, on: f"{d.get('percent')}% of what a roof elsewhere sends back, from {say.day(d.get('since'), on)}"),
    "accounts.fact.stated": Wording("Fact", Tone.PLAIN, SERVICE, say.fact),
    "accounts.role.added": Wording("People", Tone.PLAIN, CHANGE, say.role),
    "customers.contacts.changed": Wording("Contact", Tone.PLAIN, CHANGE, say.contacts),
    **CASES,
    **PLEDGES,
    "accounts.role.ended": Wording("People", Tone.PLAIN, CHANGE, say.role_ended),
    "customers.language.set": Wording(
        "Language", Tone.PLAIN, CHANGE, lambda d, _: say.language(d, _) or "English",
        "", lambda d, _: "with interpreter" if d.get("interpreter") else ""),
    "accounts.note.written": Wording("Note", Tone.PLAIN, CONTACT, lambda _d, _o: ""),
    "notices.notice.composed": Wording("Notice", Tone.NOTICE, NOTICE, say.notice("written"), "Open", say.language),
    "notices.notice.handed_over": Wording("Notice", Tone.NOTICE, NOTICE, say.notice("sent"), "Open", say.language),
    "notices.notice.delivered": Wording("Notice", Tone.GOOD, NOTICE, say.notice("delivered"), "Open", say.language),
    "notices.notice.bounced": Wording("Notice", Tone.BAD, NOTICE, say.notice("bounced"), "Open", say.language),
    "notices.notice.returned": Wording("Notice", Tone.BAD, NOTICE, say.notice("came back"), "Open", say.language),
    "notices.translation.missed": Wording(
        "Notice", Tone.WATCH, NOTICE, lambda d, _: f"{say.capital(d.get('code'))}: in English, no full translation", "",
        say.language),
    "notices.words.erased": Wording("Notice", Tone.PLAIN, NOTICE, lambda _d, _o: "Words of a notice erased"),
    "usage.read.corrected": Wording(
        "Meter", Tone.METER, SERVICE,
        lambda d, _: f"Read corrected from {int(d.get('was') or 0):,} to {int(d.get('now') or 0):,}"),
    "usage.read.entered": Wording(
        "Meter", Tone.METER, SERVICE, lambda d, _: f"Meter {d.get('meter')} read: {int(d.get('count') or 0):,}"),
    "usage.exception.decided": Wording("Meter", Tone.METER, SERVICE, say.decided),
    "usage.use.estimated": Wording(
        "Meter", Tone.WATCH, SERVICE,
        lambda d, on: f"Use estimated from {say.day(d.get('start'), on)} to {say.day(d.get('end'), on)}"),
    "incidents.incident.reported": Wording(
        "Error", Tone.WATCH, SERVICE, lambda d, _on: f"Error reported: {d.get('interface')}", "Open"),
    "incidents.incident.sent": Wording(
        "Error", Tone.INFO, SERVICE, lambda d, _on: f"Error at {d.get('interface')} sent to {d.get('vendor')}", "Open"),
    "incidents.incident.fixed": Wording(
        "Error", Tone.GOOD, SERVICE, lambda d, _on: f"Error at {d.get('interface')} fixed", "Open"),
    "incidents.incident.reopened": Wording(
        "Error", Tone.BAD, SERVICE, lambda d, _on: f"Error at {d.get('interface')} not fixed after all", "Open"),
    "network.command.asked": Wording("Meter", Tone.INFO, SERVICE, say.asked("asked"), "Open"),
    "network.command.completed": Wording("Meter", Tone.GOOD, SERVICE, say.asked("done"), "Open", say.spoken),
    "network.command.failed": Wording("Meter", Tone.BAD, SERVICE, say.asked("failed"), "Open", say.spoken),
    "network.command.timed_out": Wording("Meter", Tone.WATCH, SERVICE, say.asked("no answer"), "Open", say.spoken),
    "network.command.heard_late": Wording(
        "Meter", Tone.NOTICE, SERVICE, say.asked("answered late"), "Open", say.spoken),
    "network.check.finished": Wording("Meter", Tone.INFO, SERVICE, say.checked, "Open"),
    "fieldwork.order.raised": Wording("Order", Tone.INFO, SERVICE, say.order("order raised"), "Open", say.on_reason),
    "fieldwork.order.started": Wording("Order", Tone.INFO, SERVICE, say.order("the crew is there"), "Open"),
    "fieldwork.order.completed": Wording("Order", Tone.GOOD, SERVICE, say.order("done"), "Open"),
    "fieldwork.order.returned": Wording("Order", Tone.WATCH, SERVICE, say.order("not done"), "Open", say.why_not),
    "fieldwork.order.cancelled": Wording("Order", Tone.PLAIN, SERVICE, say.order("cancelled"), "Open", say.why_not),
    "fieldwork.order.reported_late": Wording(
        "Order", Tone.BAD, SERVICE, say.order("reported when it was over, nothing was changed"), "Open"),
    "fieldwork.visit.booked": Wording("Order", Tone.INFO, SERVICE, say.visit("booked"), "Open"),
    "fieldwork.visit.moved": Wording("Order", Tone.NOTICE, SERVICE, say.visit("moved"), "Open"),
    "fieldwork.visit.cancelled": Wording("Order", Tone.NOTICE, SERVICE, say.visit("given up"), "Open"),
    "keyaccounts.issue.handed_over": Wording(
        "Issue", Tone.WATCH, CONTACT,
        lambda d, on: f"Handed to the account managers, promised for {say.day(d.get('promised_on'), on)}"),
    "keyaccounts.issue.opened": Wording(
        "Issue", Tone.WATCH, CONTACT, lambda d, on: f"Issue opened, promised for {say.day(d.get('promised_on'), on)}"),
    "keyaccounts.issue.taken": Wording("Issue", Tone.INFO, CONTACT, lambda _d, _o: "An account manager took the issue"),
    "keyaccounts.issue.promised_again": Wording(
        "Issue", Tone.WATCH, CONTACT, lambda d, on: f"Promised anew for {say.day(d.get('promised_on'), on)}"),
    "keyaccounts.issue.closed": Wording("Issue", Tone.GOOD, CONTACT, lambda d, _: f"Issue closed: {d.get('outcome')}"),
    "keyaccounts.touch.logged": Wording(
        "Contact", Tone.INFO, CONTACT, lambda d, _: f"{say.capital(d.get('kind'))} of an account manager"),
    "keyaccounts.step.set": Wording(
        "Next step", Tone.NOTICE, CONTACT, lambda d, on: f"To be done by {say.day(d.get('due_on'), on)}"),
    "keyaccounts.step.done": Wording("Next step", Tone.GOOD, CONTACT, lambda _d, _o: "Done"),
    "worklist.item.finished": Wording("Work", Tone.GOOD, CHANGE, say.work("finished")),
    "worklist.item.resolved": Wording("Work", Tone.GOOD, CHANGE, say.work("closed by itself")),
    "worklist.item.dismissed": Wording("Work", Tone.PLAIN, CHANGE, say.work("dismissed")),
    "worklist.item.reopened": Wording("Work", Tone.WATCH, CHANGE, say.work("opened again")),
    "platform.approval.asked": Wording("Approval", Tone.WATCH, CHANGE, lambda _d, _o: "Waits for a second person"),
    "platform.approval.approved": Wording("Approval", Tone.GOOD, CHANGE, lambda _d, _o: "Approved"),
    "platform.approval.refused": Wording("Approval", Tone.BAD, CHANGE, lambda _d, _o: "Refused"),
    "platform.approval.withdrawn": Wording("Approval", Tone.PLAIN, CHANGE, lambda _d, _o: "Withdrawn"),
}  # fmt: skip
