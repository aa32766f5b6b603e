"""Which figures of its own the utility goes by on a day."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from lamplighter.kernel.policies import Policy
from lamplighter.platform.models import PolicyTerms

P = TypeVar("P", bound=Policy)


def policy_in_force(kind: type[P], *, on: date) -> P:
    """What the utility had set by then; before it has set anything, what comes with the program. One query."""
    row = terms_in_force(kind, on=on)
    return kind.read(row.figures, row.citation) if row else kind()


def terms_in_force(kind: type[Policy], *, on: date) -> PolicyTerms | None:
    return PolicyTerms.objects.filter(about=kind.key, period__contains=on).first()
