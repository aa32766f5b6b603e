"""Tell customers about their bills: ready, corrected. What cannot be written stops no bill: somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.billing.kinds import UNTOLD
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.reasons import Why
from lamplighter.customers.models import Person
from lamplighter.customers.queries import Reach, reach_many
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import queue
from lamplighter.notices.queries.drafts import Refused, Request, drafts
from lamplighter.notices.queries.templates import sender
from lamplighter.notices.rules.fields import Value
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import Premise
from lamplighter.worklist.operations import Draft, raise_items

WHY: Mapping[str, str] = {Why.RATE: "rate", Why.TARIFF: "rate", Why.MOVE: "service", Why.SHARES: "shares"}
OTHERWISE = "reading"
BY = {"bill-ready": Channel.EMAIL, "bill-corrected": Channel.LETTER}


@in_transaction
def tell_bills_ready(*, bills: Sequence[Bill], by: Actor, at: datetime) -> list[Notice]:
    """An email for each bill of an account that gets its bills by email. A source is told once."""
    by_email = [bill for bill in bills if bill.account.dispatch != Account.Dispatch.PAPER and bill.due.cents > 0]
    if not by_email:
        return []
    reached = _reached([bill.account_id for bill in by_email], on=by_email[0].issued_on)
    spans = _spans(by_email)
    link = sender().website
    wanted = []
    for bill in by_email:
        person, reach = reached.get(bill.account_id, (None, Reach()))
        if person is None or bill.pk not in spans:
            continue
        first, last, kwh = spans[bill.pk]
        values = {
            "customer": person.name, "account": bill.account.number, "amount": bill.due, "due": bill.due_on,
            "first": first, "last": last, "kwh": kwh, "link": link,
        }  # fmt: skip
        address = (reach.email,)
        wanted.append(_request("bill-ready", bill, person, address, values))
    return _tell(wanted, by=by, at=at)


@in_transaction
def tell_corrected(
    *, bill: Bill, was: Sequence[Segment], premise: Premise, reason: str, by: Actor, at: datetime
) -> list[Notice]:
    """A letter that says what was wrong, and what the right amount is."""
    reached = _reached([bill.account_id], on=bill.issued_on)
    before = sum((segment.total for segment in was), ZERO)
    difference = bill.charges - before
    if bill.account_id not in reached or not difference:
        return []
    person, reach = reached[bill.account_id]
    lines = (reach.mailing or premise.label).splitlines()
    values = {
        "customer": person.name, "premise": premise.address, "account": bill.account.number, "sent": bill.issued_on,
        "billed": was[0].bill.issued_on, "was": before, "now": bill.charges, "difference": abs(difference),
        "why": _why(reason, difference),
        "result": "higher" if difference > ZERO else "lower",
    }  # fmt: skip
    letter = _request("bill-corrected", bill, person, (person.name, *lines), values)
    return _tell([letter], by=by, at=at)


def _why(reason: str, difference: Money) -> str:
    """The sentence of the letter that says what was wrong. A fact that was not known lowers a bill as a discount does;
    one that no longer holds had it on the wrong rate."""
    if reason == Why.FACT:
        return "discount" if difference < ZERO else "rate"
    return WHY.get(reason, OTHERWISE)


def _tell(wanted: Sequence[Request], *, by: Actor, at: datetime) -> list[Notice]:
    made = drafts(wanted)
    notices = compose(drafts=made.drafts, by=by, at=at)
    queue(notices=notices, by=by, at=at)
    raise_items(drafts=[_matter(one) for one in made.refused], by=by, at=at)
    return notices


def _matter(refused: Refused) -> Draft:
    request = refused.request
    return Draft(
        UNTOLD.key, request.subject, f"{request.code} by {request.channel}", account=request.account,
        dedupe=request.source, data={"why": refused.finding.code},
    )  # fmt: skip


def _request(code: str, bill: Bill, person: Person, address: tuple[str, ...], values: Mapping[str, Value]) -> Request:
    return Request(
        code, BY[code], Language(person.language), f"{code}:{bill.number}", bill.subject, f"person:{person.number}",
        address, values, account=bill.account_id,
    )  # fmt: skip


def _reached(accounts: Sequence[int], *, on: date) -> dict[int, tuple[Person, Reach]]:
    roles = AccountRole.objects.filter(account__in=accounts, role=AccountRole.Role.MAIN, period__contains=on)
    people = {role.account_id: role.person for role in roles.select_related("person")}
    reach = reach_many([person.pk for person in people.values()], on=on)
    return {account: (person, reach[person.pk]) for account, person in people.items()}


def _spans(bills: Sequence[Bill]) -> dict[int, tuple[date, date, int]]:
    found: dict[int, tuple[date, date, int]] = {}
    for segment in Segment.objects.filter(bill__in=bills):
        first, last, kwh = found.get(segment.bill_id, (segment.period.start, segment.period.last_day, 0))
        found[segment.bill_id] = (
            min(first, segment.period.start), max(last, segment.period.last_day), kwh + round(segment.kwh or 0),
        )  # fmt: skip
    return found
