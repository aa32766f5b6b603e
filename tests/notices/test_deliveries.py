"""The dated proof of mailing: first in order, then for ever."""

from datetime import timedelta
from itertools import permutations
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways import Receipt, Undeliverable
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Delivery, Notice
from lamplighter.notices.operations import (
    CannotRecord,
    Step,
    compose,
    erase_words,
    hand_over,
    hand_over_many,
    queue,
    record_deliveries,
    set_sender,
)
from lamplighter.notices.operations.starter import load_starter_templates
from lamplighter.notices.queries import draft, outbox, proof_of_mailing, proofs, undelivered
from lamplighter.notices.rules.steps import DeliveryStep, may_follow
from lamplighter.platform.models import Event, Remark
from lamplighter.platform.transactions import unit_of_work
from tests.notices.conftest import AT, DANA, GATEWAY, TOWN, ask, composed

HOUR = timedelta(hours=1)
MAILED = AT + HOUR


@pytest.fixture
def queued(reminder):
    notice = composed()
    queue(notices=[notice], by=DANA, at=AT)
    return notice


def record(notice, step, *, at=MAILED, proof="tray:2026-11-18/4", remark="", now=None):
    given_step = Step(notice.pk, DeliveryStep(step), at, proof, remark)
    return record_deliveries(steps=[given_step], by=GATEWAY, at=now or max(at, MAILED))[0]


def test_the_day_of_mailing_is_proved(queued):
    assert proof_of_mailing(queued) is None
    record(queued, "handed_over")
    proof = proof_of_mailing(queued)
    assert (proof.happened_at, proof.proof, proof.code, proof.failed) == (
        MAILED,
        "tray:2026-11-18/4",
        "reminder",
        False,
    )
    assert proofs(subjects=["account:204518-7"], code="reminder") == [proof]
    assert proofs(subjects=["account:204518-7"], code="past-due") == []


def test_deliveries_never_change(queued):
    record(queued, "handed_over")
    for change in (
        lambda: Delivery.objects.update(happened_at=AT - 20 * HOUR),
        lambda: Delivery.objects.all()._raw_delete("default"),
        lambda: Delivery.objects.create(
            notice=queued, step="handed_over", happened_at=AT, proof="x", recorded_at=AT, recorded_by=DANA
        ),
        lambda: Delivery.objects.create(
            notice=queued, step="returned", happened_at=AT, recorded_at=AT, recorded_by=DANA
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert proof_of_mailing(queued).happened_at == MAILED


def test_the_same_step_told_again_changes_nothing(queued):
    first = record(queued, "handed_over")
    assert record(queued, "handed_over", at=MAILED + HOUR) == first
    assert proof_of_mailing(queued).happened_at == MAILED
    told = Event.objects.get(name="notices.notice.handed_over")
    assert (told.account, told.data) == (
        7, {"code": "reminder", "channel": "letter", "language": "vi", "happened_at": MAILED.isoformat()},
    )  # fmt: skip


def test_a_second_mailing_is_a_notice_of_its_own(queued):
    record(queued, "handed_over")
    with pytest.raises(CannotRecord, match="handed over before, with another proof"):
        record(queued, "handed_over", proof="tray:other")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"step": "handed_over", "at": AT - HOUR}, "before it was composed"),
        ({"step": "handed_over", "at": MAILED + HOUR, "now": MAILED}, "in the future"),
        ({"step": "handed_over", "proof": ""}, "by which proof"),
        ({"step": "handed_over", "proof": "to 1418 PACIFIC AVE APT B"}, "no address"),
        ({"step": "delivered"}, "it was queued"),
        ({"step": "returned"}, "it was queued"),
    ],
)
def test_what_cannot_have_happened_is_refused(queued, told, why):
    with pytest.raises(CannotRecord, match=why):
        record(queued, **told)


def test_nothing_is_handed_over_that_nobody_queued(reminder):
    with pytest.raises(CannotRecord, match="not queued"):
        record(composed(), "handed_over")


@given(st.permutations(list(DeliveryStep)))
def test_in_whatever_order_steps_are_told_only_a_true_course_is_kept(order):
    taken = set()
    for step in [*order, *order, *order]:
        if may_follow(step, taken):
            assert step not in taken
            taken.add(step)
    assert DeliveryStep.QUEUED in taken
    if taken & {DeliveryStep.DELIVERED, DeliveryStep.RETURNED}:
        assert DeliveryStep.HANDED_OVER in taken


def test_queued_comes_first_and_a_bounce_ends_the_way_out():
    for first, *_ in permutations(DeliveryStep):
        assert may_follow(first, set()) == (first is DeliveryStep.QUEUED)
    assert not may_follow(DeliveryStep.HANDED_OVER, {DeliveryStep.QUEUED, DeliveryStep.BOUNCED})


def test_what_came_back_stands_out_until_it_is_replaced(queued):
    record(queued, "handed_over")
    assert list(undelivered(queued_before=AT + 9 * HOUR)) == []
    record(queued, "returned", at=MAILED + HOUR, remark="No such number; the new people are called Ortega")
    assert list(undelivered(queued_before=AT)) == [queued]
    assert proof_of_mailing(queued).failed
    assert [str(remark) for remark in Remark.objects.all()] == ["No such number; the new people are called Ortega"]
    composed(source="test:again", replaces=queued.pk)
    assert list(undelivered(queued_before=AT)) == []


def test_what_nobody_handed_over_stands_out_too(queued):
    assert list(undelivered(queued_before=AT)) == []
    assert list(undelivered(queued_before=AT + HOUR)) == [queued]


def test_the_outbox_holds_what_waits(queued):
    composed(source="test:2")  # not queued
    (parcel,) = outbox(Channel.LETTER)
    assert (parcel.number, parcel.sheets, parcel.from_email) == (
        queued.number, queued.words.read, "service@marisolbaypower.example",
    )  # fmt: skip
    assert outbox(Channel.EMAIL) == []
    record(queued, "handed_over")
    assert outbox(Channel.LETTER) == []
    erase_words(notices=[queued.pk], by=DANA, at=MAILED)
    assert proof_of_mailing(queued).happened_at == MAILED


class Refusing:
    def hand_over(self, parcel, *, at):  # noqa: ARG002
        raise Undeliverable(f"550 no mailbox {parcel.address[0]}", proof="smtp:550")


def test_what_a_gateway_refuses_has_bounced(queued):
    delivery = hand_over(notice=queued, gateway=Refusing(), by=GATEWAY, at=MAILED)
    assert (delivery.step, delivery.proof, str(delivery.remark)) == (
        "bounced", "smtp:550", "550 no mailbox Thi Hoa Nguyen",
    )  # fmt: skip
    assert outbox(Channel.LETTER) == []
    assert proof_of_mailing(queued) is None
    with pytest.raises(CannotRecord, match="queued, then bounced"):
        hand_over(notice=queued, gateway=Refusing(), by=GATEWAY, at=MAILED)


def test_many_are_handed_over_as_one_by_one(queued):
    """What went before is answered with its first proof, and what is refused bounces beside what is taken."""

    class Particular:
        def hand_over(self, parcel, *, at):
            if parcel.notice == refused.pk:
                raise Undeliverable("550 no mailbox", proof="smtp:550")
            return Receipt(f"taken:{parcel.number}", at)

    went, refused = (composed(source=f"many:{which}") for which in range(2))
    queue(notices=[went, refused], by=TOWN, at=AT)
    first = hand_over(notice=queued, gateway=Particular(), by=GATEWAY, at=MAILED)
    notices = [queued, went, refused]
    made = hand_over_many(notices=notices, gateway=Particular(), by=GATEWAY, at=MAILED + timedelta(hours=1))
    assert made[0] == first
    assert [(one.step, one.proof) for one in made] == [
        ("handed_over", f"taken:{queued.number}"), ("handed_over", f"taken:{went.number}"), ("bounced", "smtp:550"),
    ]  # fmt: skip
    assert outbox(Channel.LETTER) == []


def test_of_two_gateways_at_once_one_sends(committed):
    sent, start = [], Barrier(2)

    class Counting:
        def hand_over(self, parcel, *, at):
            sent.append(parcel.number)
            return Receipt(f"count:{len(sent)}", at)

    with unit_of_work(TOWN):
        set_sender(utility="M", phone="1", website="w", office="o", email="m@example.net", by=TOWN, at=AT)
        load_starter_templates(by=TOWN, at=AT, demo_town=True)
        request = ask(
            code="language-line",
            channel=Channel.TEXT,
            language=Language.ENGLISH,
            address=("(510) 555-0142",),
            values={},
        )
        (notice,) = compose(drafts=[draft(request)], by=TOWN, at=AT)
        queue(notices=[notice], by=TOWN, at=AT)

    def hand():
        try:
            start.wait(timeout=10)
            with unit_of_work(GATEWAY):
                hand_over(notice=Notice.objects.get(pk=notice.pk), gateway=Counting(), by=GATEWAY, at=MAILED)
        finally:
            connection.close()

    threads = [Thread(target=hand) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sent == [notice.number]
    assert Delivery.objects.filter(step="handed_over").count() == 1
