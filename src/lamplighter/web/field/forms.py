"""What a crew fills in: done, with a field for each thing that the order asks for; or not done, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms

from lamplighter.fieldwork.reports import OFF, ON, FieldRead, ReportIn
from lamplighter.fieldwork.rules import Expected
from lamplighter.fieldwork.types import FOUND, NOT_DONE, Act
from lamplighter.metering.models import Channel
from lamplighter.web.ui.forms import Form, Option, OptionsField
from lamplighter.web.uploads import PhotosField

TWICE = "I looked twice: that is what it shows"
SWITCH = {ON: Option("On"), OFF: Option("Off")}


class Sent(Form):
    """What every report carries: the phone's own id, when it was so, words and pictures."""

    draft = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # type: ignore[assignment]
    found_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))
    photos = PhotosField(label="Photos", required=False)

    def report(self, *, at: datetime, photos: Sequence[str]) -> ReportIn:
        """What was filled in; at `at` where the phone did not say when."""
        raise NotImplementedError


class NotDoneForm(Sent):
    reason = OptionsField(label="Why not", options={key: Option(label) for key, label in NOT_DONE.items()})
    field_order = ("reason", "words", "photos")

    def report(self, *, at: datetime, photos: Sequence[str]) -> ReportIn:
        said = self.cleaned_data
        return ReportIn(
            draft=said["draft"], done=False, found_at=said["found_at"] or at, reason=said["reason"],
            words=said["words"], photos=tuple(photos),
        )  # fmt: skip


class DoneForm(Sent):
    """`expected` lets the phone itself ask for a second look at the dials."""

    def __init__(
        self,
        *args: Any,
        acts: Sequence[Act],
        registers: Sequence[Channel],
        expected: Mapping[int, Expected | None],
        **kwargs: Any,
    ) -> None:
        self.registers = registers if {Act.READ, Act.EXCHANGE} & set(acts) else ()
        asked: dict[str, forms.Field] = {}
        for act in acts:  # in the order in which they are done
            if act in {Act.READ, Act.EXCHANGE}:
                for channel in registers:
                    asked |= _read(channel, expected.get(channel.pk))
            asked |= _fields(act)
        # Before the form is made, so that these fields are worded like all others.
        self.base_fields = {**asked, **type(self).base_fields}  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def report(self, *, at: datetime, photos: Sequence[str]) -> ReportIn:
        said = self.cleaned_data
        reads = tuple(
            FieldRead(channel.pk, said[f"read_{channel.pk}"], said[f"twice_{channel.pk}"]) for channel in self.registers
        )
        return ReportIn(
            draft=said["draft"], done=True, found_at=said["found_at"] or at, safe=said.get("safe", False), reads=reads,
            switch=said.get("switch", ""), set_badge=said.get("set_badge", "").strip(),
            set_reads=said.get("set_reads", ()), found=said.get("found", ""), full_load=said.get("full_load"),
            light_load=said.get("light_load"), left_full=said.get("left_full"), left_light=said.get("left_light"),
            standard=said.get("standard", "").strip(), words=said["words"], photos=tuple(photos),
        )  # fmt: skip


class DialsField(forms.CharField):
    """Counts, with commas between them, as a tuple of whole numbers."""

    def clean(self, value: Any) -> tuple[int, ...]:
        parts = [part.strip() for part in str(super().clean(value)).split(",") if part.strip()]
        if not all(part.isdecimal() for part in parts):
            raise forms.ValidationError("Enter whole numbers, with commas between several registers.")
        return tuple(int(part) for part in parts)


def _read(channel: Channel, expected: Expected | None) -> dict[str, forms.Field]:
    assert channel.dials is not None
    said: dict[str, Any] = {"inputmode": "numeric", "autocomplete": "off"}
    if expected is not None:
        said |= {"data-last": expected.last, "data-most": expected.most, "data-modulus": expected.modulus}
    return {
        f"read_{channel.pk}": forms.IntegerField(
            label=f"Meter {channel.meter.badge}, {channel.name}", help_text=f"{channel.dials} dials", min_value=0,
            max_value=10**channel.dials - 1, widget=forms.NumberInput(said),
        ),
        f"twice_{channel.pk}": forms.BooleanField(label=TWICE, required=False),
    }  # fmt: skip


def _percent(label: str, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=200, max_digits=6, decimal_places=2, **more)


def _fields(act: Act) -> dict[str, forms.Field]:
    """What one act asks for, but reads."""
    match act:
        case Act.SAFETY:
            return {"safe": forms.BooleanField(label="The load side is safe: main breaker off, nothing connected")}
        case Act.SWITCH_ON | Act.SWITCH_OFF:
            return {"switch": OptionsField(label="Service is now", options=SWITCH)}
        case Act.SET_METER | Act.EXCHANGE:
            return {
                "set_badge": forms.CharField(label="Number of the meter that was set", max_length=40),
                "set_reads": DialsField(label="Its dials", required=False, help_text="Nothing for one without dials."),
            }
        case Act.INSPECT:
            return {"found": OptionsField(label="Found", options={k: Option(v) for k, v in FOUND.items()})}
        case Act.TEST:
            left = "Only where it was adjusted."
            return {
                "full_load": _percent("Registration at full load, %"),
                "light_load": _percent("Registration at light load, %"),
                "left_full": _percent("Left at full load, %", required=False, help_text=left),
                "left_light": _percent("Left at light load, %", required=False, help_text=left),
                "standard": forms.CharField(label="Number of the test standard", max_length=40, required=False),
            }
    return {}
