"""Gifts beside a bill: rounded up, the same each month, once; paid they reach the fund, unpaid nobody owes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment, Bill
from lamplighter.credit.queries.debts import accounts_to_look_at, collected_total, past_due_total
from lamplighter.journeys.billing import bill_now
from lamplighter.journeys.control import funds_hold
from lamplighter.journeys.granting import open_fund
from lamplighter.journeys.moving import stop_service
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances, differences
from lamplighter.notices.operations import set_sender
from lamplighter.payments.models import PaymentEvent
from lamplighter.payments.operations import reverse_event
from lamplighter.programs.models import AssistanceFund, FundMove
from lamplighter.programs.operations.giving import begin_gift, bring_gifts, end_gift
from lamplighter.programs.queries.funds import fund_year, gift_of, standing_of
from lamplighter.programs.rules.giving import CannotGive, GiftPolicy, Way, asked_with
from tests.billing.conftest import town  # noqa: F401 - a fixture
from tests.billing.test_rebill import FLAT
from tests.town import DANA, NIGHTLY

YEAR = Period(date(2026, 8, 1), date(2027, 12, 1))


@pytest.fixture
def ada(town):  # noqa: F811
    """Uses 1 kWh an hour at 15 cents, and a fund is there to give to."""
    set_sender(utility="Test Town Power", phone="(510) 555-0100", website="t.example", office="1 Main St",
               email="help@t.example", by=DANA, at=town.at)  # fmt: skip
    home = town.on("2026-08-01").moves_in("Ada", town.adopts(FLAT))
    town.uses("Ada", YEAR, 1000)
    open_fund(
        key="neighbors", name="Neighbor Fund", words="Give to your neighbors.", code="grant-fund", on=town.today,
        by=DANA, at=town.at,
    )  # fmt: skip
    yield home
    assert differences() == []
    assert funds_hold().differences == ()


def now(town):  # noqa: F811
    return {"on": town.today, "by": DANA, "at": town.at}


def gives(town, home, way, cents=0):  # noqa: F811
    return begin_gift(
        account=home.account, fund=AssistanceFund.objects.get(), way=way, amount=Money(cents), **now(town)
    )


def august(town):  # noqa: F811
    """31 days: 744 kWh, $111.60."""
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    return town.bill_of("Ada")


def donated(home):
    """Asked for and owed, on the donation's own agreement."""
    keys = home.account.agreements.filter(kind=AgreementKind.CHARITY).values_list("subledger", flat=True)
    (stand,) = balances(keys).values()
    return stand.current, stand.payoff


@pytest.mark.django_db
def test_a_bill_is_rounded_up_to_the_next_dollar_on_a_line_of_its_own_and_nothing_more_is_owed(town, ada):  # noqa: F811
    gives(town, ada, Way.ROUND_UP)
    bill = august(town)
    assert bill.due == Money(11200)
    line = Adjustment.objects.get(kind="donation")
    assert (line.label, line.amount) == ("Your gift to Neighbor Fund, as you wish", Money(40))
    assert donated(ada) == (Money(40), ZERO), "asked for, and owed by nobody"


@pytest.mark.django_db
def test_what_is_paid_reaches_the_fund_once(town, ada):  # noqa: F811
    gives(town, ada, Way.MONTHLY, 500)
    assert august(town).due == Money(11660)
    town.on("2026-09-10").pays("Ada", 11660)
    assert donated(ada) == (ZERO, Money(-500))
    assert [bring_gifts(**now(town)), bring_gifts(**now(town))] == [1, 0]
    assert donated(ada) == (ZERO, ZERO)
    assert standing_of(AssistanceFund.objects.get()).held == Money(500)
    year = fund_year(AssistanceFund.objects.get(), period=Period(date(2026, 9, 1), date(2026, 10, 1)))
    assert (year.moved["gift"], year.givers, year.after) == (Money(500), 1, Money(500))


@pytest.mark.django_db
def test_a_part_payment_pays_electricity_before_the_gift(town, ada):  # noqa: F811
    gives(town, ada, Way.MONTHLY, 500)
    august(town)
    town.on("2026-09-10").pays("Ada", 11160)
    assert donated(ada) == (Money(500), ZERO)


@pytest.mark.django_db
def test_what_is_not_paid_is_never_collected_and_taken_off_the_next_bill(town, ada):  # noqa: F811
    gives(town, ada, Way.MONTHLY, 500)
    august(town)
    town.on("2026-09-10").pays("Ada", 11160)
    town.on("2026-09-29")
    assert (past_due_total(ada.account, on=town.today), collected_total(ada.account, on=town.today)) == (ZERO, ZERO)
    town.on("2026-10-01").bills("2026-09-01", "2026-10-01")
    assert town.bill_of("Ada").due == Money(10800 + 500), "720 kWh, and one gift: not two"


@pytest.mark.django_db
def test_after_weeks_nobody_asks_for_it_even_where_no_bill_follows(town, ada):  # noqa: F811
    gives(town, ada, Way.MONTHLY, 500)
    august(town)
    town.on("2026-09-10").pays("Ada", 11160)
    town.on(str(date(2026, 9, 1) + timedelta(days=GiftPolicy().asked_days)))
    bring_gifts(**now(town))
    assert donated(ada) == (Money(500), ZERO)
    town.on(str(town.today + timedelta(days=1)))
    bring_gifts(**now(town))
    assert donated(ada) == (ZERO, ZERO)
    assert ada.account.pk not in accounts_to_look_at()


@pytest.mark.django_db
def test_it_stops_any_day_and_what_was_asked_for_goes_with_it(town, ada):  # noqa: F811
    gift = gives(town, ada, Way.ROUND_UP)
    august(town)
    town.on("2026-09-03")
    end_gift(gift=gift, **now(town))
    assert (gift_of(ada.account), donated(ada)) == (None, (ZERO, ZERO))
    with pytest.raises(CannotGive, match="give nothing to Neighbor Fund any more"):
        end_gift(gift=gift, **now(town))


@pytest.mark.django_db
def test_once_is_asked_for_once(town, ada):  # noqa: F811
    gives(town, ada, Way.ONCE, 2500)
    assert august(town).due == Money(11160 + 2500)
    assert gift_of(ada.account) is None
    town.on("2026-09-10").pays("Ada", 13660)
    bring_gifts(**now(town))
    town.on("2026-10-01").bills("2026-09-01", "2026-10-01")
    assert town.bill_of("Ada").due == Money(10800)


@pytest.mark.django_db
def test_a_payment_that_is_taken_back_takes_the_gift_out_of_the_fund_and_asks_for_none(town, ada):  # noqa: F811
    gives(town, ada, Way.MONTHLY, 500)
    august(town)
    town.on("2026-09-10").pays("Ada", 11660)
    bring_gifts(**now(town))
    town.on("2026-09-12")
    reverse_event(event=PaymentEvent.objects.get(), reason="error", remark="Another customer's", **now(town))
    bring_gifts(**now(town))
    assert donated(ada) == (ZERO, ZERO)
    assert list(FundMove.objects.order_by("pk").values_list("kind", "amount")) == [
        ("gift", Money(500)), ("returned", Money(-500)),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_last_bill_asks_for_no_gift_and_ends_it(town, ada):  # noqa: F811
    gives(town, ada, Way.ROUND_UP)
    august(town)
    town.on("2026-09-11")
    stop_service(agreement=ada.agreement, on=date(2026, 9, 11), by=DANA, at=town.at)
    ada.agreement.refresh_from_db()
    town.on("2026-09-12")
    last = bill_now(agreement=ada.agreement, until=date(2026, 9, 11), on=town.today, by=NIGHTLY, at=town.at)
    assert (last.kind, last.due) == (Bill.Kind.FINAL, Money(11160 + 3600)), "ten days: 240 kWh"
    assert gift_of(ada.account) is None


@given(due=st.integers(-100_000, 1_000_000))
def test_a_rounded_bill_is_whole_dollars_and_never_a_dollar_more(due):
    more = asked_with(Way.ROUND_UP, ZERO, Money(due))
    assert 0 <= more.cents < 100
    assert due <= 0 or (due + more.cents) % 100 == 0
    assert due > 0 or more == ZERO
