"""Who may end a protection: where a person's health or a court stands behind it, the supervisor."""

from __future__ import annotations

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.rules.bars import PROTECT_PEOPLE


def ends_with(kind: HoldKind) -> str:
    """The permission that ends a protection of this kind."""
    return "credit.decide" if kind in PROTECT_PEOPLE else "credit.work"
