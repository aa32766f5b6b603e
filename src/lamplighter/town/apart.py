"""Where a process of its own begins, which tells a share of the city's life, and does other works before and after
that: imported before Django is set up."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import traceback
from multiprocessing.connection import Connection

SHARES = "lamplighter.town.shares"
YIELDING = 5
SCHEMAS = ("town_counter", "town_electronic")
ALIKE = 3
"""A question that was put so often is prepared."""


def tell_share(share: int, there: Connection) -> None:
    """Begin here in a process of its own: told a work and what it works on, it does it and says what came of it; a work
    that `speaks` says things meanwhile. The database may be made later than this process, and is asked for with the
    first work. When the builder is gone, the next thing that is said ends this one too.

    Ctrl-C at a terminal reaches every process in it; the builder hears it, and ends this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(YIELDING)  # the builder makes the database meanwhile, and everybody waits for that
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")
    import django

    django.setup()
    from django.db import connection

    import lamplighter.town.build  # noqa: F401 - all that it may be told, loaded before it is

    gc.freeze()  # what is loaded stays; looking through it again and again costs a twentieth of the time
    gc.set_threshold(100_000, 50, 100)
    try:
        while True:
            work, on, speaks = pickle.loads(there.recv_bytes())  # noqa: S301 - our own
            if connection.connection is None:
                _connect(share)
            there.send(work(*on, told=there.send) if speaks else work(*on))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise SystemExit(1) from None
    except Exception:  # noqa: BLE001 - whatever it was, the builder says it
        there.send(traceback.format_exc())
    finally:
        connection.close()


def _connect(share: int) -> None:
    """Numbers are drawn from the share's own series while there are such. The same few questions are put thousands of
    times, so that the database keeps their plans; made while tables are small, none may read whole tables."""
    from django.db import connection

    connection.settings_dict["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": ALIKE}
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [SHARES])
        cursor.execute(f"SET search_path = {SCHEMAS[share]}, public")
