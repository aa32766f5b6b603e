"""Credits that the desk gave alone, and those that wait for the supervisor because they are above the asker's limit."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from lamplighter.billing.operations.crediting import credit
from lamplighter.kernel.actors import Actor, staff
from lamplighter.kernel.money import Money
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.staff import DANA
from lamplighter.town.stage import Stage

TUAN, MEILING, MARCUS = staff("tuan"), staff("meiling"), staff("marcus")


def scenes(plan: Plan) -> list[Scene]:
    """On the last working days; a representative gives up to $50 alone, a senior one up to $100."""
    recent = [plan.as_of - timedelta(days=back) for back in range(1, 9)]
    last, before, earlier = [day for day in recent if OFFICE.is_working_day(day)][:3]
    return [
        _scene("pat", earlier, TUAN, "goodwill", 2000, "Kept on hold for forty minutes."),
        _scene("okafor", before, TUAN, "goodwill", 6500, "Our crew dug up the front garden twice."),
        _scene("sorensen", before, MEILING, "fee", 7500, "Nobody told the family of the fee."),
        _scene("ana", last, DANA, "goodwill", 15000, "Billed for the neighbor's use for two days. Very angry."),
        _scene("los-faroles", last, MARCUS, "late-charge", 5525, "The check lay in the wrong tray, here."),
        _scene("saint-orla", last, DANA, "goodwill", 45000, "The lift stood for a day after our outage."),
    ]


def _scene(key: str, on: date, by: Actor, reason: str, cents: int, why: str) -> Scene:  # noqa: PLR0917 - as told above
    return Scene(key, on, partial(credited, key=key, by=by, reason=reason, cents=cents, why=why))


def credited(stage: Stage, day: date, *, key: str, by: Actor, reason: str, cents: int, why: str) -> None:
    """Given, or asked for where it is above the limit of who asks."""
    with unit_of_work(by):
        credit(
            agreement=stage.service(key), reason=reason, amount=Money(cents), remark=why, key=f"{key} {day}", on=day,
            by=by, at=at(day, 14, cents // 100 % 60),
        )  # fmt: skip
