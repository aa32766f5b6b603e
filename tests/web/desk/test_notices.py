"""A notice is read from the timeline as the customer has it, with the proof of its mailing."""

import pytest

from lamplighter.accounts.models import Account
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import Step, erase_words, queue, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.models import AccessRecord

from .conftest import words
from .town import NIGHTLY, NOW


@pytest.fixture
def letter(town):
    """The past-due notice of the town, on its way."""
    found = Notice.objects.filter(account__isnull=False, channel="letter").first()
    queue(notices=[found], by=NIGHTLY, at=NOW)
    record_deliveries(steps=[Step(found.pk, DeliveryStep.HANDED_OVER, NOW, "tray 7")], by=NIGHTLY, at=NOW)
    return found


def page(client, letter):
    return client.get(f"/desk/letters/{letter.pk}/")


def test_the_timeline_leads_to_the_words(at_desk, letter):
    dana = at_desk("dana")
    home = dana.get(f"/desk/accounts/{Account.objects.get(pk=letter.account).number}/")
    assert f"/desk/letters/{letter.pk}/" in home.content.decode()
    said = words(page(dana, letter))
    assert letter.words.address[0] in said
    assert letter.words.read[0].subject in said
    assert "Proof tray 7" in said
    assert AccessRecord.objects.filter(subject=letter.key).count() == 1, "who read it is recorded"


def test_words_that_were_erased_are_said_to_be(at_desk, letter):
    erase_words(notices=[letter.pk], by=NIGHTLY, at=NOW)
    said = words(page(at_desk("dana"), letter))
    assert "The words were erased by the retention schedule" in said
    assert "Proof tray 7" in said


def test_a_notice_that_is_not_there_is_no_page(at_desk, letter):
    assert at_desk("dana").get("/desk/letters/999999/").status_code == 404
