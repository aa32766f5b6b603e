"""What is being planned in the city: Foundry Row with its flats, a laboratory, a cold store, one that was given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from uuid import NAMESPACE_URL, uuid5

from lamplighter.customers.operations import add_organisation
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.models import Development, DevelopmentNeed, DevelopmentStage, Organisation
from lamplighter.keyaccounts.operations import developments as doing
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.keyaccounts.operations.relations import TouchIn, log_touch, set_step
from lamplighter.keyaccounts.planning import Use
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.staff import JOEL, PRIYA

Stage = DevelopmentStage.Stage
Kind = DevelopmentNeed.Kind
Side = DevelopmentNeed.Side


@dataclass(frozen=True, slots=True)
class Project:
    """A development: who builds it, where, how large, power wanted in so many days, and the days ago of its stages."""

    name: str
    developer: str
    place: str
    feeder: str
    wanted: int
    ramp: int
    stated: str
    uses: Mapping[str, int]
    stages: tuple[tuple[Stage, int], ...]


PROJECTS = (
    Project("Foundry Row", "foundry-row", "2700 Foundry Way", "Foundry 301", 290, 10, "1150",
            {"flats": 240, "shops": 9000, "chargers": 96},
            ((Stage.LETTER, 88), (Stage.STUDY, 70), (Stage.OFFERED, 33))),
    Project("Mudflat Labs, second building", "mudflat", "2310 Levee Way", "Slough 302", 410, 6, "900",
            {"laboratories": 42_000, "offices": 11_000}, ((Stage.LETTER, 40), (Stage.STUDY, 21))),
    Project("Northquay cold store 3", "northquay", "2410 Chandler Way", "Dock 102", 120, 3, "620",
            {"cold-stores": 64_000},
            ((Stage.LETTER, 150), (Stage.STUDY, 139), (Stage.OFFERED, 110), (Stage.AGREED, 84), (Stage.BUILDING, 40))),
    Project("Pier food hall", "", "2450 Pier Ave", "Dock 102", 240, 4, "",
            {"restaurants": 7800, "shops": 4000}, ((Stage.LETTER, 60), (Stage.WITHDRAWN, 12))),
)  # fmt: skip


def plan_buildings(found: Mapping[str, Organisation], *, begins: date, today: date) -> None:
    """Up to this morning. Foundry Row waits for an easement, its contribution and a transformer."""
    with unit_of_work(JOEL):
        text = (files("lamplighter.town") / "planning.toml").read_text("utf-8")
        doing.adopt_planning(text=text, by=JOEL, at=at(begins, 9))
        person = add_organisation(name="Pier Street Holdings", by=JOEL, at=at(begins, 9))
        pier = keeping.add_organisation(person=person, kind=Organisation.Kind.DEVELOPER, by=JOEL, at=at(begins, 9))
    with unit_of_work(PRIYA):
        row, _, store, _ = (_project(one, found.get(one.developer, pier), today) for one in PROJECTS)
        _wait(row, today)
        _meet(row, today)
        _need(store, Kind.TRANSFORMER, "1,000 kVA pad-mount, ordered", Side.SUPPLIER, since=today - timedelta(days=80),
              expected=today + timedelta(days=74))  # fmt: skip


def _project(one: Project, developer: Organisation, today: date) -> Development:
    first = today - timedelta(days=one.stages[0][1] + 14)
    made = doing.open_development(
        name=one.name, developer=developer, place=one.place, feeder=one.feeder, customer_class="commercial",
        wanted_on=today + timedelta(days=one.wanted), ramp_months=one.ramp, owner=User.objects.get(username="priya"),
        on=first, by=PRIYA, at=at(first, 10),
    )  # fmt: skip
    (_, ago), *later = one.stages
    day = today - timedelta(days=ago)
    doing.take_letter(
        development=made, uses=[Use(key, Decimal(size)) for key, size in one.uses.items()], received_on=day, on=day,
        stated_kva=Decimal(one.stated) if one.stated else None, by=PRIYA, at=at(day, 11),
    )  # fmt: skip
    for stage, ago in later:
        day = today - timedelta(days=ago)
        words = "The bank stepped back." if stage == Stage.WITHDRAWN else ""
        doing.move_stage(development=made, stage=stage, on=day, words=words, today=day, by=PRIYA, at=at(day, 15))
    return made


def _wait(row: Development, today: date) -> None:
    paid = _need(row, Kind.FEE, "Plan check", Side.DEVELOPER, since=today - timedelta(days=70), amount=Money(480_000))
    met = today - timedelta(days=60)
    doing.meet_need(need=paid, met_on=met, reference="Invoice 80114", on=met, by=PRIYA, at=at(met, 10))
    _need(row, Kind.CONTRIBUTION, "Line extension from Bellows St", Side.DEVELOPER, since=today - timedelta(days=33),
          expected=today + timedelta(days=18), amount=Money(18_400_000))  # fmt: skip
    _need(row, Kind.EASEMENT, "Easement along the rail spur", Side.CITY, since=today - timedelta(days=47),
          expected=today - timedelta(days=5))  # fmt: skip
    _need(row, Kind.TRANSFORMER, "Two of 750 kVA: 46 weeks from the order", Side.OURSELVES,
          since=today - timedelta(days=20), expected=today + timedelta(weeks=46))  # fmt: skip


def _need(
    of: Development, kind: Kind, words: str, side: Side, *, since: date, expected: date | None = None,
    amount: Money | None = None,
) -> DevelopmentNeed:  # fmt: skip
    return doing.set_need(development=of, kind=kind, words=words, waits_on=side, since=since, expected_on=expected,
                          amount=amount, on=since, by=PRIYA, at=at(since, 14))  # fmt: skip


def _meet(row: Development, today: date) -> None:
    priya, day = User.objects.get(username="priya"), today - timedelta(days=16)
    minutes = (
        "Noelle Abara and her engineer: two meter rooms, chargers managed at night. The rail easement is the city's."
    )
    touch = TouchIn(uuid5(NAMESPACE_URL, minutes), "meeting", minutes, at(day, 13), (), "Send the meter-room standard",
                    today + timedelta(days=2))  # fmt: skip
    log_touch(touch=touch, owner=priya, organisation=row.developer, development=row, by=PRIYA, at=at(day, 15))
    set_step(words="Ask the city when the easement comes before the council", due_on=today + timedelta(days=1),
             owner=priya, organisation=row.developer, development=row, by=PRIYA, at=at(day, 15))  # fmt: skip
