"""What the board decided and what people here know how to do: texts in force, one that waits, one to be read again."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from lamplighter.cases.operations.requirements import move_requirement, raise_requirement
from lamplighter.journeys.governing import propose_version, write_change
from lamplighter.journeys.parameters import BILLING, Parameter, parameters
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Approval, User
from lamplighter.platform.operations.approvals import approve
from lamplighter.platform.transactions import unit_of_work
from lamplighter.policies.models import Text, Version
from lamplighter.policies.operations.reviewing import remind_owners
from lamplighter.policies.operations.writing import begin_text, draft_version
from lamplighter.town.calendar import at, months_after
from lamplighter.town.staff import FINANCE, JOEL, PRIYA, RENEE

LOWER = "0.75"
"""Percent of what is past due, as the board wants it from the new year."""


def write_policies(day: date, *, now: datetime) -> None:
    """A year's texts, the lower late charge that waits for Omar, and what is required of systems."""
    known = tomllib.loads((files("lamplighter.town") / "texts.toml").read_text("utf-8"))["text"]
    users = {one.username: one for one in User.objects.all()}
    kept = parameters()
    for said in known:
        _in_force(said, users[said["owner"]], kept, day)
    with unit_of_work(RENEE):
        _propose_lower_charge(day)
    _require(users, day)
    with unit_of_work(system("policies")):
        remind_owners(on=day, by=system("policies"), at=min(now, at(day, 6, 40)))


def _in_force(said: Mapping[str, Any], owner: User, known: Mapping[str, Parameter], day: date) -> None:
    """Drafted by its owner, with its figures; adopted by a second person a few days later."""
    drafted = day - timedelta(days=said["begun"] + 3)
    adopter = FINANCE if owner.actor == RENEE else RENEE
    with unit_of_work(owner.actor):
        version = begin_text(
            kind=said["kind"], title=said["title"], about=said["about"], owner=owner, words=said["words"],
            citation=said.get("citation", ""), governs=[key for key in said.get("governs", ()) if key in known],
            by=owner.actor, at=at(drafted, 10),
        )  # fmt: skip
        for key, typed in said.get("figures", {}).items():
            write_change(version=version, parameter=known[key], typed=typed, on=drafted, by=owner.actor,
                         at=at(drafted, 10, 10))  # fmt: skip
        asked = propose_version(
            version=version, since=day - timedelta(days=said["begun"]), review_on=day + timedelta(days=said["read"]),
            on=drafted, by=owner.actor, at=at(drafted, 10, 30),
        )  # fmt: skip
    with unit_of_work(adopter):
        approve(approval=asked, by=adopter, at=at(drafted, 16))


def _propose_lower_charge(day: date) -> Approval:
    """From the first of January, so that every bill until then says what it said."""
    text = Text.objects.get(slug="late-charges")
    first = Version.objects.get(text=text)
    version = draft_version(
        text=text, citation="Resolution 26-118", governs=first.governs, why="The board lowers the charge",
        words=f"{first.words}\n\nThe board reviews the charge every year against what late bills cost us.",
        by=RENEE, at=at(day - timedelta(days=1), 14),
    )  # fmt: skip
    write_change(version=version, parameter=parameters()[BILLING], typed={"percent": LOWER}, on=day, by=RENEE,
                 at=at(day - timedelta(days=1), 14, 10))  # fmt: skip
    since = date(day.year + 1, 1, 1)
    return propose_version(
        version=version, since=since, review_on=months_after(since, 12), on=day - timedelta(days=1),
        remark="As the board decided on Monday.", by=RENEE, at=at(day - timedelta(days=1), 14, 30),
    )  # fmt: skip


def _require(users: Mapping[str, User], day: date) -> None:
    """One that the meters' vendor builds, one that waits for a decision."""
    raised, decided = day - timedelta(days=70), day - timedelta(days=41)
    with unit_of_work(JOEL):
        voltage = raise_requirement(
            kind="change", system="meters", title="Voltage every five minutes on Dock 102",
            reason="Lantern Dock Shipworks complains of sags that hourly voltage does not show.",
            benefit="Complaints are settled from the desk instead of by a recorder and two visits.",
            cost=Money(1_840_000), saving=Money(620_000), wanted_on=day + timedelta(days=60), owner=users["joel"],
            on=raised, by=JOEL, at=at(raised, 11),
        )  # fmt: skip
        move_requirement(requirement=voltage, to="studied", words="The vendor was asked for a price.",
                         on=raised, by=JOEL, at=at(raised + timedelta(days=4), 9))  # fmt: skip
    with unit_of_work(RENEE):
        move_requirement(requirement=voltage, to="approved", words="Within the budget; only Dock 102 at first.",
                         on=decided, by=RENEE, at=at(decided, 15))  # fmt: skip
    with unit_of_work(JOEL):
        move_requirement(requirement=voltage, to="built", words="Ordered; the vendor says six weeks.",
                         on=decided, by=JOEL, at=at(decided + timedelta(days=6), 10))  # fmt: skip
    asked = day - timedelta(days=5)
    with unit_of_work(PRIYA):
        raise_requirement(
            kind="new", system="maps", title="Planned work from the outage map", reason="Dates of planned work are "
            "sent by email today; twice this year a day was mistyped.", benefit="Notices with the crew's own dates.",
            cost=None, saving=None, wanted_on=day + timedelta(days=150), owner=users["priya"], on=asked, by=PRIYA,
            at=at(asked, 16),
        )  # fmt: skip
