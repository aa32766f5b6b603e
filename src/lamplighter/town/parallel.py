"""Tell the two shares of the city's life at the same time, in processes of their own.

Spawned, never forked. Each draws the numbers of bills, receipts and people from a series of its own, so that they do
not depend on which process is quicker; at the end the city's own series go on after the higher one.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from django.db import connection

from lamplighter.platform.numbering import SERIES

if TYPE_CHECKING:
    from lamplighter.town.plan import Plan  # a spawned process imports this module before Django is set up

SHARES = "lamplighter.town.shares"
SCHEMAS = ("town_counter", "town_electronic")


class CannotBuild(Exception):
    """A share of the city could not be told; the message has its fault."""


def live_in_processes(plan: Plan, ids: dict[str, int], told: Callable[[date], None]) -> dict[str, int]:
    """The accounts by key, with those who arrived. `told` hears each day that both shares have behind them."""
    context = multiprocessing.get_context("spawn")
    packed = pickle.dumps((plan, ids))
    with _own_series(plan):
        listening: list[Connection] = []
        processes = []
        for electronic in (False, True):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_share, args=(packed, electronic, there), daemon=True)
            process.start()
            there.close()
            listening.append(here)
            processes.append(process)
        found = _heard(listening, told)
        for process in processes:
            process.join()
    return found


def _heard(listening: list[Connection], told: Callable[[date], None]) -> dict[str, int]:
    days: dict[int, date] = {}
    found: dict[str, int] = {}
    open_ends = list(listening)
    while open_ends:
        for end in wait(open_ends):
            assert isinstance(end, Connection)
            try:
                said = end.recv()
            except EOFError:
                raise CannotBuild("A process that builds the city was ended from outside.") from None
            match said:
                case date():
                    days[id(end)] = said
                    if len(days) == len(listening):
                        told(min(days.values()))
                case dict():
                    found |= said
                    open_ends.remove(end)
                case str():
                    raise CannotBuild(said)
    return found


def _share(packed: bytes, electronic: bool, there: Connection) -> None:  # noqa: FBT001 - a process is called by place
    """Begin here in a process of its own. When the builder is gone, the next day that is told ends this one too."""
    import django

    django.setup()
    from lamplighter.town.life import live

    gc.freeze()  # what is loaded stays; looking through it again and again costs a twentieth of the time
    gc.set_threshold(100_000, 50, 100)
    try:
        plan, ids = pickle.loads(packed)  # noqa: S301 - our own
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [SHARES])
            cursor.execute(f"SET search_path = {SCHEMAS[electronic]}, public")
        there.send(live(plan, ids, electronic=electronic, told=there.send))
    except BrokenPipeError:
        raise SystemExit(1) from None
    except Exception:  # noqa: BLE001 - whatever it was, the builder says it
        there.send(traceback.format_exc())
    finally:
        connection.close()


@contextmanager
def _own_series(plan: Plan) -> Iterator[None]:
    """A schema for each share with number series that shadow the city's."""
    with connection.cursor() as cursor:
        room = 1000 * (2 + len(plan.customers) * (plan.size.months + 1) // 1000)
        for electronic in (False, True):
            schema = SCHEMAS[electronic]
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
            for series in sorted(SERIES):
                cursor.execute(f"SELECT last_value + is_called::int FROM public.number_{series}")  # noqa: S608
                ((first,),) = cursor.fetchall()
                start = int(first) + (room if electronic else 0)
                cursor.execute(f"CREATE SEQUENCE {schema}.number_{series} START {start}")
    yield
    with connection.cursor() as cursor:
        for series in sorted(SERIES):
            cursor.execute(
                f"SELECT setval('public.number_{series}', max(last_value), true) FROM ("  # noqa: S608
                + " UNION ALL ".join(
                    f"SELECT last_value FROM {schema}.number_{series} WHERE is_called"  # noqa: S608
                    for schema in ("public", *SCHEMAS)
                )
                + ") AS used HAVING max(last_value) IS NOT NULL"
            )
        for electronic in (False, True):
            cursor.execute(f"DROP SCHEMA {SCHEMAS[electronic]} CASCADE")
