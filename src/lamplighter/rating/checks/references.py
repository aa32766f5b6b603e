"""Whether all that a tariff names is there: lines, tags, factors, attributes, sources; and no line in a circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lamplighter.kernel.findings import Severity
from lamplighter.rating.attributes import Amount, Choice, Flag
from lamplighter.rating.charges import PerUnit
from lamplighter.rating.checks.fault import Fault, Path
from lamplighter.rating.conditions import words_in
from lamplighter.rating.figures import PERIOD, SEASON, Lookup, Sum
from lamplighter.rating.reach import (
    attributes_in,
    banks_in,
    counted_again_in,
    factors_in,
    figures_in,
    members,
    selection_in,
)
from lamplighter.rating.spelling import did_you_mean
from lamplighter.rating.tariff import Line, Tariff


def reference_faults(tariff: Tariff) -> Iterator[Fault]:
    yield from _line_faults(tariff)
    yield from _name_faults(tariff)
    yield from _factor_faults(tariff)
    yield from _attribute_faults(tariff)
    yield from _source_faults(tariff)
    yield from _circles(tariff)
    yield from _bank_faults(tariff)


def _line_faults(tariff: Tariff) -> Iterator[Fault]:
    codes = [line.code for line in tariff.lines]
    tags = {tag for line in tariff.lines for tag in line.tags}
    for i, line in enumerate(tariff.lines):
        for code in counted_again_in(line):
            if code not in codes and not tariff.rider:
                yield _unknown(code, ("line", i, "lines"), codes)
        of = selection_in(line)
        if of is None:
            continue
        counts = isinstance(line.charge, PerUnit)
        place = "lines" if counts else "of"
        for code in () if counts else (*of.codes, *of.but):
            if code not in codes and not tariff.rider:
                yield _unknown(code, ("line", i, place), codes)
        for tag in of.tags:
            if tag not in tags and not tariff.rider:
                yield Fault(("line", i, place), "unknown_tag", f"No line has the tag “{tag}”.", did_you_mean(tag, tags))
        if not members(tariff.lines, line) and not tariff.rider:
            yield Fault(("line", i, place), "reckoned_on_nothing", f"“{line.code}” is reckoned on no line.")
        if line.valid is not None and not line.valid.overlaps(tariff.valid):
            yield Fault(("line", i, "valid_from"), "dates", f"“{line.code}” is never in force while the tariff is.")


def _name_faults(tariff: Tariff) -> Iterator[Fault]:
    """Seasons and factors that lines name; a rider may count on those of the schedule beside it."""
    seasons, factors = [season.name for season in tariff.seasons], [factor.name for factor in tariff.factors]
    for i, line in enumerate(() if tariff.rider else tariff.lines):
        if line.season and line.season not in seasons:
            message = f"No season is called “{line.season}”."
            yield Fault(("line", i, "season"), "unknown_season", message, did_you_mean(line.season, seasons))
        for name in sorted(factors_in(line) - set(factors)):
            message = f"No factor is called “{name}”."
            yield Fault(("line", i), "unknown_factor", message, did_you_mean(name, factors))


def _unknown(code: str, path: Path, codes: list[str]) -> Fault:
    return Fault(path, "unknown_line", f"No line is called “{code}”.", did_you_mean(code, codes))


def _factor_faults(tariff: Tariff) -> Iterator[Fault]:
    used = {name for line in tariff.lines for name in factors_in(line)}
    for i, factor in enumerate(tariff.factors):
        days = [day for day, _ in factor.values]
        if not days:
            yield Fault(("factor", i), "gap", f"The factor “{factor.name}” has no value.")
        elif any(later <= earlier for earlier, later in pairwise(days)):
            yield Fault(("factor", i, "values"), "dates_overlap", f"The dates of “{factor.name}” do not rise.")
        elif days[0] > tariff.valid.start:
            message = f"“{factor.name}” has no value from {tariff.valid.start} to {days[0]}."
            yield Fault(("factor", i, "values"), "gap", message)
        if factor.name not in used:
            message = f"No line uses the factor “{factor.name}”."
            yield Fault(("factor", i), "unused", message, severity=Severity.WARNING)


def _attribute_faults(tariff: Tariff) -> Iterator[Fault]:
    """What lines ask for must be declared, and tables keyed only by choices and yes-or-no."""
    known = {attribute.name: attribute for attribute in tariff.attributes}
    for i, line in enumerate(tariff.lines):
        for name in sorted(words_in(line.when)):
            if isinstance(known.get(name), Amount):
                message = f"“{name}” is a number: compare it with at_least and below."
                yield Fault(("line", i, "when"), "unknown_key", message)
        for name in sorted(attributes_in(line) - set(known)):
            message = f"“{line.code}” asks for “{name}”, which the tariff does not declare."
            yield Fault(("line", i), "unknown_attribute", message, did_you_mean(name, known))
        for key in sorted(_table_keys(line) - {SEASON, PERIOD}):
            if key in known and not isinstance(known[key], Choice | Flag):
                yield Fault(("line", i), "unknown_key", f"A table cannot be keyed by the number “{key}”.")
    used = {name for line in tariff.lines for name in attributes_in(line)}
    for name in known:
        if name not in used:
            message = f"No line asks for “{name}”."
            yield Fault(("attribute", name), "unused", message, severity=Severity.WARNING)
    for group in tariff.not_together:
        for name in group:
            if not isinstance(known.get(name), Flag):
                message = f"“{name}” is no yes-or-no attribute."
                yield Fault(("tariff", "not_together"), "unknown_attribute", message, did_you_mean(name, known))


def _source_faults(tariff: Tariff) -> Iterator[Fault]:
    known = [source.id for source in tariff.sources]
    if not known:
        yield Fault(("tariff",), "no_source", "The tariff names no source.", "Write [[source]].", Severity.WARNING)
    for i, line in enumerate(tariff.lines):
        named = line.citation.source
        if named and named not in known:
            yield Fault(
                ("line", i, "source"), "unknown_source", f"No source is called “{named}”.", did_you_mean(named, known)
            )


def _circles(tariff: Tariff) -> Iterator[Fault]:
    """A line reckoned, through others, on itself."""
    needs = _reckoned_on(tariff)
    at = {line.code: i for i, line in enumerate(tariff.lines)}
    done: set[str] = set()
    for code in needs:
        circle = _circle(code, needs, [], done)
        if circle:
            way = " on ".join(circle)
            yield Fault(("line", at[circle[0]], "of"), "cycle", f"Lines are reckoned in a circle: {way}.")
            return


def _circle(code: str, needs: dict[str, tuple[str, ...]], path: list[str], done: set[str]) -> list[str]:
    if code in path:
        return [*path[path.index(code) :], code]
    if code in done:
        return []
    for other in needs.get(code, ()):
        circle = _circle(other, needs, [*path, code], done)
        if circle:
            return circle
    done.add(code)
    return []


def _bank_faults(tariff: Tariff) -> Iterator[Fault]:
    """Lines that share a bank move it in their order, which a line reckoned on a later one of them would upset."""
    needs = _reckoned_on(tariff)
    at = {line.code: i for i, line in enumerate(tariff.lines)}
    moved = Counter(bank for line in tariff.lines for bank in banks_in(line))
    for i, line in enumerate(tariff.lines):
        for other in sorted(_through(line.code, needs, set()), key=lambda code: at[code]):
            shared = [bank for bank in banks_in(tariff.lines[at[other]]) if moved[bank] > 1]
            if at[other] > i and shared:
                message = f"“{line.code}” is reckoned on “{other}” below it, which shares the bank “{shared[0]}”."
                yield Fault(("line", i, "of"), "bank_order", message, f"Write “{line.code}” below “{other}”.")
                break


def _reckoned_on(tariff: Tariff) -> dict[str, tuple[str, ...]]:
    known = {line.code for line in tariff.lines}
    again = {line.code: [code for code in counted_again_in(line) if code in known] for line in tariff.lines}
    return {line.code: (*members(tariff.lines, line), *again[line.code]) for line in tariff.lines}


def _through(code: str, needs: dict[str, tuple[str, ...]], found: set[str]) -> set[str]:
    """All that a line is reckoned on, also through others."""
    for other in needs.get(code, ()):
        if other not in found:
            found.add(other)
            _through(other, needs, found)
    return found


def _table_keys(line: Line) -> set[str]:
    keys: set[str] = set()
    for figure in figures_in(line):
        for part in figure.parts if isinstance(figure, Sum) else (figure,):
            if isinstance(part, Lookup):
                keys.update(part.by)
    return keys
