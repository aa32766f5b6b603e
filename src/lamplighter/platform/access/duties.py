"""Duties that must be apart: pairs of permissions that no person may hold together.

The pairs are what auditors of city utilities keep finding (design of cash control; IIA and GFOA guidance on the
segregation of custody, authorization and recording).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lamplighter.platform.access.roles import permissions_of

APART: tuple[tuple[str, str, str], ...] = (
    ("payments.take", "cash.verify", "who takes cash does not verify it"),
    ("payments.take", "ledger.post", "who takes cash does not write the books"),
    ("payments.take", "adjustments.approve", "who takes cash does not forgive charges"),
    ("adjustments.ask", "adjustments.approve", "who asks for an adjustment does not approve it"),
    ("rebates.work", "rebates.approve", "who asks for a rebate's payment does not approve it"),
    ("users.manage", "rebates.approve", "who grants rights approves no money"),
    ("tariffs.draft", "tariffs.adopt", "a rate is drafted and adopted by two people"),
    ("rates.study", "rates.approve", "who finds that a customer belongs on another rate does not approve the move"),
    ("notices.template", "notices.adopt", "a template is drafted and adopted by two people"),
    ("users.manage", "payments.take", "who grants rights handles no money"),
    ("users.manage", "ledger.post", "who grants rights writes no books"),
    ("users.manage", "adjustments.approve", "who grants rights approves no money"),
    ("metering.change", "billing.run", "who sets multipliers does not run bills"),
)


def conflicts(roles: Iterable[str]) -> tuple[str, ...]:
    """Why these roles may not be held by one person; empty when they may."""
    return apart(permissions_of(roles))


def apart(permissions: Collection[str]) -> tuple[str, ...]:
    """Why these permissions may not be held together; empty when they may."""
    return tuple(why for one, other, why in APART if one in permissions and other in permissions)
