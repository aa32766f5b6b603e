"""Starting, stopping and handing over service: agreements never overlap, whoever asks."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Agreement, AgreementFact, AgreementPoint, AgreementRate
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.queries import neighbours, profile
from lamplighter.accounts.types import TYPES, AgreementKind
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.kernel.actors import staff
from lamplighter.kernel.instants import Span
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Multiplier, SwitchState
from lamplighter.metering.operations import CannotInstall
from lamplighter.metering.queries import multipliers, standings
from lamplighter.platform.models import Event, PastRow
from lamplighter.premises import operations as premises
from lamplighter.premises.queries import facts_of
from lamplighter.tariffs.models import Schedule

DANA = staff("dana")
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 11, 1)


def start(place, person, on=ON, **kwargs):
    return start_service(
        account=place.account(person), points=(place.point,), schedule=place.schedule, on=on, by=DANA, at=AT, **kwargs
    )


def test_every_kind_of_balance_has_a_control_code():
    codes = {code.key: code for code in chart()}
    assert all(codes[TYPES[kind].control_code].control for kind in AgreementKind)


def test_service_starts_with_its_balance_its_rate_and_the_switch(place):
    move = start(place, place.luis)
    assert move.started.subledger.code_id == "receivable"
    assert [rate.schedule.code for rate in move.started.rates.all()] == ["R-1"]
    assert SwitchState.objects.get().span == Span(datetime(2026, 11, 1, 7, tzinfo=UTC))
    assert Event.objects.filter(account=move.started.account_id).count() == 2


def test_a_taken_point_is_refused_with_the_reason(place):
    luis = start(place, place.luis).started
    with pytest.raises(CannotServe, match=rf"Account {luis.account.number} has service there from Nov 1, 2026 on"):
        start(place, place.hannah, on=date(2026, 11, 15))


def test_back_to_back_shares_the_day(place):
    start(place, place.luis)
    move = start(place, place.hannah, on=date(2026, 11, 15), back_to_back=True)
    assert move.stopped.period == Period(ON, date(2026, 11, 15))
    assert move.started.period == Period(date(2026, 11, 15))
    assert [p.period.end for p in move.stopped.points.all()] == [date(2026, 11, 15)]
    assert SwitchState.objects.count() == 1, "the power stays on"


def test_even_raw_rows_cannot_overlap(place):
    first = start(place, place.luis).started
    second = accounts.start_agreement(
        account=place.account(place.hannah), kind=AgreementKind.DEPOSIT, on=ON, by=DANA, at=AT
    )
    with pytest.raises(IntegrityError, match="one_buyer_of_a_point"), transaction.atomic():
        AgreementPoint.objects.create(agreement=second, point=place.point, period=Period(ON))
    with pytest.raises(IntegrityError, match="one_rate_at_a_time"), transaction.atomic():
        AgreementRate.objects.create(agreement=first, schedule=place.schedule, period=Period(ON))
    with pytest.raises(IntegrityError, match="service_has_a_premise"), transaction.atomic():
        Agreement.objects.filter(pk=first.pk).update(premise=None)


def test_stopping_ends_points_rates_and_facts(place):
    agreement = start(place, place.luis).started
    accounts.state_fact(agreement=agreement, name="medical", value="1", period=Period(ON), by=DANA, at=AT)
    stop_service(agreement=agreement, on=date(2026, 11, 20), by=DANA, at=AT)
    for model in (AgreementPoint, AgreementRate, AgreementFact):
        assert model.objects.get().period.end == date(2026, 11, 20)
    with pytest.raises(CannotServe, match="already stops on Nov 20"):
        stop_service(agreement=agreement, on=date(2026, 11, 25), by=DANA, at=AT)


def test_a_stop_before_the_start_is_refused(place):
    agreement = start(place, place.luis).started
    with pytest.raises(CannotServe, match="Stop it on that day to cancel it"):
        stop_service(agreement=agreement, on=date(2026, 10, 1), by=DANA, at=AT)


def test_a_service_stopped_on_its_first_day_never_was(place):
    agreement = start(place, place.luis).started
    accounts.state_fact(agreement=agreement, name="medical", value="1", period=Period(ON), by=DANA, at=AT)
    stopped = stop_service(agreement=agreement, on=ON, by=DANA, at=AT)
    assert stopped.cancelled_at == AT
    assert profile(agreement.account, on=ON).services == ()
    assert neighbours(place.account(place.hannah), place.premise, on=ON) == []
    assert start(place, place.hannah).started.points.get().point == place.point, "the point is free again"
    assert Event.objects.filter(name="accounts.agreement.cancelled", account=agreement.account_id).exists()
    with pytest.raises(CannotServe, match="was cancelled"):
        stop_service(agreement=agreement, on=date(2026, 11, 20), by=DANA, at=AT)


def test_a_service_that_money_was_posted_to_is_not_cancelled(place):
    agreement = start(place, place.luis).started
    legs = Leg("receivable", Money(500), agreement.subledger_id, owed_on=ON), Leg("revenue-fees", Money(-500))
    ledger.post(draft=Draft("fee:1", "fee", ON, legs), at=AT, by=DANA)
    with pytest.raises(CannotServe, match="Money was posted"):
        stop_service(agreement=agreement, on=ON, by=DANA, at=AT)


def test_somebody_stands_on_an_account_once_in_a_role(place):
    account = place.account(place.luis)

    def authorize(period):
        return accounts.add_role(account=account, person=place.hannah, role="authorized", period=period, by=DANA, at=AT)

    authorize(Period(ON, date(2026, 12, 1)))
    with pytest.raises(CannotServe, match="Hannah Brandt is that on account"):
        authorize(Period(date(2026, 11, 30)))
    authorize(Period(date(2026, 12, 1)))


def test_the_rate_changes_on_a_day(place):
    agreement = start(place, place.luis).started
    other = Schedule.objects.create(
        key="mbp/R-TOU", utility="m", code="R-TOU", name="TOU", customer_class="residential"
    )
    accounts.change_rate(agreement=agreement, schedule=other, on=date(2026, 12, 1), by=DANA, at=AT)
    assert [(r.schedule.code, r.period) for r in agreement.rates.order_by("period")] == [
        ("R-1", Period(ON, date(2026, 12, 1))), ("R-TOU", Period(date(2026, 12, 1))),
    ]  # fmt: skip


def test_facts_are_cut_around_a_correction(place):
    agreement = start(place, place.luis).started

    def say(value, period):
        accounts.state_fact(agreement=agreement, name="assist", value=value, period=period, by=DANA, at=AT)

    say("25", Period(ON))
    say("50", Period(date(2026, 12, 1), date(2027, 1, 1)))
    assert [(f.value, f.period.start, f.period.end) for f in agreement.facts.order_by("period")] == [
        ("25", ON, date(2026, 12, 1)),
        ("50", date(2026, 12, 1), date(2027, 1, 1)),
        ("25", date(2027, 1, 1), None),
    ]


def meter(badge="E-77120934", **kwargs):
    channel = Channel(name="kWh delivered", interval=900, unit="Wh", power=0)
    return metering.add_meter(badge=badge, channels=[channel], on=ON, by=DANA, at=AT, **kwargs)


def test_an_exchange_at_noon_splits_the_day(place):
    old, new = meter(), meter("E-2")
    noon = datetime(2026, 11, 10, 20, tzinfo=UTC)
    metering.install(meter=old, point=place.point, at=noon - timedelta(days=9), by=DANA, recorded_at=AT)
    with pytest.raises(CannotInstall, match="E-77120934 stands there"):
        metering.install(meter=new, point=place.point, at=noon, by=DANA, recorded_at=AT)
    metering.remove(meter=old, at=noon, by=DANA, recorded_at=AT)
    metering.install(meter=new, point=place.point, at=noon, by=DANA, recorded_at=AT)
    day = Span(datetime(2026, 11, 10, 8, tzinfo=UTC), datetime(2026, 11, 11, 8, tzinfo=UTC))
    found = standings([place.point.pk], span=day)
    assert [(s.channel.meter.badge, s.span) for s in found] == [
        ("E-77120934", Span(day.start, noon)), ("E-2", Span(noon, day.end)),
    ]  # fmt: skip


def test_a_meter_stands_in_one_place(place):
    other = premises.add_service_point(premise=place.premise, by=DANA, at=AT)
    device = meter()
    metering.install(meter=device, point=place.point, at=AT, by=DANA, recorded_at=AT)
    with pytest.raises(CannotInstall, match="stands at"):
        metering.install(meter=device, point=other, at=AT, by=DANA, recorded_at=AT)


def test_a_meter_set_and_taken_at_one_instant_leaves_no_installation(place):
    device = meter()
    metering.install(meter=device, point=place.point, at=AT, by=DANA, recorded_at=AT)
    metering.remove(meter=device, at=AT, by=DANA, recorded_at=AT)
    assert standings([place.point.pk], span=Span(AT)) == []
    assert PastRow.objects.filter(table_name="metering_installation").count() == 1


def test_a_meter_set_in_the_past_stands_until_it_is_known_elsewhere(place):
    device, other = meter(), premises.add_service_point(premise=place.premise, by=DANA, at=AT)
    metering.install(meter=device, point=other, at=AT, by=DANA, recorded_at=AT)
    earlier = AT - timedelta(days=9)
    made = metering.install(meter=device, point=place.point, at=earlier, by=DANA, recorded_at=AT)
    assert made.span == Span(earlier, AT)


def test_a_wrong_multiplier_is_corrected_by_its_date(place):
    channel = meter(multiplier=Decimal(40)).channels.get()
    wrong = Period(date(2026, 11, 10), date(2026, 11, 20))
    metering.correct_multiplier(
        channel=channel, factor=Decimal(80), period=wrong, by=DANA, at=AT, remark="CT plate says 400:5"
    )
    found = multipliers([channel.pk], period=Period(ON, date(2026, 12, 1)))[channel.pk]
    assert [(p.start.day, p.days, f) for p, f in found] == [(1, 9, 40), (10, 10, 80), (20, 11, 40)]
    assert Multiplier.objects.count() == 3


def test_a_cut_and_a_reconnection_on_one_day(place):
    start(place, place.luis)
    for hour, state in ((17, "off"), (23, "on"), (23, "on")):
        metering.switch(
            point=place.point, state=state, at=datetime(2026, 11, 19, hour, tzinfo=UTC), reason="test", by=DANA,
            recorded_at=AT,
        )  # fmt: skip
    assert [s.state for s in SwitchState.objects.order_by("span")] == ["on", "off", "on"]


def test_a_switch_told_late_or_twice_at_one_instant_keeps_its_order(place):
    def switch(state, at):
        metering.switch(point=place.point, state=state, at=at, reason="test", by=DANA, recorded_at=AT)

    switch("on", AT)
    switch("off", AT - timedelta(days=2))
    assert [(s.state, s.span.start) for s in SwitchState.objects.order_by("span")] == [
        ("off", AT - timedelta(days=2)), ("on", AT),
    ]  # fmt: skip
    switch("off", AT)
    assert SwitchState.objects.get(span__contains=AT).state == "off"


def test_facts_of_a_place_are_dated(place):
    premises.state_fact(point=place.point, name="heating", value="gas", on=ON, by=DANA, at=AT)
    premises.state_fact(point=place.point, name="heating", value="electric", on=date(2026, 12, 1), by=DANA, at=AT)
    assert facts_of([place.point.pk], on=ON)[place.point.pk] == {"heating": "gas"}
    assert facts_of([place.point.pk], on=date(2027, 1, 1))[place.point.pk] == {"heating": "electric"}
