"""What `lamplighter check` holds of deposits, arrangements, pledges, write-offs and agencies, broken and told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from lamplighter.billing.operations.depositing import charge_deposit
from lamplighter.credit.models import DepositDecision
from lamplighter.credit.operations import agencies, pledging
from lamplighter.credit.operations.pledging import LineIn, PledgeIn
from lamplighter.credit.operations.writingoff import write_off
from lamplighter.credit.queries.closed import draft_write_off
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.journeys.arranging import make_plan
from lamplighter.journeys.control import controls
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.pledging import pledge, take_check
from lamplighter.journeys.recovering import take_recoveries
from lamplighter.kernel.money import Money
from lamplighter.platform.operations.files import store_file
from tests.credit.conftest import DANA, RENEE

DEPOSIT, PLANS = "every deposit adds up", "every arrangement adds up"
OFF, PLEDGES = "every write-off and agency adds up", "every pledge is paid once"


def deposits(debtor):
    """$150.00 asked for; and a decision on $80.00 in two parts."""
    charge_deposit(account=debtor.account, amount=Money(15000), source="start", **debtor.now)
    made = DepositDecision.objects.create(
        account=debtor.account, occasion="start", recommended=Money(8000), amount=Money(8000), form="cash", reasons=[],
        decided_on=debtor.today, decided_at=debtor.at, decided_by=DANA,
    )  # fmt: skip
    for place in range(2):
        made.parts.create(place=place, due_on=date(2027, 1, 1 + place), amount=Money(4000))


def arrangement(debtor):
    debtor.owes(18642, "2026-09-20").on("2026-11-20")
    draft = draft_plan(debtor.account, down=None, months=3, on=debtor.today)
    make_plan(account=debtor.account, draft=draft, consent="signed", **debtor.now)


def pledged(debtor):
    """$100.00 of $186.42 pledged, and the agency's check for it."""
    debtor.owes(18642, "2026-09-20").on("2026-11-20")
    agency = pledging.add_assistance_agency(
        key="help", name="Help", runs_days=45, on=debtor.today, by=RENEE, at=debtor.at
    )
    ruth = pledging.add_worker(agency=agency, name="Ruth", phone="5550171", on=debtor.today, by=RENEE, at=debtor.at)
    pledge(account=debtor.account, said=PledgeIn(ruth, Money(10000), "HH-1"), **debtor.now)
    line = LineIn("HH-1", debtor.account.number, Money(10000))
    take_check(agency=agency, reference="check 1", amount=Money(10000), lines=[line], **debtor.now)


def written_off(debtor):
    """$161.25 written off and placed, of which the agency collected $100.00 for $25.00."""
    debtor.owes(16125, "2026-06-20").on("2026-07-20")
    stop_service(agreement=debtor.agreement, on=debtor.today, by=DANA, at=debtor.at)
    agency = agencies.add_agency(key="bayside", name="Bayside", fee_percent=Decimal(25), by=RENEE, at=debtor.at)
    debtor.on("2026-11-20")
    made = write_off(
        account=debtor.account, draft=draft_write_off(debtor.account, on=debtor.today), reason="uncollectible",
        **debtor.now,
    )  # fmt: skip
    agencies.refer(write_off=made, **debtor.now)
    text = (f"H,LAMPLIGHTER-RECOVERY-1,bayside,2026-11-20\n"
            f"D,payment,R1,{debtor.account.number},2026-11-18,100.00,25.00\nT,1,100.00,25.00")  # fmt: skip
    file, _ = store_file([text.encode()], name="rec.csv", media_type="text/csv", by=DANA, at=debtor.at)
    assert take_recoveries(agency=agency, file=file, text=text, **debtor.now).payments == 1


ON_DEPOSIT = "(SELECT subledger_id FROM accounts_agreement WHERE kind = 'deposit')"
ON_WRITE_OFF = "(SELECT subledger_id FROM accounts_agreement WHERE kind = 'write-off')"


@pytest.mark.parametrize(
    ("story", "control", "broken", "told"),
    [
        (deposits, DEPOSIT, f"UPDATE ledger_posting SET current = current - 100 WHERE subledger_id IN {ON_DEPOSIT}",
         "$149.00 asked for"),
        (deposits, DEPOSIT, "UPDATE credit_depositpart SET amount = amount + 1 WHERE place = 1",
         "8000 decided, 8001 in parts"),
        (arrangement, PLANS, "UPDATE credit_instalment SET amount = amount + 1 WHERE place = 3",
         "18642 taken over, 18642 in debts, 18643 in instalments"),
        (arrangement, PLANS, "UPDATE credit_arrangement SET total = total - 1", "18641 taken over, 18642 in debts"),
        (pledged, PLEDGES, "UPDATE credit_assistancecheck SET amount = amount + 500", "10500 came, 10000 in lines"),
        (pledged, PLEDGES, "UPDATE credit_assistancecheckline SET pledge_id = NULL", "settled, and nothing paid it"),
        (pledged, PLEDGES, "UPDATE payments_payment SET amount = amount - 1", "10000 came, 9999 posted"),
        (written_off, OFF, "UPDATE credit_writtenoffpart SET amount = amount - 25", "off, 16100 in parts"),
        (written_off, OFF, "DELETE FROM credit_recovery", "0 recovered, 6125 still owed"),
        (written_off, OFF, f"UPDATE ledger_posting SET payoff = payoff * 2 WHERE subledger_id IN {ON_WRITE_OFF}",
         "12250 still owed"),
        (written_off, OFF, "UPDATE credit_agencypayment SET amount = amount + 300", "10300 reported, 10000 posted"),
        (written_off, OFF, "UPDATE credit_agencypayment SET fee = fee - 100", "2400 reported, 2500 posted"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_broken_behind_the_programs_back_is_told(  # noqa: PLR0917 - a table's columns
    debtor, settings, tmp_path, story, control, broken, told
):
    settings.STATE = tmp_path
    story(debtor)
    assert [one.differences for one in controls() if one.differences] == []
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(broken)
        assert cursor.rowcount
        cursor.execute("SET session_replication_role = origin")
    (found,) = [one for one in controls() if one.name == control]
    assert told in " ".join(found.differences)
