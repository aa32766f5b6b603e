"""Tell customers about their bills: ready, corrected. What cannot be written stops no bill: somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.billing.kinds import UNTOLD
from lamplighter.billing.linking import hidden
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.operations.linking import make_links, revoke_links
from lamplighter.billing.queries.dispatch import READY
from lamplighter.billing.queries.linking import asked_of, sealed_since
from lamplighter.billing.reasons import Why
from lamplighter.billing.rules import Fact
from lamplighter.customers.models import Person
from lamplighter.customers.queries import Reach, reach_many
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import queue
from lamplighter.notices.queries.drafts import CannotCompose, Refused, Request, drafts
from lamplighter.notices.queries.outbox import WITHHELD
from lamplighter.notices.queries.templates import sender
from lamplighter.notices.rules.fields import Value
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import Premise
from lamplighter.worklist.operations import Draft, raise_items

WHY: Mapping[str, str] = {Why.RATE: "rate", Why.TARIFF: "rate", Why.MOVE: "service", Why.SHARES: "shares"}
OTHERWISE = "reading"
BY = {READY: Channel.EMAIL, "bill-corrected": Channel.LETTER}


def told_by_email(account: Account, *, cents: int) -> bool:
    """Whether a bill on which so much is due is told of by email."""
    return cents > 0 and account.dispatch != Account.Dispatch.PAPER


@in_transaction
def tell_bills_ready(*, bills: Sequence[Bill], by: Actor, at: datetime) -> list[Notice]:
    """An email for each bill of an account that gets its bills by email. A source is told once."""
    by_email = [bill for bill in bills if told_by_email(bill.account, cents=bill.due.cents)]
    if not by_email:
        return []
    on = by_email[0].issued_on
    return _lead(by_email, _ready(by_email, site=settings.PUBLIC_URL, on=on), on=on, by=by, at=at)


@in_transaction
def lead_again(*, bill: Bill, site: str, on: date, by: Actor, at: datetime) -> Notice:
    """The email of a bill once more, with a new link in place of the one before. Raises CannotCompose."""
    advisory_lock(f"account:{bill.account_id}")
    _refuse_leading(bill, on=on)
    revoke_links(bills=[bill.pk], by=by, at=at)
    turn = bill.links.count() + 1
    wanted = [replace(one, source=f"{one.source}:{turn}") for one in _ready([bill], site=site, on=on)]
    refused = drafts(wanted).refused
    if refused or not wanted:
        raise CannotCompose(str(refused[0].finding) if refused else "This bill tells of no service: send it on paper.")
    (notice,) = _lead([bill], wanted, on=on, by=by, at=at)
    return notice


def _refuse_leading(bill: Bill, *, on: date) -> None:
    """A bill is its customer's: not of whoever has the account since, and no paper with an address sealed since."""
    main = AccountRole.objects.filter(account=bill.account_id, role=AccountRole.Role.MAIN)
    then, now = (main.filter(period__contains=day).values_list("person", flat=True).first()
                 for day in (bill.issued_on, on))  # fmt: skip
    if then is None or then != now:
        raise CannotCompose("Whom this bill went to is not the customer of the account now. Send it on paper.")
    if sealed_since(bill):
        raise CannotCompose("This bill tells an address that became confidential since. Nothing was sent.")


def _ready(bills: Sequence[Bill], *, site: str, on: date) -> list[Request]:
    """What is to be said of each; where emails have an address to lead to, with a link in place of the front page."""
    reached, spans = _reached([bill.account_id for bill in bills], on=on), _spans(bills)
    link = f"{site}/bill/{WITHHELD}/" if site else sender().website
    asked = asked_of(bills) if site else {}
    wanted = []
    for bill in bills:
        person, reach = reached.get(bill.account_id, (None, Reach()))
        if person is None or bill.pk not in spans:
            continue
        first, last, kwh = spans[bill.pk]
        hide = bill.pk in asked and asked[bill.pk].fact is Fact.ACCOUNT
        number = hidden(bill.account.number) if hide else bill.account.number
        values = {
            "customer": person.name, "account": number, "amount": bill.due, "due": bill.due_on,
            "first": first, "last": last, "kwh": kwh, "link": link,
        }  # fmt: skip
        wanted.append(_request(READY, bill, person, (reach.email,), values))
    return wanted


def _lead(bills: Sequence[Bill], wanted: Sequence[Request], *, on: date, by: Actor, at: datetime) -> list[Notice]:
    """Compose, and make a link for each email whose words keep a place for its secret."""
    notices = _tell(wanted, by=by, at=at)
    leads = {one.subject for one in wanted if WITHHELD in str(one.values["link"])}
    by_subject = {bill.subject: bill for bill in bills}
    emails = [(by_subject[notice.subject], notice) for notice in notices if notice.subject in leads]
    make_links(emails=emails, on=on, by=by, at=at)
    return notices


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
    rows = Segment.objects.filter(bill__in=[bill.pk for bill in bills]).values_list("bill", "period", "kwh")
    for bill, days, used in rows:  # without the statements, which are as long as everything else together
        first, last, kwh = found.get(bill, (days.start, days.last_day, 0))
        found[bill] = min(first, days.start), max(last, days.last_day), kwh + round(used or 0)
    return found
