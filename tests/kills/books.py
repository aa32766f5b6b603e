"""The books, the bills and the published readings as text, without what may differ between two honest runs.

Left out are row ids, instants of recording, and numbers drawn from a sequence (bills, revisions): after a kill some are
skipped. A bill goes by its account and window instead. How often a parked account was tried again may differ too; that
it waits for a person, once, may not.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from itertools import zip_longest
from zoneinfo import ZoneInfo

import numpy as np
import psycopg

from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import slot_calendar
from lamplighter.intervals.store import IntervalStore
from lamplighter.kernel.periods import Period
from tests.kills.site import Site

DAYS = Period(date(2026, 8, 1), date(2026, 10, 1))
NAMES = """
    SELECT b.number, concat('bill of ', a.number, ' ', b.kind, ' ', b.issued_on)
    FROM billing_bill b JOIN accounts_account a ON a.id = b.account_id
    UNION ALL SELECT concat('import:', id), concat('import of ', name) FROM usage_importedfile"""
REVISION = re.compile(r"""['"]revision['"]: \d+""")
QUERIES = {
    "entry": """
        SELECT e.source, e.kind, e.effective_on, e.accounting_on, e.legs, r.source, array_agg(
            concat_ws(' ', p.code_id, p.subledger_id, p.payoff, p.current, p.owed_on, p.component)
            ORDER BY p.code_id, p.component, p.payoff)
        FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id LEFT JOIN ledger_entry r ON r.id = e.reverses_id
        GROUP BY e.id, r.source""",
    "bill": """
        SELECT b.number, a.number, b.kind, w.month, b.issued_on, b.due_on, b.previous, b.received, b.corrected,
            b.charges, b.due
        FROM billing_bill b JOIN accounts_account a ON a.id = b.account_id
        LEFT JOIN billing_cyclewindow w ON w.id = b.window_id""",
    "segment": """
        SELECT b.number, s.agreement_id, s.period, s.kind, s.month, s.schedule, s.estimated, s.kwh, s.total,
            s.statement, e.source, s.cancelled_at IS NULL
        FROM billing_segment s JOIN billing_bill b ON b.id = s.bill_id LEFT JOIN ledger_entry e ON e.id = s.entry_id""",
    "line": """
        SELECT b.number, s.agreement_id, l.place, l.code, l.label, l.kind, l.quantity, l.unit, l.price, l.amount, l.gl
        FROM billing_billline l JOIN billing_segment s ON s.id = l.segment_id JOIN billing_bill b ON b.id = s.bill_id
        """,
    "parked": "SELECT agreement_id, code, message, state FROM billing_parked",
    "event": "SELECT name, subject, account, actor, data FROM platform_event WHERE name <> 'worklist.items.raised'",
    "waiting": "SELECT kind, dedupe, subject, account, summary, state FROM worklist_item",
    "publication": "SELECT p.kind, p.channel_days, i.name FROM usage_publication p "
    "LEFT JOIN usage_importedfile i ON i.id = p.imported_id",
    "file": """
        SELECT name, file_id, format, readings, taken, unchanged, duplicates, estimated, exceptions, waiting, attempts
        FROM usage_importedfile""",
    "exception": """
        SELECT channel_id, rule, day, slot, slots, severity, message, measured, threshold, proposal, evidence, state
        FROM usage_intervalexception""",
}


def books(site: Site) -> str:
    """Everything that must be the same however often the work was broken off; a line for each row."""
    with psycopg.connect(site.url) as session:
        names = dict(session.execute(NAMES).fetchall())
        lines = [
            f"{kind}: {' | '.join(map(str, row))}" for kind, query in QUERIES.items() for row in session.execute(query)
        ]
        lines += readings(site, session)
    number = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, names)) or '(?!)'})(?![\w.-])")
    told = (number.sub(lambda found: names[found[0]], REVISION.sub("revision", line)) for line in lines)
    return "\n".join(sorted(told))


def differences(found: str, expected: str) -> str:
    """Lines that only one of two books has, from where they first differ; nothing when they are the same."""
    there, wanted = (set(text.splitlines()) for text in (found, expected))
    lacking, new = sorted(wanted - there), sorted(there - wanted)
    told = [f"{len(lacking)} lines lacking, {len(new)} new"] if lacking or new else []
    for one, other in list(zip_longest(lacking, new, fillvalue=""))[:5]:
        same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        shown = slice(max(0, same - 80), same + 220)
        told += [f"- {one[shown]}", f"+ {other[shown]}"]
    if not told and found != expected:
        told = ["a line is there more often"]
    return "\n".join(told)


def readings(site: Site, session: psycopg.Connection) -> list[str]:
    """The counts that a reader sees, of every channel and day."""
    channels = [pk for (pk,) in session.execute("SELECT id FROM metering_channel ORDER BY id")]
    (newest,) = session.execute("SELECT coalesce(max(revision), 0) FROM usage_publication").fetchone()
    ignored = frozenset(pk for (pk,) in session.execute("SELECT revision FROM usage_ignoredrevision"))
    calendar = slot_calendar(DAYS, seconds=3600, zone=ZoneInfo("America/Los_Angeles"))
    block = IntervalStore(site.intervals).read(
        np.array(channels, dtype=np.int64), calendar, published=Published(newest, ignored)
    )
    lines = []
    for row, channel in enumerate(channels):
        for day in calendar.period:
            slots = calendar.slots_of(day)
            seen = hashlib.sha256(block.values[row, slots].tobytes() + block.quality[row, slots].tobytes())
            lines.append(f"readings: {channel} {day} {seen.hexdigest()[:16]}")
    return lines
