"""Units of work: a face opens one, names the actor, and everything inside commits together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import local
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from lamplighter.kernel.actors import Actor

P = ParamSpec("P")
R = TypeVar("R")
LOCKED = "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM ({keys} ORDER BY 1) AS sorted"
LOCK_EACH = LOCKED.format(keys="SELECT unnest(%s::text[]) AS key")
LOCK_ACCOUNTS = LOCKED.format(keys="SELECT 'account:' || pk AS key FROM unnest(%s::bigint[]) AS pk")
"""The same locks as of the words `account:7`, for keys."""


class _Ends(local):
    """What the unit of work of this thread does before it ends, by key; None where none is open."""

    acts: dict[str, Callable[[], object]] | None = None


_ends = _Ends()


@contextmanager
def unit_of_work(by: Actor) -> Iterator[None]:
    """One database transaction in `by`'s name. Nested in another, it is a savepoint of that one. What was put off with
    `at_end` is done before either ends."""
    before = _ends.acts
    _ends.acts = {}
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lamplighter.actor', %s, true)", [str(by)])
            yield
            while _ends.acts:
                _ends.acts.pop(next(iter(_ends.acts)))()
    finally:
        _ends.acts = before


def at_end(key: str, act: Callable[[], object]) -> None:
    """Do it before the unit of work ends, in the same transaction and once for a key; outside of one, not at all: what
    is put off so must be found by the night, too."""
    if _ends.acts is not None:
        _ends.acts.setdefault(key, act)


def in_transaction(operation: Callable[P, R]) -> Callable[P, R]:
    """Operations do not open transactions: whoever calls them decides what belongs together."""

    @wraps(operation)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        assert connection.in_atomic_block, f"{operation.__qualname__} needs a unit of work around it"
        return operation(*args, **kwargs)

    return checked


def advisory_lock(*keys: str) -> None:
    """Hold locks of these names until the transaction ends; a second holder waits. Always taken in one order."""
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(LOCK_EACH, [sorted(set(keys))])
