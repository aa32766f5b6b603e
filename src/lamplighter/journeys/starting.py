"""Start, stop and move service at the desk: what would happen on a day is a draft; confirming it does exactly that.

Days: where somebody must come out to the meter, the day is a working day of the office; a network meter's reads need
nobody, nor does power that is on or is turned on over the network: any day will do (utility policy). A day in the past
needs no visit: its read is estimated or known. Nothing is turned off over the network (docs/adr/0012).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, AccountRole, Agreement, AgreementPoint, Cycle, StandingAgreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.credit.queries.standing import law
from lamplighter.fieldwork.queries.orders import site_of
from lamplighter.fieldwork.types import OrderKind
from lamplighter.journeys.nights import first_window
from lamplighter.journeys.wiring import BY, MORNING, turns_on
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.policies import Policy, figure
from lamplighter.metering.models import Installation, Meter
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDaysPolicy(Policy):
    """How far from the day of the call a start, stop or move may lie."""

    key = "service-days"
    title = "Days of a start, stop or move"
    back_days: int = figure(60, "Days that it may reach back", 0, 365)
    ahead_days: int = figure(90, "Days ahead that it is taken", 1, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFeePolicy(Policy):
    """What starting service costs, once. It is waived where service is only handed on, unless the utility says so."""

    key = "start-fee"
    title = "Fee for starting service"
    fee: Money = figure(ZERO, "Starting service (0: no fee)", ZERO, Money(50_000))
    handed_on: bool = figure(False, "Also where somebody stops there on the same day")  # noqa: FBT003
    landlord: bool = figure(False, "Also of a landlord to whom service goes back")  # noqa: FBT003

    def of_start(self, *, handed_on: bool) -> Money:
        return self.fee if self.handed_on or not handed_on else ZERO

    @property
    def of_landlord(self) -> Money:
        return self.fee if self.landlord else ZERO


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who has service at a point on a day."""

    agreement: Agreement
    name: str

    @property
    def since(self) -> date:
        start: date = self.agreement.period.start
        return start


@dataclass(frozen=True, slots=True)
class StartDraft:
    """What starting service would do. `order` is what the field must do, if anything; `power` says when it is on;
    `fee` is what it costs once, on the next bill."""

    point: ServicePoint
    schedule: Schedule
    on: date
    sitting: Sitting | None
    order: OrderKind | None
    power: str
    read: str
    first_read: date | None
    fee: Money = ZERO

    @property
    def digest(self) -> str:
        """Names what was shown: another who sits there, another order or fee, is another draft."""
        sits = self.sitting.agreement.pk if self.sitting else "nobody"
        return f"{self.point.pk}:{self.schedule.pk}:{self.on}:{sits}:{self.order or '-'}:{self.fee.cents}"


@dataclass(frozen=True, slots=True)
class StopDraft:
    """What stopping service would do. `reverts` is the landlord's standing agreement, if there is one."""

    agreement: Agreement
    on: date
    reverts: tuple[StandingAgreement, ...]
    order: OrderKind | None
    read: str
    power: str

    @property
    def digest(self) -> str:
        landlords = ",".join(str(one.pk) for one in self.reverts)
        return f"{self.agreement.pk}:{self.on}:{landlords}:{self.order or '-'}"


def draft_start(
    *, point: ServicePoint, schedule: Schedule, account: Account | None, cycle: str, on: date, at: datetime
) -> StartDraft:
    """For an account, or for one that is opened with it in a bill cycle. Raises CannotServe with the next day that
    will do."""
    meter = meter_at(point, at=at)
    site = site_of(point, at=at)
    remote = meter is not None and meter.ami
    wired = _wired_by(on, at) if turns_on(point, at=at) else ""
    _refuse_day(on, at=at, visit=not remote or (site.on is False and not wired), what="start")
    sitting = sitting_at(point, on=on)
    if sitting is not None and account is not None and sitting.agreement.account_id == account.pk:
        raise CannotServe(f"Account {account.number} has service there already, since {_said(sitting.since)}.")
    past = on < law_day(at)
    order: OrderKind | None = None
    if meter is None or site.on is False:
        order = OrderKind.CONNECT
    elif not remote and not past:
        order = OrderKind.READ
    window = first_window(cycle, since=on, on=law_day(at))
    return StartDraft(
        point, schedule, on, sitting, order, _power_on(meter, on_now=site.on is not False, on=on, wired=wired),
        _read(meter, on, past=past), window.reads_on if window else None,
        policy_in_force(StartFeePolicy, on=law_day(at)).of_start(handed_on=sitting is not None),
    )  # fmt: skip


def draft_stop(*, agreement: Agreement, on: date, at: datetime) -> StopDraft:
    """Raises CannotServe with the next day that will do."""
    if agreement.period.end is not None:
        raise CannotServe(f"This service already stops on {_said(agreement.period.end)}.")
    if on <= agreement.period.start:
        raise CannotServe("To take back a start, cancel it. A service that ran stops on a later day.")
    points = points_of(agreement, on=on)
    meters = [meter_at(point, at=at) for point in points]
    remote = all(meter is not None and meter.ami for meter in meters)
    past = on < law_day(at)
    _refuse_day(on, at=at, visit=not remote, what="stop")
    standing = tuple(
        StandingAgreement.objects.filter(point__in=points, period__contains=on)
        .exclude(account=agreement.account_id)
        .select_related("account", "point__premise", "schedule")
    )
    if standing:
        power = f"Service goes back to the landlord, account {standing[0].account.number}. Power stays on."
        order = None if remote or past else OrderKind.READ
    else:
        power = "A crew turns power off." if remote else "A crew turns power off and reads the meter."
        order = OrderKind.DISCONNECT
    read = _read(meters[0] if meters else None, on, past=past)
    return StopDraft(agreement, on, standing, order, read, power)


def sitting_at(point: ServicePoint, *, on: date) -> Sitting | None:
    """Who buys power at the point on a day; two queries."""
    rows = AgreementPoint.objects.filter(point=point, use=AgreementPoint.Use.ADD, period__contains=on)
    row = rows.select_related("agreement__account").filter(agreement__cancelled_at__isnull=True).first()
    if row is None:
        return None
    main = AccountRole.objects.filter(
        account=row.agreement.account_id, role=AccountRole.Role.MAIN, period__contains=on
    ).select_related("person")
    role = main.first()
    return Sitting(row.agreement, role.person.name if role else f"Account {row.agreement.account.number}")


def cycle_at(point: ServicePoint) -> Cycle:
    """The bill cycle in which this place is read: that of whoever was served there last, or next door."""
    served = Agreement.objects.filter(premise__isnull=False).order_by("-id")
    last = (
        served.filter(points__point=point).first() or served.filter(premise__street=point.premise.street).first()
        or served.filter(premise__postcode=point.premise.postcode).first()
    )  # fmt: skip
    return last.account.cycle if last is not None else Cycle.objects.order_by("code")[0]


def points_of(agreement: Agreement, *, on: date) -> list[ServicePoint]:
    uses = AgreementPoint.objects.filter(agreement=agreement, period__contains=on).select_related("point__premise")
    return [use.point for use in uses.order_by("point")]


def meter_at(point: ServicePoint, *, at: datetime) -> Meter | None:
    standing = Installation.objects.filter(point=point, span__contains=at).select_related("meter").first()
    return standing.meter if standing else None


def law_day(at: datetime) -> date:
    """The utility's day of an instant."""
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()


def _refuse_day(on: date, *, at: datetime, visit: bool, what: str) -> None:
    today = law_day(at)
    policy = policy_in_force(ServiceDaysPolicy, on=today)
    first, last = today - timedelta(days=policy.back_days), today + timedelta(days=policy.ahead_days)
    if on < first:
        raise CannotServe(f"A {what} reaches back {policy.back_days} days at most, to {_said(first)}.")
    if on > last:
        raise CannotServe(f"A {what} is taken {policy.ahead_days} days ahead at most, to {_said(last)}.")
    calendar = law(on=today).calendar.value
    if visit and on >= today and not calendar.is_working_day(on):
        why = calendar.name(on) or f"a {on:%A}"
        next_day = calendar.next_working_day(on)
        raise CannotServe(
            f"No field visit on {_said(on)}, {why}. Nothing there can be switched from afar. Next: {_said(next_day)}."
        )


def _wired_by(on: date, at: datetime) -> str:
    """By when the network turns power on (`journeys.wiring.starts_due`)."""
    now = at.astimezone(ZoneInfo(settings.UTILITY_ZONE))
    if on < now.date() or (on == now.date() and now.time() >= MORNING):
        return "within the hour"
    return f"on {_said(on)} by {BY:%-I:%M} am"


def _power_on(meter: Meter | None, *, on_now: bool, on: date, wired: str) -> str:
    """`wired` is by when the network turns it on; "" where it does not."""
    if meter is None:
        return "No meter stands there: a crew sets one and turns power on."
    if on_now:
        return f"Power is on there now, and stays on. It is theirs from {_said(on)}, 12:00 am."
    if wired:
        return f"Power is turned on over the network {wired}, no visit."
    return "A crew turns power on."


def _read(meter: Meter | None, on: date, *, past: bool) -> str:
    if meter is None:
        return "The first read is that of the new meter."
    if meter.ami:
        return f"The meter's own read of {_said(on)}, midnight."
    return "The read of that day is worked out from those around it." if past else f"A crew reads it on {_said(on)}."


def _said(day: date) -> str:
    return f"{day:%a, %b} {day.day}, {day.year}"
