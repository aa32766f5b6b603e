"""A bill that is made again after a petition is divided at the filing again: by what it is now, and once."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.credit.queries.bankruptcies import draft_case, left_of, to_divide
from lamplighter.journeys import rebilling
from lamplighter.journeys.bankruptcy import end, enter_petition, review_case
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.payments.queries import owed_by
from lamplighter.usage.operations.registers import correct_read
from tests.billing.test_rebill import POLICY
from tests.town import DANA, FLAT

FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
FILED = date(2026, 2, 15)


@pytest.fixture
def home(town):
    """February was billed at 900 kWh, $135.00; half of its days are from before February 15."""
    rate = town.adopts(FLAT)
    town.on("2026-02-01").moves_in("Ada", rate, interval=None)
    town.reads("Ada", ("2026-02-01", 0), ("2026-03-01", 900))
    town.on("2026-03-01").bills("2026-02-01", "2026-03-01")
    return town.homes["Ada"]


def petitions(town, home):
    town.on("2026-03-10")
    petition = Petition(13, "26-41877", "Northern District of California", FILED, FILED)
    return enter_petition(account=home.account, petition=petition, on=town.today, by=DANA, at=town.at)


def reads_again(town, home, was, count, day):
    """The read was wrong, and the month is billed again; the next morning somebody's program looks at the case."""
    town.on(day)
    wrong = home.channel.reads.get(count=was, superseded_by__isnull=True)
    correct_read(read=wrong, count=count, quality=Quality.EDITED, by=DANA, at=town.at, remark="actual")
    rebilling.correct(
        agreement=home.agreement, period=FEBRUARY, reason="corrected-read", policy=POLICY, on=town.today, by=DANA,
        at=town.at,
    )  # fmt: skip


def morning(town, case):
    review_case(case=case, on=town.today, by=DANA, at=town.at)
    assert to_divide(case) == [], "once"


def stands(case, home) -> tuple[int, int]:
    """From before the filing, and asked of the customer for service since."""
    since = [one for one in owed_by(home.account) if one.agreement == home.agreement.pk]
    return left_of(case).cents, total(one.amount for one in since).cents


def test_less_and_more_are_divided_as_the_bill_itself_would_be(town, home):
    case = petitions(town, home)
    assert stands(case, home) == (6750, 6750)
    reads_again(town, home, 900, 700, "2026-04-02")
    morning(town, case)
    assert stands(case, home) == (5250, 5250)
    reads_again(town, home, 700, 800, "2026-04-20")
    morning(town, case)
    assert stands(case, home) == (6000, 6000)
    assert end(case=case, outcome="dismissed", on=town.today, by=DANA, at=town.at) == Money(6000)
    assert stands(case, home) == (0, 12000)


def test_what_was_paid_before_the_petition_stays_paid(town, home):
    town.on("2026-03-05").pays("Ada", 10000)
    case = petitions(town, home)
    assert stands(case, home) == (1750, 1750)
    reads_again(town, home, 900, 700, "2026-04-02")
    morning(town, case)
    assert stands(case, home) == (250, 250)


def test_a_bill_that_was_made_again_before_the_petition_is_divided_by_its_days(town, home):
    reads_again(town, home, 900, 700, "2026-03-08")
    draft = draft_case(home.account, chapter=13, filed_on=FILED, order_on=FILED, on=town.today)
    assert (draft.before.cents, draft.after.cents) == (5250, 5250)


def test_the_customer_keeps_a_credit_and_the_estate_owes_nothing_when_all_was_paid(town, home):
    town.on("2026-03-05").pays("Ada", 13500)
    case = petitions(town, home)
    reads_again(town, home, 900, 700, "2026-04-02")
    morning(town, case)
    assert stands(case, home) == (0, 0)
    assert home.account.agreements.filter(kind=AgreementKind.PRE_PETITION).count() == 1
