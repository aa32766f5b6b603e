"""How much was used: one question for many agreements, answered by columns, exactly, or from registers."""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.usage.measuring import Measured, Wanted
from lamplighter.usage.queries.channels import stretches
from lamplighter.usage.queries.columns import Simple, measure, simple
from lamplighter.usage.queries.holding import held
from lamplighter.usage.queries.loads import measure_load
from lamplighter.usage.queries.published import published as published_now
from lamplighter.usage.queries.registers import measure_registers, reads_of
from lamplighter.usage.queries.scoring import banded


def measured(wanted: Sequence[Wanted], *, as_of: int | None = None, exact: bool = False) -> list[Measured]:
    """Answers in the order of the questions. `as_of` reads the intervals as they were at a revision.

    Readings that a person must decide first are no answer now. `exact` measures everything the slow and plain way, to
    check the fast one.
    """
    if not wanted:
        return []
    found = stretches(wanted)
    now = published_now()
    fast: dict[int, Simple] = {}
    answers: dict[int, Measured] = {}
    for i, (one, parts) in enumerate(zip(wanted, found, strict=True)):
        if not parts and one.asks:
            answers[i] = Measured(findings=(_no_meter(one),), revision=now.watermark)
        elif not exact and (by_columns := simple(one, parts)) is not None:
            fast[i] = by_columns
        elif any(not part.channel.is_register for part in parts):
            answers[i] = measure_load(one, parts, published=now, as_of=as_of)
    answers |= dict(zip(fast, measure(list(fast.values()), published=now, as_of=as_of), strict=True))
    rest = [i for i in range(len(wanted)) if i not in answers]
    if rest:
        channels = {part.channel.pk for i in rest for part in found[i]}
        days = Period(min(wanted[i].period.start for i in rest), max(wanted[i].period.closed_end for i in rest))
        reads = reads_of(sorted(channels), period=days)
        answers |= {i: measure_registers(wanted[i], found[i], reads) for i in rest}
    if as_of is None:
        whole = {i: found[i] for i in range(len(wanted)) if not answers[i].findings}
        answers |= {i: answers[i]._replace(values={}, findings=(why,)) for i, why in held(whole).items()}
    return banded([answers[i] for i in range(len(wanted))], found)


def _no_meter(wanted: Wanted) -> Finding:
    return Finding(
        "usage.no-meter",
        f"No meter measured this service from {wanted.period.start:%b %-d} to {wanted.period.last_day:%b %-d, %Y}.",
        remedy="Install the meter in the program, with the day on which it was set.",
    )
