"""Tell the two shares of the city's life at the same time, in processes of their own; other works before
and after that.

Spawned, never forked, and early, so that they have everything loaded when it begins. Each draws the numbers of bills,
receipts and people from a series of its own, so that numbers do not depend on which process is quicker; at the end
the city's own series go on after the higher one.
"""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, TypeVar, cast

from django.db import connection

from lamplighter.platform.numbering import SERIES
from lamplighter.town.apart import SCHEMAS, SHARES, tell_share

if TYPE_CHECKING:  # processes are begun before Django is set up
    from lamplighter.town.plan import Plan

T = TypeVar("T")
FEW = 1000  # people and accounts that arrive while the city lives


class CannotBuild(Exception):
    """A share of the city could not be told; the message has its fault."""


@contextmanager
def two_processes() -> Iterator[Processes]:
    """Begin the processes; at the end of the block, whatever it was, they are gone."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in SCHEMAS]
    started: list[BaseProcess] = []
    for share, (_, there) in enumerate(pipes):
        process: BaseProcess = context.Process(target=tell_share, args=(share, there), daemon=True)
        process.start()
        there.close()
        started.append(process)
    try:
        yield Processes([here for here, _ in pipes])
    finally:
        for here, _ in pipes:
            here.close()
        for process in started:
            process.terminate()
            process.join()


class Processes:
    """Two processes that wait to be told a plan."""

    def __init__(self, ends: list[Connection]) -> None:
        self.ends = ends
        self.idle = list(ends)

    def live(self, plan: Plan, ids: dict[str, int], told: Callable[[date], None]) -> dict[str, int]:
        """The accounts by key, with those who arrived. `told` hears each day that both shares have behind them."""
        from lamplighter.town.life import live

        with _own_series(plan):
            for share, end in enumerate(self.ends):
                _give(end, partial(live, electronic=bool(share)), plan, ids, speaks=True)
            return self._heard(told)

    def begin(self, work: Callable[..., T], *on: object) -> Callable[[], T]:
        """A process that has nothing else to do does this work from now on; what is given back waits for it, and has
        what came of it."""
        end = self.idle.pop()
        _give(end, work, *on)

        def done() -> T:
            if isinstance(said := _said(end), str):
                raise CannotBuild(said)
            self.idle.append(end)
            return cast("T", said)

        return done

    @contextmanager
    def meanwhile(self, work: Callable[..., None], *on: object) -> Iterator[None]:
        """A process that has nothing else to do does this work while the block goes on; it is done when that ends."""
        done = self.begin(work, *on)
        yield
        done()

    def _heard(self, told: Callable[[date], None]) -> dict[str, int]:
        days: dict[int, date] = {}
        found: dict[str, int] = {}
        speaking = list(self.ends)
        while speaking:
            for end in wait(speaking):
                assert isinstance(end, Connection)
                match _said(end):
                    case date() as day:
                        days[id(end)] = day
                        if len(days) == len(self.ends):
                            told(min(days.values()))
                    case dict() as ids:
                        found |= ids
                        speaking.remove(end)
                    case fault:
                        raise CannotBuild(str(fault))
        return found


def _give(end: Connection, work: Callable[..., object], *on: object, speaks: bool = False) -> None:
    end.send_bytes(pickle.dumps((work, on, speaks)))


def _said(end: Connection) -> object:
    try:
        return end.recv()
    except EOFError:
        return "A process that builds the city was ended from outside."


def wait_for_orphans() -> None:
    """Until no process of a builder that was killed writes any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [SHARES])
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [SHARES])


@contextmanager
def _own_series(plan: Plan) -> Iterator[None]:
    """A schema for each share with number series that shadow the city's."""
    with connection.cursor() as cursor:
        many = 1000 * (2 + len(plan.customers) * (plan.size.months + 1) // 1000)
        for share, schema in enumerate(SCHEMAS):
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
            for series in sorted(SERIES):
                cursor.execute(f"SELECT last_value + is_called::int FROM public.number_{series}")  # noqa: S608
                ((first,),) = cursor.fetchall()
                room = many if series in {"bill", "receipt"} else FEW
                cursor.execute(f"CREATE SEQUENCE {schema}.number_{series} START {int(first) + share * room}")
    yield
    with connection.cursor() as cursor:
        for series in sorted(SERIES):
            used = " UNION ALL ".join(
                f"SELECT last_value FROM {schema}.number_{series} WHERE is_called"  # noqa: S608
                for schema in ("public", *SCHEMAS)
            )
            cursor.execute(
                f"SELECT setval('public.number_{series}', max(last_value)) FROM ({used}) AS used "  # noqa: S608
                "HAVING max(last_value) IS NOT NULL"
            )
        for schema in SCHEMAS:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
