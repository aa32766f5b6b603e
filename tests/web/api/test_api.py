"""The API: what a key may, what is read, payments that are posted once, and clear words for everything else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.journeys.control import controls
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.payments.models import PaymentEvent, TenderControl
from lamplighter.payments.operations import begin_cash_only
from lamplighter.platform.models import AccessRecord, ApiToken, Event
from lamplighter.platform.operations.tokens import CannotIssue, issue_token, revoke_token
from lamplighter.web.visits import Visit
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW, OFFICE, TODAY

from .conftest import Program, pays

HOA, ROSA = "Thi Hoa Nguyen", "Rosa Maldonado"


def test_without_a_valid_key_nothing_is_answered(kiosk, number):
    for program in (Program("lamp_wrong"), Program("")):
        answer = program.get(f"accounts/{number(ROSA)}")
        assert (answer.status_code, answer.json()["code"]) == (401, "no-key")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_or_ended_key_opens_nothing(kiosk, number, monkeypatch):
    assert kiosk.get(f"accounts/{number(ROSA)}").status_code == 200
    later = Visit(None, NOW + timedelta(days=400), TODAY + timedelta(days=400), frozenset(), frozenset())
    with monkeypatch.context() as patched:
        patched.setattr("lamplighter.web.api.guarding.visit", lambda _request: later)
        assert kiosk.get(f"accounts/{number(ROSA)}").status_code == 401
    revoke_token(token=ApiToken.objects.get(), by=OFFICE, at=NOW)
    assert kiosk.get(f"accounts/{number(ROSA)}").status_code == 401


def test_a_key_does_only_what_it_is_for(issues, number):
    reader = issues("accounts.view")
    assert reader.get(f"accounts/{number(ROSA)}").status_code == 200
    refused = reader.post("payments", pays(number(ROSA), 100))
    assert refused.status_code == 403
    assert "It would need the scope payments.take" in refused.json()["message"]


def test_the_key_itself_is_nowhere_kept(kiosk):
    secret = kiosk.headers["Authorization"].split()[1]
    token = ApiToken.objects.get()
    assert secret not in (token.digest, token.begins, str(Event.objects.latest("pk").data))
    assert secret.startswith(token.begins)


@pytest.mark.parametrize(
    ("scopes", "source", "days", "why"),
    [
        ((), "", 30, "Choose what the key is for"),
        (("accounts.own",), "", 30, "Choose what the key is for"),
        (("payments.take",), "", 30, "into which source"),
        (("payments.take", "cash.verify"), "kiosk", 30, "One key may not do both"),
        (("accounts.view",), "", 401, "ends within"),
    ],
)
def test_a_key_that_would_be_too_much_is_not_issued(partner, scopes, source, days, why):
    with pytest.raises(CannotIssue, match=why):
        issue_token(
            user=partner, label="x", scopes=scopes, per_minute=60, expires_on=TODAY + timedelta(days=days), on=TODAY,
            by=OFFICE, at=NOW, source=source,
        )  # fmt: skip


def test_an_account_is_read_as_the_desk_shows_it_and_the_reading_is_recorded(kiosk, number):
    told = kiosk.get(f"accounts/{number(HOA)}").json()
    assert (told["name"], told["language"], told["services"][0]["rate"]) == (HOA, "vi", "R-1")
    assert told["past_due_cents"] > 0
    assert AccessRecord.objects.filter(actor="partner:kiosk", subject=f"account:{number(HOA)}").exists()
    assert number(ROSA) in {one["number"] for one in kiosk.get("accounts", q="maldon").json()}


def test_bills_foot_and_usage_adds_up(kiosk, number):
    newest, *_ = kiosk.get(f"accounts/{number(ROSA)}/bills").json()
    bill = kiosk.get(f"accounts/{number(ROSA)}/bills/{newest['number']}").json()
    assert sum(line["amount_cents"] for line in bill["lines"]) == bill["charges_cents"]
    assert (
        bill["previous_cents"] + bill["received_cents"] + bill["corrected_cents"] + bill["charges_cents"]
        == (bill["due_cents"])
    )
    days = kiosk.get(f"accounts/{number(ROSA)}/usage", first="2026-10-01", last="2026-10-31").json()
    assert len(days) == 31
    assert all(float(day["kwh"]) > 0 for day in days)
    wrong = kiosk.get(f"accounts/{number(ROSA)}/usage", first="2026-10-02", last="2026-10-01")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad-question")


def test_what_is_not_there_says_so(kiosk, number):
    assert kiosk.get("accounts/000-0").json() == {"code": "not-there", "message": "There is no account 000-0."}
    assert kiosk.get(f"accounts/{number(ROSA)}/bills/1-1").status_code == 404


def test_a_payment_is_posted_once_however_often_it_is_sent(kiosk, number):
    body = pays(number(ROSA), 2500)
    first, again = kiosk.post("payments", body), kiosk.post("payments", body)
    assert first.json()["state"] == "posted"
    assert again.json() | {"state": "posted"} == first.json()
    assert again.json()["state"] == "repeated"
    event = PaymentEvent.objects.get(receipt=first.json()["receipt"])
    assert str(event.recorded_by) == "partner:kiosk"
    other = kiosk.post("payments", body | {"amount_cents": 2600})
    assert (other.status_code, other.json()["message"]) == (422, "This key was already used for something else.")
    assert kiosk.get(f"accounts/{number(ROSA)}/payments").json()[0]["receipt"] == event.receipt
    assert not [one for one in controls() if one.differences]


def test_of_a_batch_the_good_ones_are_posted_and_the_others_say_why(kiosk, number):
    barred = Account.objects.get(number=number(HOA))
    begin_cash_only(account=barred, period=Period(TODAY), reason="Two checks came back", by=DANA, at=NOW)
    sent = [
        pays(number(ROSA), 1000), pays("999-9", 1000), pays(number(HOA), 500, tender="check"),
        pays(number(HOA), 700), pays(number(ROSA), 100, reference="4111111111111111"),
    ]  # fmt: skip
    answer = kiosk.post("payments/batch", {"payments": sent}).json()
    assert (answer["posted"], answer["repeated"], answer["refused"]) == (2, 0, 3)
    whys = [one["why"] for one in answer["payments"] if one["state"] == "refused"]
    assert whys[0] == "There is no account 999-9."
    assert whys[1].startswith("No checks from account")
    assert "card number" in whys[2]
    again = kiosk.post("payments/batch", {"payments": sent[:4]}).json()
    assert (again["posted"], again["repeated"], again["refused"]) == (0, 2, 2)
    assert TenderControl.objects.filter(source="kiosk").count() == 1


def test_a_key_twice_in_one_batch_pays_once_and_answers_as_if_sent_again(kiosk, number):
    once, bad, before = pays(number(ROSA), 300), pays("999-9", 100), PaymentEvent.objects.count()
    sent = [once, once, {**once, "amount_cents": 400}, bad, bad, once]
    answer = kiosk.post("payments/batch", {"payments": sent}).json()
    assert [one["state"] for one in answer["payments"]] == [
        "posted", "repeated", "refused", "refused", "refused", "repeated",
    ]  # fmt: skip
    assert {one["receipt"] for one in answer["payments"]} == {PaymentEvent.objects.latest("pk").receipt, ""}
    assert PaymentEvent.objects.count() == before + 1
    assert "something else" in answer["payments"][2]["why"]
    again = kiosk.post("payments/batch", {"payments": [once, once]}).json()
    assert (again["posted"], again["repeated"], again["refused"]) == (0, 2, 0)
    put_right = {**bad, "account": number(ROSA)}
    assert kiosk.post("payments/batch", {"payments": [put_right, put_right]}).json()["posted"] == 1


def test_one_that_the_books_refuse_stops_no_other(kiosk, number):
    """A faulty conversion left Hoa's credit under another code's sub-ledger: the books refuse what goes there."""
    hoa = Account.objects.get(number=number(HOA))
    credit = accounts.start_agreement(account=hoa, kind=AgreementKind.EXCESS_CREDIT, on=TODAY, by=DANA, at=NOW)
    Agreement.objects.filter(pk=credit.pk).update(subledger=ledger.open_subledgers(code="deposits")[0])
    sent = [pays(number(ROSA), 100 + n) for n in range(5)]
    bad = pays(number(HOA), 9_000_000)
    answer = kiosk.post("payments/batch", {"payments": [*sent[:3], bad, *sent[3:]]}).json()
    assert (answer["posted"], answer["refused"]) == (5, 1)
    assert "another code" in answer["payments"][3]["why"]
    Agreement.objects.filter(pk=credit.pk).update(subledger=ledger.open_subledgers(code="credits")[0])
    again = kiosk.post("payments/batch", {"payments": [bad, sent[0]]}).json()
    assert (again["posted"], again["repeated"]) == (1, 1)


def test_five_hundred_payments_go_in_together_and_one_more_is_refused(kiosk, number):
    sent = [pays(number(ROSA), 10 + i) for i in range(500)]
    assert kiosk.post("payments/batch", {"payments": sent}).json()["posted"] == 500
    sent.append(pays(number(ROSA), 5))
    assert kiosk.post("payments/batch", {"payments": sent}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [{}, {"key": "x"}, pays("204518-7", 0), pays("204518-7", -5), pays("204518-7", 10, tender="gold"),
     pays("204518-7", 10, amount=7), pays("2045 18", 10), pays("204518-7", 10, reference="\x00")],
)  # fmt: skip
def test_what_can_not_be_understood_names_the_field_and_does_nothing(kiosk, body):
    before = PaymentEvent.objects.count()
    answer = kiosk.post("payments", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-understood")
    assert "body.sent." in answer.json()["message"]
    assert PaymentEvent.objects.count() == before


def test_a_note_stands_on_the_timeline_in_the_name_of_the_program(kiosk, number, at_desk):
    body = {"key": uuid4(), "words": "Called the telephone system at noon."}
    for _ in range(2):
        assert kiosk.post(f"accounts/{number(ROSA)}/notes", body).status_code == 200
    page = words(at_desk("dana").get(f"/desk/accounts/{number(ROSA)}/"))
    assert page.count("Called the telephone system at noon.") == 1


def test_who_asks_too_often_is_told_when_to_come_back(issues, number):
    slow = issues("accounts.view", per_minute=3)
    answers = [slow.get(f"accounts/{number(ROSA)}") for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) >= 1


def test_the_description_is_open_and_names_every_address(kiosk):
    told = kiosk.client.get("/api/v1/openapi.json").json()
    assert set(told["paths"]) == {
        "/api/v1/accounts", "/api/v1/accounts/{number}", "/api/v1/accounts/{number}/bills",
        "/api/v1/accounts/{number}/bills/{bill}", "/api/v1/accounts/{number}/notes",
        "/api/v1/accounts/{number}/payments", "/api/v1/accounts/{number}/usage", "/api/v1/payments",
        "/api/v1/payments/batch", "/api/v1/payments/totals",
    }  # fmt: skip


def test_an_administrator_issues_a_key_sees_it_once_and_revokes_it(partner, at_desk, number):
    admin = at_desk("admin")
    form = admin.get("/admin-desk/keys/do/issue/").context["form"]
    sent = {
        "request_key": form["request_key"].value(), "user": "kiosk", "label": "Lobby", "scopes": ["accounts.view"],
        "source": "", "per_minute": 60, "expires_on": "2027-06-01",
    }  # fmt: skip
    shown = admin.post("/admin-desk/keys/do/issue/", sent, headers={"HX-Request": "true"})
    key = shown.context["key"]
    assert Program(key).get(f"accounts/{number(ROSA)}").status_code == 200
    again = admin.post("/admin-desk/keys/do/issue/", sent, headers={"HX-Request": "true"})
    assert key not in again.content.decode()
    listed = words(admin.get("/admin-desk/keys/"))
    assert "Lobby" in listed
    assert key not in listed
    token = ApiToken.objects.get()
    revoke = admin.get(f"/admin-desk/keys/{token.pk}/do/revoke/").context["form"]["request_key"].value()
    admin.post(f"/admin-desk/keys/{token.pk}/do/revoke/", {"request_key": revoke})
    assert Program(key).get(f"accounts/{number(ROSA)}").status_code == 401
    assert at_desk("dana").get("/admin-desk/keys/").status_code == 403


def test_a_program_says_its_own_total_and_the_period_balances(kiosk, number):
    kiosk.post("payments", pays(number(ROSA), 2500))
    body = {"key": uuid4(), "totals": [{"tender": "card", "amount_cents": 2400}]}
    first, again = kiosk.post("payments/totals", body), kiosk.post("payments/totals", body)
    assert first.json() == again.json() == {"state": "differs", "differences": {"card": -100}}
    twice = [{"tender": "card", "amount_cents": 1}] * 2
    assert kiosk.post("payments/totals", {"key": uuid4(), "totals": twice}).status_code == 422
    nothing = kiosk.post("payments/totals", {"key": uuid4(), "totals": []})
    assert (nothing.status_code, nothing.json()["message"]) == (422, "No period waits for a total.")
    kiosk.post("payments", pays(number(ROSA), 700))
    equal = {"key": uuid4(), "totals": [{"tender": "card", "amount_cents": 700}]}
    assert kiosk.post("payments/totals", equal).json() == {"state": "balanced", "differences": {}}
    assert sorted(TenderControl.objects.filter(source="kiosk").values_list("state", flat=True)) == [
        "balanced", "balancing",
    ]  # fmt: skip
