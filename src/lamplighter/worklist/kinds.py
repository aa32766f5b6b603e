"""Kinds of work, declared in code by the contexts that raise it.

    RETURNED = declare(ItemKind("payments.returned", "Returned payments", Desk.SERVICE, ...))

A context declares its kinds in a module that its app imports when it is ready, so that every process knows them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from lamplighter.platform.access import PERMISSIONS
from lamplighter.worklist.rules import Due

KEY = re.compile(r"[a-z]+\.[a-z-]+")


class Desk(StrEnum):
    """Whose list it appears on. ADMINISTRATION also shows what is of no kind that is declared any more."""

    SERVICE = "service"
    LEAD = "lead"
    BILLING = "billing"
    METERS = "meters"
    COLLECTIONS = "collections"
    PROGRAMS = "programs"
    KEY_ACCOUNTS = "key-accounts"
    FINANCE = "finance"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class ItemKind:
    """`key` is `context.noun`. `opens` names the URL of the page on which an item is worked.

    `outcomes` are what may come of it: a key for reports, and the words on the button.
    """

    key: str
    label: str
    desk: Desk
    permission: str
    due: Due
    opens: str
    outcomes: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        assert KEY.fullmatch(self.key), f"context.noun, not {self.key!r}"
        assert self.permission in PERMISSIONS, self.permission
        assert self.outcomes, f"{self.key}: say what may come of it"


_declared: dict[str, ItemKind] = {}


def declare(kind: ItemKind) -> ItemKind:
    """Make a kind known. A key is declared once."""
    assert kind.key not in _declared, f"{kind.key} is declared"
    _declared[kind.key] = kind
    return kind


def kind_of(key: str) -> ItemKind | None:
    """The kind of that key; None when no context declares it any more."""
    return _declared.get(key)


def kinds(desk: Desk | None = None) -> tuple[ItemKind, ...]:
    """Every declared kind, or those of a desk, in the order of their labels."""
    found = (kind for kind in _declared.values() if desk is None or kind.desk == desk)
    return tuple(sorted(found, key=lambda kind: kind.label))


def permitted(permissions: frozenset[str]) -> frozenset[str]:
    """The keys of the kinds that somebody with these permissions may work."""
    return frozenset(kind.key for kind in _declared.values() if kind.permission in permissions)
