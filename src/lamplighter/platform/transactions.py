"""Units of work: a face opens one, names the actor, and everything inside commits together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from lamplighter.kernel.actors import Actor

P = ParamSpec("P")
R = TypeVar("R")
LOCK_EACH = """
SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM (SELECT unnest(%s::text[]) AS key ORDER BY 1) AS sorted
"""


@contextmanager
def unit_of_work(by: Actor) -> Iterator[None]:
    """One database transaction in `by`'s name. Nested in another, it is a savepoint of that one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lamplighter.actor', %s, true)", [str(by)])
        yield


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
