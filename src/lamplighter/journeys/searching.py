"""A letter to a closed account comes back: somebody looks for the customer, and it goes to where they are found."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.credit.models import Process, Search, SearchStep
from lamplighter.credit.operations.collecting import move_steps
from lamplighter.credit.operations.searching import begin_search, end_search, note_search
from lamplighter.credit.queries.closed import are_closed
from lamplighter.credit.queries.deposits import main_person
from lamplighter.credit.rules.collecting import FINAL, GIVE_UP, CollectionPolicy, StepKind
from lamplighter.credit.rules.searching import CannotSearch, Where
from lamplighter.customers.operations import set_mailing_address
from lamplighter.customers.rules import CannotRecord
from lamplighter.journeys import dunning
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.payments.queries import owed_by
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work

LETTERS = [step.key for step in FINAL.steps if step.kind is StepKind.LETTER]


@in_transaction
def search_for(*, notice: Notice, by: Actor, at: datetime) -> Search | None:
    """Where its account has no service any more and owes; None otherwise. Whom one gave up on is not looked for again.
    Whoever calls holds the account."""
    if notice.account is None:
        return None
    account = Account.objects.filter(pk=notice.account).first()
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    if account is None or not are_closed([account.pk], on=on) or still_owed(account) <= ZERO:
        return None
    given_up = Search.objects.filter(account=account, outcome=Search.Outcome.NOT_FOUND).order_by("-pk").first()
    return given_up or begin_search(account=account, notice=notice, on=on, by=by, at=at)


@in_transaction
def looked(*, search: Search, where: Where, words: str, address: str, on: date, by: Actor, at: datetime) -> SearchStep:
    """One place was looked in. With an `address` they are found: letters go there from today, what came back is written
    again, and they have as long to answer as after the last letter of a final bill. Raises CannotSearch."""
    advisory_lock(f"account:{search.account_id}")
    if not address.strip():
        return note_search(search=search, where=where, words=words, found=False, notice=None, on=on, by=by, at=at)
    account, person = search.account, main_person(search.account)
    if person is None:
        raise CannotSearch("Nobody stands on this account. Name its customer first.")
    try:
        set_mailing_address(person=person, lines=address, period=Period(on), by=by, at=at)
    except CannotRecord as refused:
        raise CannotSearch(str(refused)) from refused
    again = _write_again(search, account, on=on, by=by, at=at)
    step = note_search(search=search, where=where, words=words, found=True, notice=again, on=on, by=by, at=at)
    end_search(search=search, outcome=Search.Outcome.FOUND, on=on, by=by, at=at)
    answer = timedelta(days=policy_in_force(CollectionPolicy, on=on).answer_days)
    for process in Process.objects.filter(account=account, template=FINAL.key, ended_on__isnull=True):
        move_steps(process=process, days={GIVE_UP: on + answer})
    return step


@in_transaction
def give_up(*, search: Search, on: date, by: Actor, at: datetime) -> Search:
    """They are not found: what is owed may go to an agency. Raises CannotSearch."""
    return end_search(search=search, outcome=Search.Outcome.NOT_FOUND, on=on, by=by, at=at)


def end_paid_searches(*, on: date, by: Actor, at: datetime) -> int:
    """Where nothing is owed any more nobody is looked for; each in a unit of work of its own. How many."""
    ended = 0
    for search in Search.objects.filter(ended_on__isnull=True).select_related("account").order_by("pk"):
        with unit_of_work(by):
            if still_owed(search.account) <= ZERO:
                end_search(search=search, outcome=Search.Outcome.PAID, on=on, by=by, at=at)
                ended += 1
    return ended


def still_owed(account: Account) -> Money:
    return total(one.amount for one in owed_by(account))


def _write_again(search: Search, account: Account, *, on: date, by: Actor, at: datetime) -> Notice | None:
    """The letter that came back with what is owed today; the last one, if what came back was no letter about it."""
    code = search.notice.template.code
    letter = dunning.asks(code if code in LETTERS else LETTERS[-1], search.subject, still_owed(account))
    return dunning.write(letter, account=account, on=on, by=by, at=at)
