"""The utility's own figures about one matter, declared once: what people call each, and within which bounds it means
something. What holds when is dated (`platform.models.PolicyTerms`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import time
from decimal import Decimal
from typing import Any, ClassVar, Self

from lamplighter.kernel.money import Money

POLICY = "Utility policy"
"""The source of a figure that no resolution has set: it comes with the program."""


class CannotSetPolicy(Exception):
    """Figures are refused; the message says which, and what is expected."""


def figure(default: Any, label: str, least: Any = None, most: Any = None) -> Any:
    """One figure of a policy: what comes with the program, its name, and its bounds, both included."""
    return field(default=default, metadata={"label": label, "least": least, "most": most})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`citation` names the resolution that set it."""

    key: ClassVar[str]
    title: ClassVar[str]
    citation: str = POLICY

    @classmethod
    def figures(cls) -> tuple[Field[Any], ...]:
        return tuple(one for one in fields(cls) if "label" in one.metadata)

    @classmethod
    def read(cls, figures: Mapping[str, Any], citation: str) -> Self:
        """As `plain` wrote it. A figure that a row does not know yet is the one that comes with the program."""
        known = {one.name: _read(one.default, figures[one.name]) for one in cls.figures() if one.name in figures}
        return cls(citation=citation, **known)

    def plain(self) -> dict[str, Any]:
        """The figures as JSON holds them: money in cents, times and decimals as text."""
        return {one.name: _plain(getattr(self, one.name)) for one in self.figures()}

    def check(self) -> None:
        """Raises CannotSetPolicy for figures that nobody can mean, or that name no source."""
        for one in self.figures():
            value, least, most = getattr(self, one.name), one.metadata["least"], one.metadata["most"]
            if least is not None and not least <= value <= most:
                raise CannotSetPolicy(f"{one.metadata['label']}: {least} to {most}, not {value}.")
        if wrong := self.conflict():
            raise CannotSetPolicy(wrong)
        if not self.citation.strip():
            raise CannotSetPolicy("Name the resolution that says so.")

    def conflict(self) -> str:
        """Why two figures cannot both hold; empty where they can."""
        return ""


def _plain(value: Any) -> Any:
    match value:
        case Money():
            return value.cents
        case time():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def _read(like: Any, held: Any) -> Any:
    match like:
        case Money():
            return Money(held)
        case time():
            return time.fromisoformat(held)
        case Decimal():
            return Decimal(held)
    return held
