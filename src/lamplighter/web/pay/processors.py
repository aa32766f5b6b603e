"""The card processor of this installation, as its settings name it."""

from __future__ import annotations

from django.conf import settings

from lamplighter.payments.cards.processor import CannotReach, HostedProcessor


def processor() -> HostedProcessor:
    """Raises CannotReach where none is set up."""
    if not settings.CARDS:
        raise CannotReach("Card payments are not set up here. Take another tender.")
    return HostedProcessor(settings.CARDS)
