"""Bankruptcies, played through the pages: a representative enters one, the supervisor carries all of them on."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lamplighter.credit.models import Bankruptcy
from lamplighter.kernel.money import Money, total
from lamplighter.payments.queries import owed_by
from lamplighter.platform.operations.limits import set_limit
from tests.duties.test_csr_collecting import sends
from tests.web.desk.conftest import account_of, words
from tests.web.desk.town import DANA, NOW, TODAY

HOA, ROSA = "Thi Hoa Nguyen", "Rosa Maldonado"
PETITION = {"chapter": "13", "case_number": "26-41877", "court": "Northern District of California",
            "filed_on": "2026-11-11", "trustee": "M. Devlin"}  # fmt: skip


@pytest.fixture
def renee(at_desk) -> Client:
    set_limit(role="supervisor", permission="credit.decide", amount=Money(100_000), on=TODAY, by=DANA, at=NOW)
    return at_desk("renee")


def enters(client: Client, number: str, **other: str) -> tuple[str, str]:
    """What is shown before it is so, and the page of the case."""
    here = f"/desk/accounts/{number}/do/bankruptcy/"
    shown = words(sends(client, here, **{**PETITION, **other}))
    done = sends(client, here, **{**PETITION, **other}, confirmed="1")
    return shown, done.redirect_chain[-1][0]


def test_csr_03c_a_petition_splits_the_account_stops_collection_and_its_claim_is_proved(dana, number):
    """CSR-K1: filed nine days ago; the split, the stop list, the days, the letter, the claim."""
    here = f"/desk/accounts/{number(HOA)}/"
    owed = total(one.amount for one in owed_by(account_of(number(HOA))))
    shown, case = enters(dana, number(HOA))
    before = re.search(r"From before Wed, Nov 11 \$([\d.]+)", shown)[1]
    after = re.search(r"From that day on \$([\d.]+)", shown)[1]
    assert Money.exactly(before) + Money.exactly(after) == owed, "no cent is lost, none is invented"
    assert Money.exactly(before) > Money.exactly(after)
    assert "by Tue, Dec 1 (11 USC 366(b))" in shown, "twenty days by hand: November has thirty"
    assert "by Mon, May 10, 2027, as a governmental unit" in shown, "180 days by hand"
    assert "Stops now Letters, late charges, plans, shut-off orders, agencies" in shown
    page = words(dana.get(case))
    assert f"From before Wed, Nov 11 ${before} Left of it ${before}" in page
    assert "11 days are left, until Tue, Dec 1." in page
    account = words(dana.get(here))
    assert "Do not disconnect: bankruptcy" in account
    assert f"Bankruptcy, chapter 13: ${before} from before Nov 11 is not asked for" in account
    assert "The account is in bankruptcy" in words(dana.get(f"{here}do/arrange/"))
    paper = dana.get(f"{case}claim.pdf")
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")
    sends(dana, f"{case}do/claim/", filed_on="2026-11-20")
    assert f"${before} filed Fri, Nov 20" in words(dana.get(case))
    sends(dana, f"{case}do/plan-payment/", amount="10.00", reference="T-1")
    assert f"Left of it ${float(before) - 10:.2f}" in words(dana.get(case))


def test_sup_13_the_register_assurance_relief_discharge_and_dismissal(dana, renee, number):
    _, first = enters(dana, number(HOA))
    _, second = enters(dana, number(ROSA), chapter="7", case_number="26-50001", filed_on="2026-11-02")
    register = words(renee.get("/desk/bankruptcies/"))
    assert register.index("26-50001") < register.index("26-41877"), "the day that runs out first stands first"
    assert "Maldonado, Rosa" in register
    sends(renee, f"{first}do/assurance/", form="surety-bond")
    assert "Surety bond Fri, Nov 20" in words(renee.get(first))
    assert "an old deposit is held until the court lifts the stay" in words(renee.get(second))
    sends(renee, f"{second}do/relief/", remark="Order of November 20: the deposit may be set off.")
    assert "It may be set off." in words(renee.get(second))
    assert dana.get(f"{second}do/end/").status_code == 403, "a supervisor decides how a case ended"
    assert "is asked for again" in words(sends(renee, f"{first}do/end/", outcome="dismissed"))
    assert "written off for good" in words(sends(renee, f"{second}do/end/", outcome="discharged"))
    ended = dict(Bankruptcy.objects.values_list("case_number", "outcome"))
    assert ended == {"26-41877": "dismissed", "26-50001": "discharged"}
    register = words(renee.get("/desk/bankruptcies/"))
    assert "Dismissed" in register
    assert "Discharged" in register
