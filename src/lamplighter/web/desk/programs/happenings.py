"""What the timeline says of programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lamplighter.kernel.money import Money
from lamplighter.programs.models import Application, Enrollment, Offer, SampleCase
from lamplighter.programs.models.applications import Channel
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import CHANGE, CONTACT, Wording
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.wording import short_day

KIND = "Program"


def _name(data: Mapping[str, Any]) -> str:
    return str(data.get("program", "")).replace("-", " ").title()


def _day(text: Any, on: date, *, back: int = 0) -> str:
    return short_day(date.fromisoformat(str(text)) - timedelta(days=back), on)


def _received(data: Mapping[str, Any], _on: date) -> str:
    outcome = Application.State(data["outcome"]).label.lower()
    return f"{_name(data)} asked for: {outcome}"


def _decided(data: Mapping[str, Any], _on: date) -> str:
    otherwise = ", against the terms" if data.get("exception") else ""
    return f"{_name(data)}: {Application.State(data['outcome']).label.lower()}{otherwise}"


def _begun(data: Mapping[str, Any], on: date) -> str:
    verb = "kept" if data.get("renews") else "begins"
    return f"{_name(data)} {verb}: {_day(data['start'], on)} to {_day(data['end'], on, back=1)}"


def _ended(data: Mapping[str, Any], on: date) -> str:
    return f"{_name(data)} ends {_day(data['on'], on, back=1)}"


def _offered(data: Mapping[str, Any], _on: date) -> str:
    return f"Told of {_name(data)}: {Offer.Answer(data['answer']).label.lower()}"


def _told_saving(data: Mapping[str, Any], _on: date) -> str:
    return f"would have saved {Money(data['cents'])}" if data.get("cents") else ""


tell({
    "programs.application.received": Wording(
        KIND, Tone.INFO, CONTACT, _received, detail=lambda data, _on: Channel(data["channel"]).label.lower(),
        link="Open",
    ),
    "programs.papers.received": Wording(
        KIND, Tone.INFO, CONTACT, lambda data, _on: f"{_name(data)}: papers received", link="Open"
    ),
    "programs.application.decided": Wording(KIND, Tone.GOOD, CHANGE, _decided, link="Open"),
    "programs.enrollment.begun": Wording(KIND, Tone.GOOD, CHANGE, _begun),
    "programs.income_plan.begun": Wording(
        KIND, Tone.GOOD, CHANGE, lambda d, _: f"Pays {d.get('share')}% of income: {Money(d['cents'])} a year"),
    "programs.enrollment.converted": Wording(KIND, Tone.PLAIN, CHANGE, _begun),
    "programs.enrollment.ended": Wording(
        KIND, Tone.WATCH, CHANGE, _ended, detail=lambda data, _on: Enrollment.Ended(data["reason"]).label.lower()
        if data.get("reason") else "",
    ),
    "programs.offer.made": Wording(KIND, Tone.PLAIN, CONTACT, _offered, detail=_told_saving),
    "programs.sample.found": Wording(
        KIND, Tone.WATCH, CHANGE, lambda data, _on: f"Audit: {SampleCase.Finding(data['finding']).label.lower()}"
    ),
    "programs.household.erased": Wording(
        KIND, Tone.PLAIN, CHANGE, lambda _data, _on: "What the household said was erased"
    ),
})  # fmt: skip
