"""Tell the credit bureaus once a month what became of written-off debts, and fetch that file with its numbers."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.queries import profile
from lamplighter.credit.models import BureauFile, FurnishingTerms
from lamplighter.credit.operations.furnishing import SUBJECT, keep_bureau_file
from lamplighter.credit.queries.closed import SERVICE
from lamplighter.credit.queries.furnishing import Telling, furnishing_on, tellings
from lamplighter.credit.rules.furnishing import CannotFurnish, history
from lamplighter.customers.models import Identity
from lamplighter.customers.operations import show_identity
from lamplighter.formats.agencies.metro2 import Furnished, Reporter, with_numbers, write_metro2
from lamplighter.kernel.actors import Actor
from lamplighter.notices.queries import sender
from lamplighter.payments.models import Payment
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import advisory_lock, in_transaction

VERSION = "1"


@in_transaction
def tell_bureaus(*, on: date, by: Actor, at: datetime) -> BureauFile:
    """Every debt that is furnished, as it stands today. Raises CannotFurnish where nothing is furnished, nothing is to
    be told, or this month's file was made."""
    advisory_lock(SUBJECT)
    terms, month = furnishing_on(on), on.replace(day=1)
    if terms is None:
        raise CannotFurnish("Nothing is furnished: no terms hold today.")
    if BureauFile.objects.filter(month=month).exists():
        raise CannotFurnish(f"The file of {month:%B %Y} was made already. The next one is next month's.")
    found = tellings(on=on)
    if not found:
        raise CannotFurnish("There is nothing to tell the bureaus.")
    text = write_metro2(
        [_furnished(one, on) for one in found], reporter=_reporter(terms), activity_on=on, made_on=on, version=VERSION
    )
    name = f"METRO2{on:%Y%m%d}.txt"
    file, _ = store_file([text.encode("ascii")], name=name, media_type="text/plain", by=by, at=at)
    return keep_bureau_file(month=month, file=file, debts=found, on=on, by=by, at=at)


@in_transaction
def fetch(*, file: BureauFile, by: Actor, at: datetime) -> str:
    """The file as it is sent, with the Social Security numbers that are known; each is recorded as shown."""
    numbers: dict[str, str] = {}
    for one in file.debts.select_related("write_off__account"):
        known = profile(one.write_off.account, on=file.made_on)
        found = Identity.objects.filter(person=known.customer, kind=Identity.Kind.SSN).select_related("person").first()
        if found is not None:
            numbers[one.write_off.account.number] = show_identity(
                identity=found, reason="bureau", remark=f"Metro 2 file of {file.month:%B %Y}", by=by, at=at
            )
    return with_numbers(path_of(file.file_id).read_bytes().decode("ascii"), numbers)


def _reporter(terms: FurnishingTerms) -> Reporter:
    who = sender()
    return Reporter(who.utility, who.office, who.phone, terms.equifax, terms.experian, terms.transunion)


def _furnished(one: Telling, on: date) -> Furnished:
    made = one.write_off
    known = profile(made.account, on=on)
    services = Agreement.objects.filter(account=made.account, kind__in=SERVICE, cancelled_at__isnull=True)
    rows = list(services.select_related("premise").order_by("pk"))
    place, person = rows[-1].premise, known.customer
    assert place is not None, "service has a premise"
    assert person is not None, "an account has a customer"
    family, _, given = person.sort_name.partition(", ")
    paid = Payment.objects.filter(account=made.account, event__reversal__isnull=True).order_by("event__received_on")
    last = paid.values_list("event__received_on", flat=True).last()
    return Furnished(
        account=made.account.number, family=family, given=given, street=place.street, unit=place.unit, city=place.city,
        state=place.state, postcode=place.postcode.replace("-", ""), phone=known.reach.phone or "",
        opened=rows[0].period.start, closed=rows[-1].period.closed_end, first_late=one.first_late, last_paid=last,
        written_off=made.amount, owed=one.owed, status=one.told.status, dispute=one.told.dispute,
        indicator=one.told.indicator, as_of=on, history=history(made.written_on, as_of=on),
    )  # fmt: skip
