"""A meter is tested: the customer's wish and its fee, the result, the letter, and what wrong bills become.

What an average registration says of days gone by is a multiplier for them: the way of every fact that turns out to have
been otherwise (`journeys.amending`), within the dated limits of back-billing and refund, and never one person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, Agreement, AgreementPoint
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.billing.queries.fees import fees_on
from lamplighter.fieldwork.kinds import UNTOLD, WRONG_METER
from lamplighter.fieldwork.models import Order, SiteNote
from lamplighter.fieldwork.operations import ordering
from lamplighter.fieldwork.operations.ordering import CannotRaise, OrderIn, request_order
from lamplighter.fieldwork.types import OrderKind
from lamplighter.journeys.amendments import MultiplierWas
from lamplighter.journeys.dunning import Letter, write
from lamplighter.journeys.ordering import Slot, order_work
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation, Meter, MeterTest
from lamplighter.metering.operations import MeterTestIn, record_test
from lamplighter.metering.queries import known_right
from lamplighter.metering.rules import Verdict, corrected, wrong_since
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.worklist.operations import Draft, raise_items

ASKED, WRONG = "meter-test", "meter-wrong"
"""Origins of orders: a customer asked for the test; a meter that is wrong is to be exchanged."""
FEES = "revenue-fees"
RESULTS: Mapping[str, str] = {Verdict.IN_LIMITS: "right", Verdict.FAST: "fast", Verdict.SLOW: "slow"}


@dataclass(frozen=True, slots=True)
class WantedTest:
    """A customer's wish: on the spot, or in the shop, for which the meter is exchanged."""

    account: Account
    point: ServicePoint
    in_shop: bool = False
    notes: Mapping[SiteNote.About, str] | None = None
    slot: Slot | None = None


@in_transaction
def ask_for_test(*, request: WantedTest, on: date, by: Actor, at: datetime) -> Order:
    """The order, its appointment, and the fee on the next bill. Raises CannotRaise, CannotBook."""
    account = request.account
    advisory_lock(f"account:{account.pk}")
    agreement = _service(account, request.point, on)
    if agreement is None:
        raise CannotRaise("This account has no service at that meter today.")
    kind = OrderKind.EXCHANGE if request.in_shop else OrderKind.TEST
    words = "The customer asked for a test: bring the meter to the shop as it is." if request.in_shop else ""
    wanted = OrderIn(kind, request.point, on, account=account, origin=ASKED, origin_key=account.subject,
                     instructions=words)  # fmt: skip
    made = order_work(order=wanted, notes=request.notes or {}, slot=request.slot, on=on, by=by, at=at)
    if fee := fees_on(on).meter_test:
        adjust(
            agreement=agreement, kind=Adjustment.Kind.FEE, label="Meter test", amount=fee, against=FEES, on=on,
            source=f"{ASKED}:{made.number}", by=by, at=at,
        )  # fmt: skip
    return made


@in_transaction
def cancel_work(*, order: Order, reason: str, words: str, on: date, by: Actor, at: datetime) -> Order:
    """Nothing is to be done any more; a test that is not made costs nothing. Raises CannotCancel."""
    if order.account_id:
        advisory_lock(f"account:{order.account_id}")
    found = ordering.cancel_order(order=order, reason=reason, by=by, at=at, words=words)
    _give_back(found, on=on, by=by, at=at)
    return found


@in_transaction
def keep_test(*, meter: Meter, test: MeterTestIn, on: date, by: Actor, at: datetime) -> MeterTest:
    """The result on the meter, and what follows: the fee back and bills to correct where it is out of limits, another
    meter where it was left so, and a letter to who asked. Raises CannotTest."""
    asked = Order.objects.filter(number=test.order, origin=ASKED).select_related("account").first()
    if asked is not None and asked.account_id:
        advisory_lock(f"account:{asked.account_id}")
    made = record_test(meter=meter, test=test, by=by, at=at)
    wrong = not made.is_right
    if wrong and made.why != MeterTest.Why.SAMPLE:
        summary = f"Meter {meter}: {_percent(made.average)} at the test of {_day(made.tested_at):%b %-d, %Y}."
        raise_items(drafts=[Draft(WRONG_METER.key, meter.subject, summary)], by=by, at=at)
    if not made.is_left_right:
        _exchange(made, on=on, by=by, at=at)
    if asked is not None and asked.account is not None:
        back = _give_back(asked, on=on, by=by, at=at) if wrong else None
        _tell(made, asked.account, kept=not wrong and _fee_of(asked) is not None, back=bool(back), on=on, by=by, at=at)
    return made


def open_request(meter: Meter) -> Order | None:
    """The order that brought this meter in for a test that its customer asked for, and that has no result yet. One on
    the spot is answered by its crew."""
    rows = Order.objects.filter(meter=meter, origin=ASKED, kind=OrderKind.EXCHANGE, state=Order.State.COMPLETE)
    known = MeterTest.objects.filter(meter=meter).exclude(order="").values_list("order", flat=True)
    return rows.exclude(number__in=known).order_by("-id").first()


def proposed(test: MeterTest) -> MultiplierWas | None:
    """What corrects the bills that stood on a meter that was fast or slow: its multiplier from the day on which it
    began, as far as anybody knows, to the day of the test where it was put right or taken out. None where it showed too
    little to tell, or was right. Bills beyond the dated limits stay as they are."""
    channel = Channel.objects.filter(meter=test.meter_id, quantity=Channel.Quantity.ENERGY).order_by("id").first()
    tested, right_at = _day(test.tested_at), known_right(test.meter, before=test.tested_at)
    if test.is_right or channel is None or right_at is None:
        return None
    since = wrong_since(tested, known_right=_day(right_at))
    held = channel.multipliers.filter(period__contains=since).first()
    factor = corrected(held.factor, test.average) if held else None
    if factor is None:
        return None
    stands = Installation.objects.filter(meter=test.meter_id, span__contains=test.tested_at).exists()
    ends = tested if test.is_left_right or not stands else None
    return MultiplierWas(channel.pk, factor, Period(min(since, tested - timedelta(days=1)), ends))


def _service(account: Account, point: ServicePoint, on: date) -> Agreement | None:
    row = AgreementPoint.objects.filter(
        point=point, use=AgreementPoint.Use.ADD, period__contains=on, agreement__account=account,
        agreement__cancelled_at__isnull=True,
    ).select_related("agreement").first()  # fmt: skip
    return row.agreement if row else None


def _fee_of(order: Order) -> Adjustment | None:
    source = f"{Adjustment.Kind.FEE}:{ASKED}:{order.number}"
    return Adjustment.objects.filter(entry__source=source).select_related("agreement__account").first()


def _give_back(order: Order, *, on: date, by: Actor, at: datetime) -> Adjustment | None:
    """The fee of a test, once; None where there was none."""
    charged = _fee_of(order) if order.origin == ASKED else None
    if charged is None:
        return None
    return adjust(
        agreement=charged.agreement, kind=Adjustment.Kind.FEE, label="Meter test fee given back",
        amount=-charged.amount, against=FEES, on=on, source=f"{ASKED}-back:{order.number}", by=by, at=at,
    )  # fmt: skip


def _exchange(test: MeterTest, *, on: date, by: Actor, at: datetime) -> None:
    """A meter that stands and was left wrong does not stay."""
    rows = Installation.objects.filter(meter=test.meter_id, span__contains=test.tested_at, span__endswith__isnull=True)
    standing = rows.select_related("point").first()
    if standing is None:
        return
    service = AgreementPoint.objects.filter(
        point=standing.point, use=AgreementPoint.Use.ADD, period__contains=on, agreement__cancelled_at__isnull=True
    ).select_related("agreement__account").first()  # fmt: skip
    wanted = OrderIn(
        OrderKind.EXCHANGE, standing.point, on, account=service.agreement.account if service else None, origin=WRONG,
        origin_key=test.meter.subject, instructions=f"A test left this meter out of limits: {_percent(test.average)}.",
    )  # fmt: skip
    request_order(order=wanted, by=by, at=at)


def _tell(
    test: MeterTest, account: Account, *, kept: bool, back: bool, on: date, by: Actor, at: datetime
) -> None:  # fmt: skip
    letter = Letter(
        "meter-test", f"meter-test:{test.pk}", test.meter.subject,
        {
            "badge": test.meter.badge, "tested": _day(test.tested_at), "full": _percent(test.found_full),
            "light": _percent(test.found_light), "average": _percent(test.average), "low": _percent(test.low),
            "high": _percent(test.high), "result": RESULTS[test.verdict],
            "fee": "returned" if back else "kept" if kept else "none",
        },
    )  # fmt: skip
    write(letter, account=account, on=on, by=by, at=at, untold=UNTOLD.key)


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f} %"


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
