"""Files stand for the outside in the demo, and a crash sends nothing twice."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import transaction

from lamplighter.jobs.notices import IN_A_ROW, NotHandedOver, hand_over_queued
from lamplighter.kernel.money import Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways.files import FileGateway, OtherWords, outbox_folder
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Delivery
from lamplighter.notices.operations import hand_over, queue
from lamplighter.notices.queries import outbox, parcel_of, proof_of_mailing, sender
from tests.notices.conftest import AT, DANA, GATEWAY, NAME, composed

MAILED = AT + timedelta(minutes=5, microseconds=123456)
RECEIPT = {
    "customer": NAME, "account": "204518-7", "amount": Money(6000), "paid": AT.date(), "method": "cash",
    "receipt": "R-20418", "balance": Money(2466),
}  # fmt: skip


@pytest.fixture
def gateway(tmp_path):
    return FileGateway(tmp_path / "outbox")


@pytest.fixture
def email(starters):
    notice = composed(
        code="payment-receipt", channel=Channel.EMAIL, address=("hoa@example.net",), values=RECEIPT,
    )  # fmt: skip
    queue(notices=[notice], by=DANA, at=AT)
    return notice


def files(gateway):
    return sorted(str(path.relative_to(gateway.folder)) for path in gateway.folder.rglob("*") if path.is_file())


def test_an_email_is_a_message_that_any_reader_opens(email, gateway):
    hand_over(notice=email, gateway=gateway, by=GATEWAY, at=MAILED)
    assert files(gateway) == [f"email/{email.number}.eml"]
    found = message_from_bytes((gateway.folder / "email" / f"{email.number}.eml").read_bytes(), policy=policy.default)
    assert found["To"] == "hoa@example.net"
    assert found["From"] == "Marisol Bay Power <service@marisolbaypower.example>"
    assert found["Subject"] == "Chúng tôi đã nhận khoản trả $60.00 của quý vị"
    assert found["Content-Language"] == "vi"
    assert found["Message-ID"] == f"<{email.number}@marisolbaypower.example>"
    assert found["Date"].datetime == MAILED.replace(microsecond=0)
    assert found.defects == []
    assert "Cảm ơn Thi Hoa Nguyen." in found.get_content()
    assert "tiền mặt" in found.get_content()


def test_a_letter_in_two_languages_is_one_file(reminder, gateway):
    notice = composed()
    queue(notices=[notice], by=DANA, at=AT)
    hand_over(notice=notice, gateway=gateway, by=GATEWAY, at=MAILED)
    words = (gateway.folder / "letter" / f"{notice.number}.txt").read_text()
    assert words.startswith("Thi Hoa Nguyen\n1418 Pacific Ave Apt B\n")
    assert words.index("Xin trả $186.42") < words.index("Please pay $186.42")


def test_a_text_that_fell_back_begins_with_the_language_line(reminder, gateway):
    notice = composed(language=Language.SPANISH)
    queue(notices=[notice], by=DANA, at=AT)
    (parcel,) = outbox(Channel.LETTER)
    assert parcel.text.startswith("Ayuda gratis: (510) 555-0100.\nGiúp miễn phí: (510) 555-0100.\n\nPlease pay")


def test_a_crash_between_writing_and_recording_sends_nothing_twice(email, gateway):
    class Crash(Exception):
        pass

    with pytest.raises(Crash), transaction.atomic():
        hand_over(notice=email, gateway=gateway, by=GATEWAY, at=MAILED)
        raise Crash
    assert proof_of_mailing(email) is None
    written = (gateway.folder / "email" / f"{email.number}.eml").read_bytes()
    hand_over(notice=email, gateway=gateway, by=GATEWAY, at=MAILED + timedelta(days=1))
    assert (gateway.folder / "email" / f"{email.number}.eml").read_bytes() == written
    assert files(gateway) == [f"email/{email.number}.eml"]
    assert proof_of_mailing(email).happened_at == MAILED
    hand_over(notice=email, gateway=gateway, by=GATEWAY, at=MAILED + timedelta(days=2))
    assert Delivery.objects.filter(step="handed_over").count() == 1


def test_a_half_written_file_is_written_anew(email, gateway):
    (gateway.folder / "email").mkdir(parents=True)
    (gateway.folder / "email" / f"{email.number}.part").write_bytes(b"From: Mari")
    hand_over(notice=email, gateway=gateway, by=GATEWAY, at=MAILED)
    assert files(gateway) == [f"email/{email.number}.eml"]


def test_a_folder_of_another_database_is_refused(email, gateway):
    parcel = parcel_of(email, sender())
    gateway.hand_over(parcel, at=MAILED)
    with pytest.raises(OtherWords, match="another database"):
        gateway.hand_over(replace(parcel, address=("other@example.net",)), at=MAILED)


def test_the_folder_is_in_the_state_of_this_installation(settings, tmp_path):
    settings.STATE = tmp_path
    assert outbox_folder() == tmp_path / "outbox"


def test_one_that_fails_stops_no_other(email, settings, tmp_path, caplog):
    settings.STATE = tmp_path
    other = composed(
        code="payment-receipt", channel=Channel.EMAIL, address=("hoa@example.net",), values=RECEIPT, source="test:2"
    )
    queue(notices=[other], by=DANA, at=AT)
    in_the_way = outbox_folder() / "email" / f"{email.number}.eml"
    in_the_way.mkdir(parents=True)
    with pytest.raises(NotHandedOver, match="1 notices were not handed over, 1 were"):
        hand_over_queued()
    assert f"{email.number} was not handed over" in caplog.text
    assert proof_of_mailing(other)
    in_the_way.rmdir()
    assert hand_over_queued() == 1


def test_a_way_that_is_shut_is_left(starters, settings, tmp_path, caplog):
    settings.STATE = tmp_path
    for number in range(IN_A_ROW + 3):
        notice = composed(
            code="payment-receipt", channel=Channel.EMAIL, address=("hoa@example.net",), values=RECEIPT,
            source=f"test:{number}",
        )  # fmt: skip
        queue(notices=[notice], by=DANA, at=AT)
    outbox_folder().mkdir()
    (outbox_folder() / "email").write_text("a file where the folder should be")
    with pytest.raises(NotHandedOver, match=f"{IN_A_ROW} notices were not"):
        hand_over_queued()
