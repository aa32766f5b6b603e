"""Where a process of its own begins, which tells a share of the city's life, and parts of its last week after that:
imported before Django is set up."""

from __future__ import annotations

import gc
import pickle
import signal
import traceback
from multiprocessing.connection import Connection

SHARES = "lamplighter.town.shares"
SCHEMAS = ("town_counter", "town_electronic")


def tell_share(share: int, there: Connection) -> None:
    """Begin here in a process of its own: told a plan and its accounts, it lives its share; told works after that, each
    with its day, it does them. When the builder is gone, the next day that is told ends this one too.

    Ctrl-C at a terminal reaches every process in it; the builder hears it, and ends this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django

    django.setup()
    from django.db import connection

    import lamplighter.town.build  # noqa: F401 - all that it may be told, loaded before it is
    from lamplighter.town.life import live

    gc.freeze()  # what is loaded stays; looking through it again and again costs a twentieth of the time
    gc.set_threshold(100_000, 50, 100)
    try:
        plan, ids = pickle.loads(there.recv_bytes())  # noqa: S301 - our own
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [SHARES])
            cursor.execute(f"SET search_path = {SCHEMAS[share]}, public")
        there.send(live(plan, ids, electronic=bool(share), told=there.send))
        while True:
            work, day = pickle.loads(there.recv_bytes())  # noqa: S301 - our own
            there.send(work(day))
    except (EOFError, BrokenPipeError):
        raise SystemExit(1) from None
    except Exception:  # noqa: BLE001 - whatever it was, the builder says it
        there.send(traceback.format_exc())
    finally:
        connection.close()
