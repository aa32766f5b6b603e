"""A segment: which customers are meant, said once, kept with its campaign, and told in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

NAICS = re.compile(r"\d{2,6}")


class CannotReach(Exception):
    """A segment, campaign, sign-up or survey is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What all of its customers have in common; "" and None ask nothing.

    `business` is how the NAICS code begins, `trait` is `kind=value` (`cooking=gas`), `kwh` is of twelve months of
    bills, `kw` the highest demand that these billed. `feeder` is the area. `has` and `lacks` are codes of programs.
    """

    customer_class: str = ""
    rate: str = ""
    business: str = ""
    trait: str = ""
    feeder: str = ""
    language: str = ""
    kwh_least: int | None = None
    kwh_most: int | None = None
    kw_least: int | None = None
    kw_most: int | None = None
    has: str = ""
    lacks: str = ""

    @property
    def measured(self) -> bool:
        """Whether bills must be looked at."""
        return any(one is not None for one in (self.kwh_least, self.kwh_most, self.kw_least, self.kw_most))

    @property
    def kept(self) -> dict[str, Any]:
        """What it asks, as a campaign keeps it."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


def segment_of(kept: Mapping[str, Any]) -> Segment:
    """A segment from what was kept or filled in. Raises CannotReach with what is wrong in it."""
    known = {field.name for field in fields(Segment)}
    if unknown := sorted(set(kept) - known):
        raise CannotReach(f"A segment knows nothing of {', '.join(unknown)}.")
    made = Segment(**{name: value for name, value in kept.items() if value not in ("", None)})
    if not made.kept:
        raise CannotReach("Say whom you mean: a campaign to everybody is written to nobody.")
    if made.business and not NAICS.fullmatch(made.business):
        raise CannotReach(f"“{made.business}” begins no business code: give two to six digits, such as 722.")
    for least, most, what in ((made.kwh_least, made.kwh_most, "kWh"), (made.kw_least, made.kw_most, "kW")):
        if least is not None and most is not None and least > most:
            raise CannotReach(f"At least {least:,} and at most {most:,} {what}: nobody can be both.")
    if made.has and made.has == made.lacks:
        raise CannotReach("Nobody both has a program and lacks it.")
    return made


def in_words(segment: Segment, names: Mapping[str, str]) -> str:
    """What is asked, joined by commas. `names` has the words for keys of traits, languages and programs."""
    return ", ".join(_said(segment, names))


def _said(one: Segment, names: Mapping[str, str]) -> Iterator[str]:
    if one.customer_class:
        yield f"{one.customer_class} customers"
    if one.business:
        yield f"business code {one.business}"
    if one.trait:
        yield names.get(one.trait, one.trait)
    if one.rate:
        yield f"on {one.rate}"
    if one.feeder:
        yield f"fed by {one.feeder}"
    if one.language:
        yield f"language {names.get(one.language, one.language)}"
    yield from _range(one.kwh_least, one.kwh_most, "kWh a year")
    yield from _range(one.kw_least, one.kw_most, "kW at the highest")
    if one.has:
        yield f"with {names.get(one.has, one.has)}"
    if one.lacks:
        yield f"without {names.get(one.lacks, one.lacks)}"


def _range(least: int | None, most: int | None, unit: str) -> Iterator[str]:
    if least is not None and most is not None:
        yield f"{least:,} to {most:,} {unit}"
    elif least is not None:
        yield f"{least:,} {unit} or more"
    elif most is not None:
        yield f"up to {most:,} {unit}"
