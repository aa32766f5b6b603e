"""Which step of a delivery may follow which."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class DeliveryStep(StrEnum):
    """QUEUED waits for a gateway; HANDED_OVER is the mailing from which clocks run; the rest is what came back."""

    QUEUED = "queued"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


FAILED = frozenset({DeliveryStep.BOUNCED, DeliveryStep.RETURNED})
_AFTER = {
    DeliveryStep.QUEUED: frozenset[DeliveryStep](),
    DeliveryStep.HANDED_OVER: frozenset({DeliveryStep.QUEUED}),
    DeliveryStep.DELIVERED: frozenset({DeliveryStep.HANDED_OVER}),
    DeliveryStep.BOUNCED: frozenset({DeliveryStep.QUEUED}),  # a gateway may refuse before it is sent
    DeliveryStep.RETURNED: frozenset({DeliveryStep.HANDED_OVER}),
}


def may_follow(step: DeliveryStep, taken: Collection[DeliveryStep]) -> bool:
    """Each step at most once; nothing is handed over after it bounced; delivered mail may still be returned."""
    if step in taken or not _AFTER[step] <= set(taken):
        return False
    return not (step is DeliveryStep.HANDED_OVER and DeliveryStep.BOUNCED in taken)
