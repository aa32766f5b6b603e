"""How a disconnect is checked again: by everything as it stands now, under the account's lock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Agreement, AgreementPoint
from lamplighter.credit.models import Certificate
from lamplighter.credit.queries.certificates import judge
from lamplighter.credit.rules.facts import Evidence, Reason, evidence_of
from lamplighter.fieldwork.certificates import on_recheck
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.queries.orders import is_served
from lamplighter.network.certificates import on_check
from lamplighter.platform.transactions import advisory_lock


def certificate_of(number: str) -> Certificate | None:
    """The certificate that an order carries by its number."""
    key = number.removeprefix("C-")
    if not key.isdecimal():
        return None
    return Certificate.objects.select_related("agreement__account", "agreement__premise").filter(pk=key).first()


def had_last(order: Order, *, at: datetime) -> Agreement | None:
    """Whose service was the last that ended at the point of an order; where none has, whose runs or comes."""
    uses = AgreementPoint.objects.filter(
        point=order.point_id, use=AgreementPoint.Use.ADD, agreement__cancelled_at__isnull=True
    )
    found = [
        use.agreement for use in uses.select_related("agreement__account", "agreement__premise").order_by("-period")
    ]
    over = [one for one in found if one.period.end is not None and one.period.end <= _day(at)]
    return next(iter([*over, *found]), None)


@on_recheck
def why_not(order: Order, at: datetime) -> str:
    """Why this disconnect must not be done at an instant, or nothing. Money and promises count up to now, the calendar,
    the weather and who can reconnect as they were at that instant.

    One that names no account was raised for a place that nobody had. It is judged as a move of whoever had it last:
    tenants, health, heat and who comes next count for it as for any other. A danger alone does not wait for these.
    """
    if order.certificate:
        return _against(order.certificate, at)
    last = had_last(order, at=at)
    if last is None:
        return ""
    if order.reason == Reason.HAZARD:
        served = is_served(order.point, on=_day(at))
        return "Somebody has service here by now: the danger needs a certificate of theirs." if served else ""
    return _refused(last, Reason.MOVE_OUT, None, at)


@on_check
def why_not_by_wire(number: str, point: int | None, at: datetime) -> str:
    """The same for a command to the switch of a point, which the certificate must be of."""
    found = certificate_of(number)
    here = AgreementPoint.objects.filter(point=point, agreement=found.agreement) if found else None
    if here is None or not here.exists():
        return f"Shut-off certificate {number} is not of this service point."
    return _against(number, at)


def _against(number: str, at: datetime) -> str:
    found = certificate_of(number)
    if found is None or not found.allowed:
        return f"There is no shut-off certificate {number}."
    return _refused(found.agreement, Reason(found.reason), evidence_of(found.facts), at)


def _refused(agreement: Agreement, reason: Reason, evidence: Evidence | None, at: datetime) -> str:
    advisory_lock(f"account:{agreement.account_id}")
    _, decision = judge(agreement, reason=reason, at=at, evidence=evidence)
    return " ".join(check.says for check in decision.refusals[:2])


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
