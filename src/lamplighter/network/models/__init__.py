"""Head-ends and their messages; commands and their steps; what was seen at meters and what they told."""

from lamplighter.network.models.checks import CheckAnswer, MeterCheck
from lamplighter.network.models.commands import Command, CommandStep
from lamplighter.network.models.heads import HeadEnd, Message
from lamplighter.network.models.sightings import MeterEvent, Sighting

__all__ = [
    "CheckAnswer", "Command", "CommandStep", "HeadEnd", "Message", "MeterCheck", "MeterEvent", "Sighting",
]  # fmt: skip
