"""What is announced: work on Dock 102 in twelve days, told and partly confirmed; trees on Walnut 202 to be approved."""

from __future__ import annotations

from datetime import date, time, timedelta

from lamplighter.notices.channels import Channel
from lamplighter.notices.operations import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.outreach.models import Announcement, Told
from lamplighter.outreach.operations import announcing
from lamplighter.outreach.operations.traits import note_trait
from lamplighter.outreach.queries.announced import addressed
from lamplighter.platform.models import Approval, User
from lamplighter.platform.operations.approvals import approve
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.post import NOTICES, send_queued
from lamplighter.town.staff import JOEL, RENEE
from lamplighter.town.stage import Stage

CRITICAL = {"three-herons": "hospital", "saint-orla": "care", "northquay": "cold"}
DOCKS, WALNUT = "Dock 102", "Walnut 202"
BACKUP = {"three-herons": "both", "northquay": "line", "saint-orla": "generator", "mudflat": "none"}
PHONE = "(510) 555-0131"


def announce_work(stage: Stage) -> None:
    """Joel plans, Renee approves; the post brings one back, and the hospital is still to be called."""
    today = stage.plan.as_of
    with unit_of_work(JOEL):
        for trait, known in (("critical", CRITICAL), ("backup", BACKUP)):
            for key in sorted(known.keys() & stage.ids.keys()):
                note_trait(account=stage.account(key), kind=trait, value=known[key], source="Visit of the manager",
                           on=today - timedelta(days=300), by=JOEL, at=at(today - timedelta(days=300), 11))  # fmt: skip
    _deliver(stage, _tell_the_docks(stage, today), today)
    with unit_of_work(JOEL):
        trees = announcing.plan_announcement(
            kind="trees", title="Elms along the Walnut 202 line", whom={"feeder": WALNUT}, homes=False, reason="trim",
            day=_monday(today + timedelta(days=14)), contact=_joel(), phone="(510) 555-0118", on=today, by=JOEL,
            at=at(today, 8, 10),
        )  # fmt: skip
        _ask(trees, today, hour=8)


def _tell_the_docks(stage: Stage, today: date) -> Announcement:
    """Every business of the feeder, and the hospital and the cold store, whose second feeds cross the work."""
    told = today - timedelta(days=1)
    crossed = [stage.account(key).number for key in ("three-herons", "northquay") if key in stage.ids]
    with unit_of_work(JOEL):
        docks = announcing.plan_announcement(
            kind="outage", title="Replace a pole at Dock and Cooper Street", homes=False, reason="pole",
            whom={"feeder": DOCKS, "accounts": crossed}, day=today + timedelta(days=12), begins=time(8), ends=time(12),
            contact=_joel(), phone=PHONE, on=told, by=JOEL, at=at(told, 9),
        )  # fmt: skip
        asked = _ask(docks, told, hour=9)
    with unit_of_work(RENEE):
        approve(approval=asked, by=RENEE, at=at(told, 11))
    return docks


def _deliver(stage: Stage, docks: Announcement, today: date) -> None:
    """The gateways take them; most arrive, one email bounces; the cold store's watchman has confirmed."""
    told = today - timedelta(days=1)
    rows = Told.objects.filter(announcement=docks)
    sent = send_queued(rows.values_list("account", flat=True), when=at(told, 11, 5), subject=docks.subject)
    back = next((one for one in sent if one.channel == Channel.EMAIL), None)
    steps = [Step(one.pk, DeliveryStep.DELIVERED, at(told, 11, 20), f"receipt {one.number}")
             for one in sent if one.channel != Channel.LETTER and one != back]  # fmt: skip
    if back is not None:
        steps.append(Step(back.pk, DeliveryStep.BOUNCED, at(told, 11, 20), f"report {back.number}", "Mailbox full."))
    with unit_of_work(NOTICES):
        record_deliveries(steps=steps, by=NOTICES, at=at(told, 11, 30))
    if "northquay" in stage.ids:
        with unit_of_work(JOEL):
            announcing.confirm(announcement=docks, account=stage.account("northquay"), who="Night watch, Mr. Oduya",
                               how="call", by=JOEL, at=at(told, 15))  # fmt: skip


def _ask(announcement: Announcement, day: date, *, hour: int) -> Approval:
    return announcing.ask_to_send(announcement=announcement, shown=addressed(announcement, on=day).digest, on=day,
                                  by=JOEL, at=at(day, hour, 30))  # fmt: skip


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _joel() -> User:
    return User.objects.get(username="joel")
