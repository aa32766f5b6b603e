"""What a crew found is taken over everywhere, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from lamplighter.billing.models import Adjustment, RebillRequest
from lamplighter.fieldwork.models import Half, Order, Report, Visit
from lamplighter.fieldwork.operations import ordering, reporting, visits
from lamplighter.fieldwork.operations.reporting import CannotReport
from lamplighter.fieldwork.reports import FieldRead, ReportIn
from lamplighter.fieldwork.types import NON_PAYMENT, OrderKind
from lamplighter.journeys.completing import expectations, registers_of, report_order
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.instants import midnight
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Installation, SwitchState
from lamplighter.platform.models import Event
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.registers import ReadIn, record_reads
from lamplighter.worklist.models import Item
from tests.fieldwork.conftest import FRIDAY, MONDAY, SAM
from tests.fieldwork.test_orders import cut
from tests.town import DANA, ZONE


def found(field, order, *counts: int, **said) -> ReportIn:
    """A report of half an hour ago, with what the registers showed."""
    at = said.pop("found_at", field.at + timedelta(hours=1))
    confirmed = said.pop("confirmed", False)
    reads = tuple(
        FieldRead(channel.pk, count, confirmed)
        for channel, count in zip(registers_of(order, at=at), counts, strict=False)
    )
    return ReportIn(draft=uuid4(), done=said.pop("done", True), found_at=at, reads=reads, **said)


def send(field, order, report: ReportIn) -> Report:
    return report_order(order=order, report=report, by=SAM, at=field.at + timedelta(hours=2))


def test_a_read_is_recorded_at_its_instant_and_the_order_is_complete(field):
    order = field.order("Ada")
    visits.book(order=order, day=FRIDAY, half=Half.MORNING, by=DANA, at=field.at)
    report = found(field, order, 1790, words="Shrub in front of it")
    kept = send(field, order, report)
    order.refresh_from_db()
    assert order.state == "complete"
    assert [step.state for step in order.steps.order_by("serial")] == ["pending", "waiting", "in-progress", "complete"]
    read = RegisterRead.objects.latest("id")
    assert (read.count, read.at, read.kind) == (1790, report.found_at, "check")
    assert Visit.objects.get(order=order).ended == "done"
    assert {task.outcome for task in order.tasks.all()} == {"done"}
    assert str(kept.remark) == "Shrub in front of it"
    told = Event.objects.get(name="fieldwork.order.completed")
    assert (told.account, told.actor) == (order.account_id, SAM)


def test_the_same_draft_sent_again_changes_nothing_and_with_other_words_is_refused(field):
    order = field.order("Ada")
    report = found(field, order, 1790)
    assert send(field, order, report) == send(field, order, report)
    assert Report.objects.count() == 1
    assert RegisterRead.objects.filter(kind="check").count() == 1
    with pytest.raises(CannotReport, match="sent before with something else"):
        send(field, order, replace(report, words="other"))


def test_a_read_that_its_history_does_not_expect_is_looked_at_twice_and_told(field):
    order = field.order("Ada")
    (channel,) = registers_of(order, at=field.at)
    assert expectations([channel], at=field.at)[channel.pk].fits(1790)
    with pytest.raises(CannotReport, match=r"9,000 is not between 1,600 and 2,\d\d\d\. Read the dials again"):
        send(field, order, found(field, order, 9000))
    assert not Report.objects.exists()
    send(field, order, found(field, order, 9000, confirmed=True))
    assert "kWh 9,000" in Item.objects.get(kind="fieldwork.read").summary


def test_a_disconnection_switches_at_the_instant_at_which_it_was_done(field):
    order = field.order("Ada", OrderKind.DISCONNECT, reason="customer-request")
    with pytest.raises(CannotReport, match="Service must be off"):
        send(field, order, found(field, order, 1790, switch="on"))
    report = found(field, order, 1790, switch="off")
    send(field, order, report)
    off = SwitchState.objects.get(point=order.point, span__contains=field.at + timedelta(hours=3))
    assert (off.state, off.span.start, off.reason) == ("off", report.found_at, f"order {order.number}")
    assert RegisterRead.objects.latest("id").kind == "stop"


def test_an_exchange_ends_one_meter_and_begins_the_next_with_their_reads(field):
    new = metering.add_meter(
        badge="E-9001", channels=[Channel(name="kWh", unit="Wh", power=3, dials=5)], on=date(2026, 9, 1), by=DANA,
        at=field.at,
    )  # fmt: skip
    order = field.order("Ada", OrderKind.EXCHANGE)
    for said, words in (
        ({}, "meter that was set"), ({"set_badge": "E-0000"}, "No meter E-0000 is known"),
        ({"set_badge": "E-9001"}, "has 1 registers"), ({"set_badge": "E-0002", "set_reads": (1,)}, "stands at"),
    ):  # fmt: skip
        with pytest.raises(CannotReport, match=words), transaction.atomic():
            send(field, order, found(field, order, 1790, **said))
    report = found(field, order, 1790, set_badge="E-9001", set_reads=(12,))
    send(field, order, report)
    standing = Installation.objects.filter(point=order.point).order_by("span")
    assert [(row.meter.badge, row.span.end) for row in standing] == [("E-0001", report.found_at), ("E-9001", None)]
    reads = RegisterRead.objects.filter(at=report.found_at).order_by("id")
    assert [(read.channel.meter_id == new.pk, read.count, read.kind) for read in reads] == [
        (False, 1790, "remove"), (True, 12, "install"),
    ]  # fmt: skip


def test_the_result_of_a_test_and_an_inspection_is_kept(field):
    order = field.order("Ada", OrderKind.TEST)
    kept = send(field, order, found(field, order, 1790, full_load=Decimal("100.2"), light_load=Decimal("99.7")))
    assert (kept.data["full_load"], kept.data["light_load"]) == ("100.2", "99.7")
    inspected = send(field, field.order("Ben", OrderKind.INVESTIGATE), found(field, order, found="tamper"))
    assert inspected.data == {"found": "tamper"}


def test_what_could_not_be_done_goes_back_to_the_desk(field):
    order = field.order("Ada")
    visits.book(order=order, day=FRIDAY, half=Half.MORNING, by=DANA, at=field.at)
    send(field, order, found(field, order, done=False, reason="animal"))
    order.refresh_from_db()
    assert order.state == "waiting"
    assert Visit.objects.get(order=order).ended == "not-done"
    item = Item.objects.get(kind="fieldwork.returned")
    assert (item.summary, item.subject) == ("Read the meter: an animal in the way.", f"order:{order.number}")
    visits.book(order=order, day=MONDAY, half=Half.MORNING, by=DANA, at=field.at)
    assert not Item.objects.waiting().exists()


def test_power_that_went_off_on_a_cancelled_order_comes_back_at_once_and_a_person_is_told(field):
    order = field.order("Ada", OrderKind.DISCONNECT, reason="move-out")
    ordering.cancel_order(order=order, reason="not-needed", by=DANA, at=field.at)
    report = found(field, order, 1790, switch="off")
    kept = send(field, order, report)
    assert kept.late
    assert Item.objects.get(kind="fieldwork.late-report").severity == 2
    assert SwitchState.objects.get(point=order.point, state="off").span.start == report.found_at
    back = Order.objects.get(kind="reconnect")
    assert (back.state, back.priority, back.origin_key) == ("waiting", "urgent", order.subject)
    assert not Adjustment.objects.exists(), "free of charge"
    assert send(field, order, report) == kept
    assert Order.objects.filter(kind="reconnect").count() == 1


def test_a_cut_for_nonpayment_that_was_not_to_be_done_is_undone(field):
    order = cut(field)
    kept = send(field, order, found(field, order, 1790, switch="off"))
    order.refresh_from_db()
    assert (kept.late, order.state, order.reason) == (True, "discarded", NON_PAYMENT)
    assert "was not to be done" in Item.objects.get(kind="fieldwork.late-report").summary
    assert Order.objects.get(kind="reconnect").state == "waiting"


@pytest.mark.parametrize(("hours", "words"), [(3, "runs ahead"), (-1, "before the order was raised")])
def test_a_phone_whose_clock_is_wrong_is_told(field, hours, words):
    order = field.order("Ada")
    with pytest.raises(CannotReport, match=words):
        send(field, order, found(field, order, 1790, found_at=field.at + timedelta(hours=hours)))


def test_bills_that_stood_on_an_estimate_of_the_day_are_asked_for_again(field):
    home = field.town.homes["Ada"]
    field.town.reads("Ada", ("2026-09-01", 990))
    guess = ReadIn(home.channel, midnight(FRIDAY, ZONE) + timedelta(hours=9), 2000, Quality.ESTIMATED_LINEAR)
    record_reads(reads=[guess], by=DANA, at=field.at)
    assert field.town.bills("2026-11-01", "2026-11-20").billed == 1
    order = field.order("Ada")
    send(field, order, found(field, order, 1790))
    read = RegisterRead.objects.get(count=1790)
    assert read.supersedes.count == 2000
    assert RebillRequest.objects.get(agreement=home.agreement).cause == f"read:{read.pk}"


def test_photos_are_kept_with_the_report(field, settings, tmp_path):
    settings.STATE = tmp_path
    file, _ = store_file([b"\xff\xd8\xff one"], name="dog.jpg", media_type="image/jpeg", by=SAM, at=field.at)
    order = field.order("Ada")
    kept = send(field, order, found(field, order, 1790, photos=(file.sha256, file.sha256)))
    assert [photo.file for photo in kept.photos.all()] == [file]


def test_reports_are_never_edited(field):
    order = field.order("Ada")
    send(field, order, found(field, order, 1790))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Report.objects.update(late=True)


def test_beginning_twice_is_beginning_once(field):
    order = field.order("Ada")
    for _ in range(2):
        reporting.start_order(order=order, on=FRIDAY, by=SAM, at=field.at)
    assert order.steps.filter(state="in-progress").count() == 1


def test_the_same_draft_sent_twice_at_once_is_taken_over_once(committed):
    with unit_of_work(DANA):
        order = committed.order("Ada")
        report = found(committed, order, 1790)
    start, kept, failed = Barrier(2), [], []

    def phone():
        try:
            start.wait(timeout=10)
            with unit_of_work(SAM):
                kept.append(send(committed, order, report).pk)
        except Exception as error:  # noqa: BLE001 - told at the end of the test
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=phone) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failed == []
    assert len(set(kept)) == 1
    assert RegisterRead.objects.filter(kind="check").count() == 1
    assert Order.objects.get(pk=order.pk).state == "complete"
