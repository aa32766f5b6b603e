"""Who hears that an account owes less although nobody paid: a credit was given, or its deposit was applied.

Collection stands above billing. It registers what ends with a debt, in the transaction that takes the debt away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor

Hear = Callable[[Account, date, Actor, datetime], None]
_listeners: list[Hear] = []


def on_relief(hear: Hear) -> Hear:
    """Register what is done for an account that owes less; its lock is held."""
    _listeners.append(hear)
    return hear


def relieved(account: Account, *, on: date, by: Actor, at: datetime) -> None:
    """Whoever calls holds the account's lock, and has posted what makes it owe less."""
    for hear in _listeners:
        hear(account, on, by, at)
