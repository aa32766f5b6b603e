"""Every rule pack that the program knows, and the one in force on a day."""

from __future__ import annotations

from datetime import date

from lamplighter.credit.law import california, washington
from lamplighter.credit.law.parameters import Pack

PACKS = (california.MUNICIPAL, washington.BEFORE_HEAT, washington.UTILITY)


class NoLaw(Exception):
    """No pack of that name was in force on that day, so nothing may be done under it."""


def pack_for(key: str, *, on: date) -> Pack:
    """The pack of a jurisdiction on a day. Raises NoLaw."""
    for pack in PACKS:
        if pack.key == key and on in pack.in_force:
            return pack
    known = ", ".join(sorted({pack.key for pack in PACKS}))
    raise NoLaw(f"No rules of {key!r} are known for {on}. Known are {known}.")
