"""A draft that went to the bank this morning and came back, for the pages that tell of it."""

from __future__ import annotations

from datetime import date

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.journeys.ach_returns import take_returns
from lamplighter.journeys.autopaying import send_drafts
from lamplighter.payments.autopay.banks import Bank
from lamplighter.payments.models import BankAccount, Draft, DraftStep
from lamplighter.payments.operations.autopaying import Authorization, begin_autopay
from lamplighter.payments.operations.drafting import announce
from lamplighter.payments.queries import owed_by
from lamplighter.platform.transactions import unit_of_work
from tests.payments.clearing_house import Back, sent_back

from .town import DANA, NOW

TODAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
NOTED = {"on": TODAY, "by": DANA, "at": NOW}


def came_back(number: str, code: str) -> Draft:
    """All that account `number` owes was drawn, and its bank answered with `code`."""
    BankAccount.objects.update_or_create(
        id=1, defaults={"bank": "Bay Federal", "routing": "121000358", "number": "4410027",
                        "holder": "Marisol Bay Power", "company": "1941234567"}
    )  # fmt: skip
    account = Account.objects.get(number=number)
    bill = Bill.objects.filter(account=account).latest("issued_on", "pk")
    owed = sum((debt.amount for debt in owed_by(account)[1:]), owed_by(account)[0].amount)
    bank = Bank("121000358", "0012344411")
    given = Authorization(bank, "A Customer", business=False, consent="signed", words="I authorize…", begins=TODAY)
    with unit_of_work(DANA):
        autopay = begin_autopay(account=account, given=given, prenote=False, **NOTED)
        draft = announce(autopay=autopay, bill=bill.number, amount=owed, draw_on=MONDAY, by=DANA, at=NOW)
    with unit_of_work(DANA):
        send_drafts(**NOTED)
        step = DraftStep.objects.get(draft=draft, act="sent")
        cents = step.event.tenders.get().amount.cents
        take_returns(data=sent_back(Back(step.trace, code, cents)), name="r.ach", **NOTED)
    return draft
