"""A stop alert blocks every act of its kind, says so where the act is, and says who may end it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lamplighter.accounts.models import Agreement
from lamplighter.cases.operations.alerts import end_alert, raise_alert
from lamplighter.cases.words import Barred
from lamplighter.customers.models import MailingAddress
from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from lamplighter.payments.models import Refund

from .conftest import account_of, words
from .town import NOW, TODAY

RENEE = staff("renee")
LAST = TODAY + timedelta(days=90)
ACTS = {
    "refund": (Barred.MONEY, {"amount": "5", "means": "check", "remark": "Asked"}),
    "deposit": (Barred.MONEY, {"act": "release", "amount": "5", "remark": "Asked"}),
    "credit": (Barred.MONEY, {"reason": "goodwill", "amount": "5", "remark": "Asked"}),
    "seasonal": (Barred.DATA, {"lines": "1 Elsewhere Rd\nReno, NV 89501", "first": f"{TODAY}", "last": f"{LAST}"}),
    "estate": (Barred.DATA, {"died_on": f"{TODAY - timedelta(days=3)}", "evidence": "DC-1"}),
    "dispatch": (Barred.DATA, {"dispatch": "paper"}),
    "person": (Barred.DATA, {"role": "authorized", "given": "Kim", "family": "Roe"}),
    "more-time": (Barred.PLAN, {"until": f"{TODAY + timedelta(days=5)}"}),
    "stop": (Barred.SERVICE, {"on": f"{TODAY + timedelta(days=2)}", "forward": ""}),
}


def stopped(account, barred):
    return raise_alert(account=account, level="stop", title="Two people claim this account", acts=[barred],
                       period=Period(TODAY), by=RENEE, at=NOW)  # fmt: skip


def sends(client, url, said):
    """As a browser does: what the form came with, what is said, and the confirmation where one is asked for."""
    form = client.get(url).context["form"]
    kept = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    kept |= {name: form.fields[name].choices[0][0] for name in {"which", "agreement"} & set(form.fields)} | said
    answer = client.post(url, kept)
    if answer.status_code == 200 and b'name="confirmed"' in answer.content:
        shown = answer.context["form"]
        kept |= {"digest": shown["digest"].value()} if "digest" in shown.fields else {}
        answer = client.post(url, {**kept, "confirmed": "1"})
    return answer


@pytest.mark.parametrize("act", ACTS)
def test_what_a_stop_blocks_is_not_done_from_any_form(act, dana, number):
    barred, said = ACTS[act]
    account = account_of(number("Thi Hoa Nguyen"))
    url = f"/desk/accounts/{account.number}/do/{act}/"
    stopped(account, barred)
    assert "Two people claim this account" in words(dana.get(url))
    answer = sends(dana, url, said)
    assert answer.status_code == 422
    assert "is blocked" in words(answer)
    assert not Refund.objects.filter(account=account).exists()
    assert not MailingAddress.objects.filter(lines__contains="Elsewhere").exists()


def test_nobody_takes_the_service_of_an_account_whose_service_is_to_stay(dana, number, town):
    hers, other = account_of(number("Thi Hoa Nguyen")), number("Gwen Pruitt")
    service = Agreement.objects.filter(account=hers, premise__isnull=False).latest("pk")
    alert = stopped(hers, Barred.SERVICE)
    url = f"/desk/accounts/{other}/do/start/"
    said = {"place": service.premise.number, "on": f"{TODAY + timedelta(days=2)}", "evidence": "Lease of yesterday"}
    refused = sends(dana, url, said)
    assert refused.status_code == 422
    assert "Thi Hoa Nguyen has service there now. Two people claim this account." in words(refused)
    service.refresh_from_db()
    assert service.period.end is None
    end_alert(alert=alert, on=TODAY, by=RENEE, at=NOW, words="Settled")
    assert sends(dana, url, said).status_code in {200, 204, 303, 302}
