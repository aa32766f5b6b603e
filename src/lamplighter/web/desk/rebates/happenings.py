"""What timelines say of rebates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lamplighter.kernel.money import Money
from lamplighter.rebates.rules.qualifying import PaperKind
from lamplighter.rebates.rules.stages import State
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import CHANGE, CONTACT, MONEY, Sentence, Wording
from lamplighter.web.ui.parts import Tone

KIND = "Rebate"


def _says(words: str) -> Sentence:
    def said(data: Mapping[str, Any], _on: date) -> str:
        amount = str(Money(data["cents"])) if data.get("cents") is not None else ""
        return words.format(measure=data.get("measure", "Rebate"), amount=amount)

    return said


def _received(data: Mapping[str, Any], _on: date) -> str:
    return f"{data['measure']}, {Money(data['cents'])} asked for: {State(data['outcome']).label.lower()}"


def _papers(data: Mapping[str, Any], _on: date) -> str:
    return f"Papers brought: {PaperKind(data['kind']).said}"


STEPS = {
    "reserved": ("{measure}: {amount} reserved", Tone.INFO, CHANGE),
    "completed": ("{measure}: the work is done, {amount} stays reserved", Tone.INFO, CHANGE),
    "returned": ("{measure}: papers sent back", Tone.WATCH, CHANGE),
    "drawn": ("{measure}: drawn to be inspected", Tone.NOTICE, CHANGE),
    "accepted": ("{measure}: papers do, {amount}", Tone.GOOD, CHANGE),
    "inspected": ("{measure}: inspected, {amount}", Tone.GOOD, CHANGE),
    "measured": ("{measure}: measured, {amount}", Tone.METER, CHANGE),
    "paid": ("{measure}: {amount} paid", Tone.GOOD, MONEY),
    "clawed_back": ("{measure}: {amount} clawed back", Tone.BAD, MONEY),
    "denied": ("{measure}: denied", Tone.BAD, CHANGE),
    "lapsed": ("{measure}: lapsed, the days for the work are over", Tone.WATCH, CHANGE),
    "withdrawn": ("{measure}: withdrawn", Tone.PLAIN, CHANGE),
}
tell({
    "rebates.application.received": Wording(KIND, Tone.INFO, CONTACT, _received, link="Open"),
    "rebates.papers.received": Wording(KIND, Tone.INFO, CONTACT, _papers, link="Open"),
} | {
    f"rebates.application.{verb}": Wording(KIND, tone, family, _says(words), link="Open")
    for verb, (words, tone, family) in STEPS.items()
})  # fmt: skip
