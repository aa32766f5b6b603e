"""CSR-01: a representative's day with people, over every channel, on one screen and in a few keys."""

import pytest

from lamplighter.cases.models import Contact, Message
from lamplighter.jobs import messages as jobs
from lamplighter.journeys.messaging import take_mail
from lamplighter.notices.models import Delivery, Notice
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.cases.outside import TOKEN, mail, post_office, rings, told
from tests.duties.playing import DONE, fills
from tests.web.desk.conftest import words
from tests.web.desk.town import TODAY

HOA = "+15105550142"


@pytest.fixture(autouse=True)
def gateways(settings):
    settings.GATEWAY_TOKEN = TOKEN


@pytest.fixture
def hoa(number):
    return f"/desk/accounts/{number('Thi Hoa Nguyen')}/"


def test_csr_01_a_call_pops_up_is_verified_and_wrapped_up(dana, client, hoa):
    rings(client, "CA1", HOA)
    call = dana.get("/desk/watch/?subject=").json()["call"]
    assert dana.get(call["url"]).url == hoa
    rings(client, "CA1", HOA, state="in-progress")
    dana.get(f"{hoa}do/verify/")
    assert dana.post(f"{hoa}do/verify/", {"facts": ["address", "phone"], "who": "main"}).status_code in DONE
    assert "Verified 9:02 am" in words(dana.get(hoa))
    assert fills(dana, f"{hoa}do/wrap/").status_code in DONE  # the guessed reason, taken with Enter
    rings(client, "CA1", HOA, state="completed")
    shown = words(dana.get(hoa))
    assert "Call in: payment plan or more time" in shown
    assert "Caller not verified" in shown
    assert Contact.objects.get().handled_by.key == "dana"


def test_csr_01_a_visit_and_a_letter_are_logged_in_a_few_keys(dana, hoa):
    fills(dana, f"{hoa}do/wrap/", means="visit", reason="bill", words="Brought the bill along.")
    fills(dana, f"{hoa}do/wrap/", means="letter", reason="complaint", outcome="follow-up", answer_on="2026-11-24")
    log = words(dana.get(f"{hoa}contacts/"))
    for said in ("Visit", "Question about a bill", "Letter in", "Complaint", "We owe an answer"):
        assert said in log
    assert Item.objects.get(kind="cases.follow-up").account == Contact.objects.first().account_id


def test_csr_01_an_email_comes_in_and_is_answered_in_its_thread(dana, hoa, settings):
    with unit_of_work(jobs.BY):
        take_mail(raw=mail("thihoa@example.net", "My bill", "Why so high?", key="<1@x>"), on=TODAY, by=jobs.BY,
                  at=jobs.timezone.now())  # fmt: skip
    item = Item.objects.get(kind="cases.message")
    contact = item.subject.partition(":")[2]
    assert "Why so high?" in words(dana.get(f"/desk/contacts/{contact}/"))
    fills(dana, f"/desk/contacts/{contact}/do/answer/", body="The week of Sep 14 was hot.")
    with post_office() as (url, took):
        settings.MAIL_OUT = url
        jobs.send_messages()
    assert b"In-Reply-To: <1@x>" in took[0]
    item.refresh_from_db()
    assert item.state == "done"
    assert "Email from us" in words(dana.get(hoa))


def test_csr_01_a_text_is_answered_and_a_stop_is_honoured(dana, client, hoa):
    told(client, "/hooks/texts/", MessageSid="SM1", From=HOA, Body="Is my power off?")
    contact = Contact.objects.get()
    fills(dana, f"/desk/contacts/{contact.pk}/do/answer/", body="No, it is on.")
    assert Message.objects.filter(opens=contact.message).count() == 1
    told(client, "/hooks/texts/", MessageSid="SM2", From=HOA, Body="STOP")
    assert "asked for no texts" in words(fills(dana, f"{hoa}do/write/", means="text", body="Your plan is ready."))


def test_csr_01_a_letter_is_written_from_a_template_read_printed_and_mailed(dana, hoa):
    assert "Record of payments in the last year (letter)" in words(dana.get(f"{hoa}do/letter/"))
    url = f"{hoa}do/letter/letter-general/letter/"
    asked = {"about": "Your question", "words": "Your meter reads right.", "language": "en"}
    read = dana.post(url, {**asked, "request_key": dana.get(url).context["form"]["request_key"].value()})
    assert "Your meter reads right." in words(read)
    assert not Notice.objects.filter(template__code="letter-general").exists()
    assert fills(dana, url, **asked).status_code == 200
    notice = Notice.objects.get(template__code="letter-general")
    assert "1418 Pacific Ave Apt B" in words(dana.get(f"/desk/letters/{notice.pk}/paper/"))
    fills(dana, "/desk/letters/do/print/")
    batch = notice.batched.batch
    assert "Manifest of batch" in words(dana.get(f"/desk/letters/batches/{batch.pk}/paper/"))
    wrong = fills(dana, f"/desk/letters/batches/{batch.pk}/do/mail/", counted=batch.count + 1, proof="Receipt 4411")
    assert "Find the difference first" in words(wrong)
    fills(dana, f"/desk/letters/batches/{batch.pk}/do/mail/", counted=batch.count, proof="Receipt 4411")
    assert Delivery.objects.get(notice=notice, step="handed_over").proof == f"batch {batch.number} Receipt 4411"
    assert "Letter general: letter mailed" in words(dana.get(hoa))
    fills(dana, f"/desk/letters/{notice.pk}/do/returned/", why="Moved, left no address")
    assert "Returned mail" in words(dana.get(hoa))
