"""Orders: what can be raised, the strict sequence of their steps, and cancelling."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from lamplighter.fieldwork import certificates
from lamplighter.fieldwork.models import Order, OrderStep, SiteNote
from lamplighter.fieldwork.operations import ordering, reporting
from lamplighter.fieldwork.operations.notes import end_site_note, write_site_note
from lamplighter.fieldwork.operations.ordering import CannotCancel, CannotRaise, NeedsCertificate, OrderIn
from lamplighter.fieldwork.operations.reporting import CannotStart
from lamplighter.fieldwork.queries.orders import site_notes
from lamplighter.fieldwork.types import NON_PAYMENT, OrderKind, Priority
from lamplighter.journeys.moving import stop_service
from lamplighter.metering.operations import switch
from lamplighter.platform.models import Event, PastRow
from lamplighter.worklist.models import Item
from tests.fieldwork.conftest import FRIDAY, MONDAY, SAM, carried
from tests.town import DANA


def steps_of(order) -> list[tuple[str, str, str]]:
    return [(step.was, step.state, str(step.by)) for step in order.steps.order_by("serial")]


def test_an_order_that_can_go_out_waits_with_its_tasks_and_is_told_on_the_account(field):
    order = field.order("Ada", OrderKind.DISCONNECT, reason="move-out")
    assert steps_of(order) == [("", "pending", "staff:dana"), ("pending", "waiting", "staff:dana")]
    assert [task.act for task in order.tasks.order_by("serial")] == ["read", "switch-off"]
    assert order.meter.badge == "E-0001"
    told = Event.objects.get(name="fieldwork.order.raised")
    assert (told.account, told.subject) == (order.account_id, f"order:{order.number}")


def test_it_is_due_by_working_days_from_the_day_on_which_it_may_be_done(field):
    assert field.order("Ada").due_at == datetime(2026, 11, 25, 1, tzinfo=UTC)  # Tuesday, 5 pm in California
    later = field.order("Ben", not_before=date(2026, 11, 28))  # a Saturday: from Monday on, it is due on Wednesday
    assert later.due_at == datetime(2026, 12, 3, 1, tzinfo=UTC)
    assert field.order("Cleo", priority=Priority.URGENT).due_at == field.at + timedelta(hours=4)


def test_the_same_is_not_raised_twice(field):
    first = field.order("Ada")
    with pytest.raises(CannotRaise, match=f"Order {first.number} is open"):
        field.order("Ada")
    assert ordering.request_order(
        order=OrderIn(kind=OrderKind.READ, point=first.point, not_before=FRIDAY), by=DANA, at=field.at
    ) == first  # fmt: skip


def test_the_database_refuses_a_second_open_order_of_a_kind(field):
    first = field.order("Ada")
    with pytest.raises(IntegrityError, match="one_open_order_of_a_kind"), transaction.atomic():
        Order.objects.filter(pk=field.order("Ben").pk).update(point=first.point)


def test_what_makes_no_sense_there_is_refused_with_its_reason(field):
    with pytest.raises(CannotRaise, match="Service is on there already"):
        field.order("Ada", OrderKind.RECONNECT)
    with pytest.raises(CannotRaise, match="Say why: Move-out"):
        field.order("Ada", OrderKind.DISCONNECT)


def test_a_request_of_another_part_that_cannot_go_out_waits_for_a_person_until_its_cause_is_gone(field):
    home = field.town.homes["Ada"]
    order = ordering.request_order(
        order=OrderIn(kind=OrderKind.RECONNECT, point=home.point, not_before=FRIDAY, account=home.account,
                      origin="credit"),
        by=DANA, at=field.at,
    )  # fmt: skip
    assert order.state == "faulty"
    assert Item.objects.get(kind="fieldwork.faulty").summary == "Reconnect: Service is on there already."
    with pytest.raises(CannotRaise, match="on there already"):
        ordering.check_again(order=order, by=DANA, at=field.at)
    switch(point=home.point, state="off", at=field.at, reason="test", by=DANA, recorded_at=field.at)
    assert ordering.check_again(order=order, by=DANA, at=field.at + timedelta(hours=1)).state == "waiting"
    assert not Item.objects.waiting().exists()


def test_a_cut_for_nonpayment_needs_the_certificate_by_name(field):
    with pytest.raises(NeedsCertificate, match="A disconnect needs a shut-off certificate of its reason"):
        field.order("Ada", OrderKind.DISCONNECT, reason=NON_PAYMENT)
    assert not Order.objects.exists()


def cut(field, **wrong) -> Order:
    home = field.town.homes["Ada"]
    order = OrderIn(kind=OrderKind.DISCONNECT, reason=NON_PAYMENT, point=home.point, not_before=FRIDAY,
                    account=home.account, origin="credit")  # fmt: skip
    return ordering.raise_order(
        order=order, certificate=carried(order, **{"number": "C-1", **wrong}), by=DANA, at=field.at
    )


def test_a_certificate_of_another_account_is_none(field):
    with pytest.raises(NeedsCertificate, match="C-1 is for another account"):
        cut(field, account=field.town.homes["Ben"].account.pk)


def test_a_certificate_of_another_reason_is_none(field):
    with pytest.raises(NeedsCertificate, match="C-1 is for another reason"):
        cut(field, reason="move-out")


def test_every_disconnect_of_a_served_point_needs_its_certificate_and_a_vacant_one_does_not(field):
    home = field.town.homes["Ada"]
    for account in (home.account, None):
        asked = OrderIn(
            kind=OrderKind.DISCONNECT, reason="hazard", point=home.point, not_before=FRIDAY, account=account
        )
        with pytest.raises(NeedsCertificate):
            ordering.raise_order(order=asked, by=DANA, at=field.at)
    stop_service(agreement=home.agreement, on=FRIDAY, by=DANA, at=field.at)
    assert ordering.raise_order(order=asked, by=DANA, at=field.at).state == "waiting"


def test_the_database_refuses_a_cut_for_nonpayment_without_certificate(field):
    home = field.town.homes["Ada"]
    stop_service(agreement=home.agreement, on=FRIDAY, by=DANA, at=field.at)
    vacant = OrderIn(kind=OrderKind.DISCONNECT, reason="move-out", point=home.point, not_before=FRIDAY)
    order = ordering.raise_order(order=vacant, by=DANA, at=field.at)
    with pytest.raises(IntegrityError, match="no_cut_for_debt_without_certificate"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(reason=NON_PAYMENT)


def test_a_certificate_is_checked_again_when_the_crew_begins(field, monkeypatch):
    order = cut(field)
    assert order.certificate == "C-1"
    monkeypatch.setattr(certificates, "_rechecks", [])
    with pytest.raises(CannotStart, match="can't be checked here"):
        reporting.start_order(order=order, on=FRIDAY, by=SAM, at=field.at)
    certificates.on_recheck(lambda order, _at: f"{order.certificate} ended: paid at the counter.")
    with pytest.raises(CannotStart, match=r"Do not disconnect. C-1 ended: paid"):
        reporting.start_order(order=order, on=FRIDAY, by=SAM, at=field.at)
    certificates._rechecks[:] = [lambda _number, _at: ""]
    assert reporting.start_order(order=order, on=FRIDAY, by=SAM, at=field.at).state == "in-progress"


def test_an_order_is_cancelled_with_a_reason_and_its_tasks_with_it(field):
    order = field.order("Ada")
    with pytest.raises(CannotCancel, match="Choose why"):
        ordering.cancel_order(order=order, reason="", by=DANA, at=field.at)
    gone = ordering.cancel_order(order=order, reason="customer-asked", by=DANA, at=field.at, words="She reads it.")
    assert gone.state == "discarded"
    assert str(gone.steps.last().remark) == "She reads it."
    assert {task.outcome for task in order.tasks.all()} == {"cancelled"}
    with pytest.raises(CannotCancel, match="is cancelled already"):
        ordering.cancel_order(order=order, reason="error", by=DANA, at=field.at)
    assert field.order("Ada").state == "waiting"


def test_an_order_moves_by_its_steps_alone(field):
    order = field.order("Ada")
    for change in (
        lambda: Order.objects.filter(pk=order.pk).update(state="complete"),
        lambda: Order.objects.filter(pk=order.pk).delete(),
        lambda: OrderStep.objects.filter(order=order).update(by=SAM),
        lambda: OrderStep.objects.create(order=order, serial=3, was="waiting", state="complete", at=field.at, by=SAM),
        lambda: OrderStep.objects.create(order=order, serial=3, was="pending", state="faulty", at=field.at, by=SAM),
        lambda: OrderStep.objects.create(order=order, serial=7, was="waiting", state="discarded", at=field.at, by=SAM),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    order.refresh_from_db()
    assert order.state == "waiting"


def test_what_an_order_was_is_kept(field):
    order = field.order("Ada")
    assert PastRow.objects.filter(table_name="fieldwork_order", row_id=str(order.pk)).exists()


def test_a_note_of_a_place_stands_on_every_order_there_until_it_is_over(field):
    premise = field.town.homes["Ada"].point.premise
    write_site_note(premise=premise, about=SiteNote.About.ACCESS, words="Gate 4711", on=FRIDAY, by=DANA, at=field.at)
    dog = [
        write_site_note(premise=premise, about=SiteNote.About.SAFETY, words=words, on=FRIDAY, by=DANA, at=field.at)
        for words in ("Big dog", "Big dog ")
    ]
    assert dog[0] == dog[1]
    standing = site_notes([premise.pk], on=MONDAY)[premise.pk]
    assert [str(note.remark) for note in standing] == ["Big dog", "Gate 4711"]
    end_site_note(note=dog[0], on=MONDAY, by=DANA, at=field.at)
    assert [note.about for note in site_notes([premise.pk], on=MONDAY)[premise.pk]] == ["access"]
