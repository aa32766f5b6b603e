"""Who is acting: a person at a desk, a customer online, another system, or ours on a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    STAFF = "staff"
    CUSTOMER = "customer"
    PARTNER = "partner"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`key` is a login name or a job's name; never a personal name or an address."""

    kind: ActorKind
    key: str

    def __post_init__(self) -> None:
        assert self.key, "an actor has a key"

    @classmethod
    def parse(cls, text: str) -> Actor:
        kind, _, key = text.partition(":")
        return cls(ActorKind(kind), key)

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def staff(key: str) -> Actor:
    return Actor(ActorKind.STAFF, key)


def system(key: str) -> Actor:
    return Actor(ActorKind.SYSTEM, key)
