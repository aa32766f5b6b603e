"""Contacts at the desk: who is on the line, were they verified, why did they call, and what was written."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from lamplighter.cases.models import AccountAlert, Contact, Message, MessageStep
from lamplighter.cases.words import Means
from lamplighter.jobs import messages as jobs
from lamplighter.journeys.messaging import take_mail
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.cases.outside import delivery_report, mail, mailbox, post_office, rings, told
from tests.web.desk.town import DANA, NOW, TODAY
from tests.web.filling import fills

from .conftest import words

pytestmark = pytest.mark.usefixtures("outside")
HOA = "+15105550142"


def page(client, url) -> str:
    return words(client.get(url))


def comes(raw: bytes):
    with unit_of_work(jobs.BY):
        return take_mail(raw=raw, on=TODAY, by=jobs.BY, at=NOW)


def test_a_call_that_rings_here_shows_who_it_is_and_opens_their_account(dana, hoa):
    assert rings(dana, "CA1", HOA).status_code == 204
    call = dana.get("/desk/watch/?subject=").json()["call"]
    assert call["words"] == "Call from (510) 555-0142 · Thi Hoa Nguyen"
    assert dana.get(call["url"]).url == hoa
    assert "Caller not verified" in page(dana, hoa)
    assert "Call in · (510) 555-0142" in page(dana, f"{hoa}?panel=line")


def test_a_number_that_nobody_gave_opens_the_search_with_it(dana):
    rings(dana, "CA2", "+15105550777")
    call = dana.get("/desk/watch/?subject=").json()["call"]
    assert call["words"] == "Call from (510) 555-0777"
    assert dana.get(call["url"]).url == "/desk/accounts/?q=%28510%29+555-0777&open=1"


def test_a_call_is_told_by_its_own_telephone_alone_and_to_that_desk_alone(dana, at_desk):
    assert told(dana, "/hooks/calls/", token="guessed", CallSid="CA3", CallStatus="ringing").status_code == 403
    with override_settings(GATEWAY_TOKEN=""):
        assert rings(dana, "CA3", HOA).status_code == 403
    assert not Contact.objects.exists()
    rings(dana, "CA3", HOA)
    assert at_desk("tuan").get("/desk/watch/?subject=").json()["call"] is None


def test_events_of_a_call_may_come_twice_and_in_any_order(dana):
    for state in ("completed", "ringing", "in-progress", "ringing", "completed"):
        assert rings(dana, "CA4", HOA, state=state).status_code == 204
    contact = Contact.objects.get()
    assert contact.ended_at is not None
    assert rings(dana, "CA4", HOA, state="exploded").status_code == 400


def test_an_event_that_comes_late_moves_no_call_that_is_wrapped_up(dana, hoa):
    told(dana, "/hooks/calls/", CallSid="CA5", CallStatus="in-progress", From=HOA, To="client:dana")
    fills(dana, f"{hoa}do/wrap/", reason="bill", words="Asked about the bill")
    told(dana, "/hooks/calls/", CallSid="CA5", CallStatus="ringing", From=HOA, To="client:tuan")
    assert Contact.objects.get().handled_by == DANA


def test_a_call_that_nobody_takes_is_to_be_returned(dana, hoa):
    rings(dana, "CA5", HOA, state="no-answer")
    assert Item.objects.get(kind="cases.missed").subject == Contact.objects.get().subject
    assert "Calls to return" in page(dana, hoa)


def test_a_caller_is_verified_by_two_facts_and_for_this_call_alone(dana, hoa):
    rings(dana, "CA6", HOA)
    form = page(dana, f"{hoa}do/verify/")
    assert "1418 Pacific Ave Apt B" in form
    assert "(510) 555-0142" in form
    refused = dana.post(f"{hoa}do/verify/", {"facts": ["address"], "who": "main"})
    assert refused.status_code == 422
    assert "1 is not enough" in words(refused)
    assert dana.post(f"{hoa}do/verify/", {"facts": ["address", "phone"], "who": "main"}).status_code == 303
    said = page(dana, hoa)
    assert "Verified 9:02 am" in said
    assert "Caller verified by service address and telephone on file" in said
    rings(dana, "CA7", HOA, state="in-progress")
    assert "Caller not verified" in page(dana, hoa)


def test_verifying_without_a_telephone_begins_a_visit(dana, hoa):
    dana.post(f"{hoa}do/verify/", {"facts": ["address", "email"], "who": "main", "how": "visit"})
    assert Contact.objects.get().means == Means.VISIT
    assert "Verified 9:02 am" in page(dana, hoa)


def test_wrapping_up_guesses_why_they_called_and_enter_takes_it(dana, hoa):
    rings(dana, "CA8", HOA)
    fills(dana, f"{hoa}do/language/", language="vi", interpreter="on")
    assert dana.get(f"{hoa}do/wrap/").context["form"]["reason"].value() == "data"
    assert fills(dana, f"{hoa}do/wrap/", words="Wants letters in Vietnamese.").status_code == 204
    contact = Contact.objects.get()
    assert (contact.reason, contact.outcome) == ("data", "resolved")
    said = page(dana, hoa)
    assert "Call in: change of name or contact" in said
    assert "Wants letters in Vietnamese." in said
    assert "Nobody. Log a visit" in page(dana, f"{hoa}?panel=line")


def test_who_owes_calls_about_a_plan_and_who_got_a_bill_about_it(dana, hoa, number):
    assert dana.get(f"{hoa}do/wrap/").context["form"]["reason"].value() == "plan"
    assert dana.get(f"/desk/accounts/{number('Jun Park')}/do/wrap/").context["form"]["reason"].value() != "plan"


def test_an_answer_that_we_owe_is_work_for_its_day(dana, hoa):
    answer = fills(dana, f"{hoa}do/wrap/", means="letter", reason="complaint", outcome="follow-up")
    assert answer.status_code == 422
    assert "by which day" in words(answer)
    fills(dana, f"{hoa}do/wrap/", means="letter", reason="complaint", outcome="follow-up", answer_on="2026-11-24")
    item = Item.objects.get(kind="cases.follow-up")
    assert item.due_at.date().isoformat() == "2026-11-25"  # five in the afternoon there is the next day in UTC
    assert "Complaint: an answer was promised" in page(dana, f"/desk/work/{item.pk}/")
    assert "Letter in" in page(dana, f"/desk/contacts/{Contact.objects.get().pk}/")


def test_a_scanned_letter_is_kept_with_its_contact(dana, hoa):
    scan = SimpleUploadedFile("lease.pdf", b"%PDF-1.7 lease", "application/pdf")
    fills(dana, f"{hoa}do/wrap/", means="letter", reason="start", scans=scan)
    contact = Contact.objects.get()
    assert "lease.pdf" in page(dana, f"/desk/contacts/{contact.pk}/")
    kept = contact.attachments.get()
    answer = dana.get(f"/desk/contacts/{contact.pk}/files/{kept.file_id}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 lease"
    assert answer["Content-Disposition"] == 'attachment; filename="lease.pdf"'
    assert dana.get(f"/desk/contacts/{contact.pk}/files/{'0' * 64}/").status_code == 404


def test_the_log_is_filtered_and_taken_out(dana, hoa, number):
    fills(dana, f"{hoa}do/wrap/", means="visit", reason="bill", words="Asked about the rate.")
    fills(dana, f"/desk/accounts/{number('Jun Park')}/do/wrap/", means="call", reason="payment")
    assert "Park, Jun" in page(dana, "/desk/contacts/")
    only = page(dana, "/desk/contacts/?means=visit")
    assert "Nguyen, Thi Hoa" in only
    assert "Park, Jun" not in only
    assert "Nguyen, Thi Hoa" in page(dana, "/desk/contacts/?q=about+the+rate")
    exported = b"".join(dana.get("/desk/contacts/?export=csv").streaming_content).decode()
    assert "Visit" in exported
    assert "Question about a bill" in page(dana, f"{hoa}contacts/")


def test_a_mail_from_a_known_address_lands_on_the_account_and_waits_for_an_answer(dana, hoa):
    comes(mail("Hoa <thihoa@example.net>", "My bill", "Why so high?", key="<1@x>", files=(("bill.pdf", b"%PDF"),)))
    assert "Email from them" in page(dana, hoa)
    item = Item.objects.get(kind="cases.message")
    contact = Contact.objects.get()
    shown = page(dana, f"/desk/contacts/{contact.pk}/")
    assert "Why so high?" in shown
    assert "bill.pdf" in shown
    with post_office() as (url, took), override_settings(MAIL_OUT=url):
        assert (
            fills(dana, f"/desk/contacts/{contact.pk}/do/answer/", body="The week of Sep 14 was hot.").status_code
            == 200
        )
        item.refresh_from_db()
        assert item.state == "done"
        assert jobs.send_messages() == 1
        assert jobs.send_messages() == 0
    sent = Message.objects.get(contact__direction="out")
    assert f"Message-ID: {sent.message_id}".encode() in took[0]
    assert b"In-Reply-To: <1@x>" in took[0]
    assert b"Subject: Re: My bill" in took[0]
    assert "Sent" in page(dana, f"/desk/contacts/{contact.pk}/")
    again = comes(mail("thihoa@example.net", "Re: My bill", "Thank you.", key="<2@x>", answers=sent.message_id))
    assert again.opens_id == contact.pk
    assert comes(mail("thihoa@example.net", "Re: My bill", "Thank you.", key="<2@x>")).pk == again.pk


def test_a_mail_of_a_stranger_waits_for_somebody_who_knows_whose_it_is(dana, hoa, number):
    comes(mail("stranger@example.org", "Hello", "It is me, Hoa.", key="<3@x>"))
    contact = Contact.objects.get()
    assert contact.account is None
    assert "whose is it?" in page(dana, "/desk/work/")
    url = f"/desk/contacts/{contact.pk}/do/attach/"
    assert "There is no account 7" in words(fills(dana, url, number="7"))
    fills(dana, url, number=number("Thi Hoa Nguyen"))
    assert "Email in" in page(dana, f"{hoa}contacts/")


def test_who_answers_a_thread_of_another_address_is_not_believed_to_be_its_customer(dana, hoa):
    fills(dana, f"{hoa}do/write/", means="email", subject="Your plan", body="It is ready.")
    ours = Message.objects.get()
    kept = comes(mail("thief@example.org", "Re: Your plan", "Send it to me.", key="<4@x>", answers=ours.message_id))
    assert kept.opens_id == ours.pk
    assert kept.contact.account is None


def test_what_an_absent_person_answers_by_itself_is_kept_and_asks_for_nothing(town):
    kept = comes(mail("thihoa@example.net", "Away", "Back Monday.", key="<5@x>", Auto_Submitted="auto-replied"))
    assert kept.contact.account is not None
    assert not Item.objects.filter(kind="cases.message").exists()


def test_mail_that_comes_back_is_put_to_what_it_returns(dana, hoa):
    fills(dana, f"{hoa}do/write/", means="email", subject="Your plan", body="It is ready.")
    ours = Message.objects.get()
    assert comes(delivery_report(ours.message_id)) is None
    assert ours.steps.get().step == MessageStep.Step.FAILED
    assert "Messages that did not go out" in page(dana, "/desk/work/")
    assert comes(delivery_report(ours.message_id)) is None
    assert ours.steps.count() == 1


def test_the_mailbox_is_emptied_and_what_is_no_mail_does_not_stop_it(settings, town):
    with mailbox(b"nonsense", mail("thihoa@example.net", "Hi", "Hello", key="<6@x>")) as (url, seen):
        settings.MAIL_IN = url
        assert jobs.fetch_mail() == 1
        assert seen == {1, 2}
        assert jobs.fetch_mail() == 0
    assert Message.objects.get().subject == "Hi"


def test_colleagues_see_each_other(dana, at_desk, number):
    subject = f"account:{number('Thi Hoa Nguyen')}"
    tuan = at_desk("tuan")
    assert tuan.get(f"/desk/watch/?subject={subject}").json()["here"] == []
    assert dana.get(f"/desk/watch/?subject={subject}").json()["here"] == ["Tuan Pham"]


def test_watching_keeps_no_session_alive(dana):
    session = dana.session
    session["renewed_at"] = renewed = int(NOW.timestamp())
    session.save()
    dana.get("/desk/watch/?subject=", headers={"X-Watching": "1"})
    assert dana.session["renewed_at"] == renewed


def test_a_stop_blocks_the_acts_that_it_names_until_a_supervisor_ends_it(dana, at_desk, hoa):
    fills(dana, f"{hoa}do/alert/", level="stop", title="Identity theft reported", acts=["data", "money"],
          words="Police report 26-118.")  # fmt: skip
    said = page(dana, hoa)
    assert "Identity theft reported" in said
    assert "Blocks: change of name, contact and people, credits" in said
    refused = fills(dana, f"{hoa}do/person/", role="authorized", given="Linh", family="Nguyen")
    assert refused.status_code == 422
    assert "Change of name, contact and people is blocked" in page(dana, f"{hoa}do/contact/")
    assert "blocked until a supervisor ends this alert" in words(refused)
    assert "Only a supervisor can end this" in page(dana, f"{hoa}do/credit/")
    alert = AccountAlert.objects.get()
    assert dana.get(f"{hoa}alerts/{alert.pk}/do/end/").status_code == 403
    fills(at_desk("renee"), f"{hoa}alerts/{alert.pk}/do/end/", words="Cleared with the customer.")
    assert "Identity theft" not in page(dana, hoa)
    assert fills(dana, f"{hoa}do/person/", role="authorized", given="Linh", family="Nguyen").status_code == 200


@pytest.mark.parametrize(("level", "acts"), [("stop", []), ("watch", ["data"])])
def test_only_a_stop_blocks_and_it_blocks_something(dana, hoa, level, acts):
    assert fills(dana, f"{hoa}do/alert/", level=level, title="Dog", acts=acts).status_code == 422


def test_somebody_may_speak_for_an_account_until_they_are_taken_off(dana, hoa):
    fills(dana, f"{hoa}do/person/", role="authorized", given="Linh", family="Nguyen", phone="(510) 555-0143")
    assert "Linh Nguyen" in page(dana, hoa)
    assert "Linh Nguyen" in page(dana, f"{hoa}do/verify/")
    assert "Can't stop service" in page(dana, f"{hoa}do/verify/")
    refused = fills(dana, f"{hoa}do/person/", role="third-party", given="Minh", family="Nguyen")
    assert "give the address" in words(refused)
    who = dana.get(f"{hoa}do/end-person/").context["form"].fields["who"].choices[0][0]
    fills(dana, f"{hoa}do/end-person/", who=who, on="2026-11-20")
    assert "is off the account from" in page(dana, hoa)
    assert "Linh Nguyen" not in page(dana, f"{hoa}do/verify/")


def test_further_acts_are_a_key_away(dana, hoa):
    said = page(dana, f"{hoa}do/more/")
    for act in ("Email or text", "Add a person", "Language and interpreter", "Raise an alert"):
        assert act in said
