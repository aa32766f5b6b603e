"""Explain a line of an issued bill from what its segment keeps, down to the readings that it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lamplighter.billing.models import BillLine, Segment
from lamplighter.billing.queries.explaining_intervals import readings_of
from lamplighter.billing.queries.explaining_view import (
    ClauseView,
    Derivation,
    IntervalRead,
    LedgerCode,
    Measure,
    OfLine,
    TextView,
)  # fmt: skip
from lamplighter.billing.queries.explaining_words import determinant_words, rounding_words
from lamplighter.billing.queries.reading_lines import lines_of, number
from lamplighter.billing.queries.reading_tariffs import Kept, asked, dated, texts_of, versions_of
from lamplighter.billing.queries.reading_view import LineView
from lamplighter.billing.statement import measured_again
from lamplighter.ledger.models import Code
from lamplighter.rating.attributes import settle
from lamplighter.rating.bill import BillInput, PricedLine, Quantities
from lamplighter.rating.determinants import Ask
from lamplighter.rating.explain import explain_line
from lamplighter.rating.needs import to_record
from lamplighter.rating.price import asks, asks_after
from lamplighter.rating.reach import attributes_in, members
from lamplighter.rating.tariff import Line, Tariff


class NoSuchLine(LookupError):
    """The segment has no such line; the message names those that it has."""


def explain(*, segment: Segment, line: str | int) -> tuple[Derivation, ...]:
    """How a line came about: by its place, or by its code, which may stand on several rows (steps, hours)."""
    work = _Work(segment)
    return tuple(work.derivation(row) for row in work.rows(line))


def intervals(*, segment: Segment, measure: Measure, day: date) -> tuple[IntervalRead, ...]:
    """The intervals of one service day behind a measure, as the bill saw them."""
    return readings_of(segment).intervals(measure.ask, day)


@dataclass(frozen=True, slots=True)
class _Source:
    """An entry of a statement's tariffs with its text read."""

    sha256: str
    tariff: Tariff


class _Work:
    """What the derivations of one segment share."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.kept: Kept = segment.statement
        texts = texts_of([self.kept])
        self.sources = [_Source(one["sha256"], dated(texts[one["sha256"]], one)) for one in self.kept["tariffs"]]
        self.versions = versions_of(self.kept, texts)
        self.bill, self.quantities = asked(self.kept, self.versions)
        self.lines = lines_of(self.kept)
        self.codes = _ledger_codes(segment)
        self.readings = readings_of(segment)

    def rows(self, line: str | int) -> Sequence[LineView]:
        found = [row for row in self.lines if line in (row.place, row.priced.code)]
        if not found:
            known = ", ".join(dict.fromkeys(row.priced.code for row in self.lines))
            raise NoSuchLine(f"There is no line “{line}” here. There are: {known}.")
        return found

    def derivation(self, row: LineView) -> Derivation:
        line = row.priced
        source = self._source(line)
        version = self._version(line)
        written = version.line(line.code)
        assert written is not None, "a priced line stands in its tariff"
        return Derivation(
            bill=self.segment.bill.number,
            segment=self.segment.pk,
            place=row.place,
            line=line,
            words=explain_line(line, self.segment.period),
            rounding=rounding_words(line, version.rounding, by_itself=written.rounded),
            text=_text(source),
            clause=_clause(line, version),
            ledger=self.codes[row.place],
            of=tuple(self._of(row, written, version)),
            measures=tuple(self._measures(line)),
            facts=(*_facts(written, version, self.bill), *_again(written, version, self.kept)),
        )

    def _source(self, line: PricedLine) -> _Source:
        """The text that has the line: of several versions the one in force on the line's first day."""
        having = [one for one in self.sources if one.tariff.line(line.code) is not None]
        return next((one for one in having if line.period.start in one.tariff.valid), having[-1])

    def _version(self, line: PricedLine) -> Tariff:
        having = [version for version in self.versions if version.line(line.code) is not None]
        return next((version for version in having if version.version == line.tariff), having[-1])

    def _of(self, row: LineView, written: Line, version: Tariff) -> Iterator[OfLine]:
        codes = members(version.lines, written)
        for other in self.lines:
            if other.priced.code in codes and other.place != row.place:
                yield OfLine(other.place, other.label, other.amount)

    def _measures(self, line: PricedLine) -> Iterator[Measure]:
        for ask in _asks_of(line, self.versions, self.bill, self.quantities):
            yield Measure(
                ask=ask,
                words=determinant_words(ask.determinant),
                value=self.quantities[ask],
                unit="" if ask.determinant.what.value == "power factor" else str(ask.determinant.what),
                days=self.readings.days(ask),
                registers=self.readings.registers(ask),
                peak_at=self.readings.peak_at(ask),
            )


def _asks_of(line: PricedLine, versions: Sequence[Tariff], bill: BillInput, quantities: Quantities) -> list[Ask]:
    """What was measured for a line: its own asks on its days; of several the one that it bills as it was measured."""
    alone = [replace(v, lines=tuple(own for own in v.lines if own.code == line.code)) for v in versions]
    found = [
        ask
        for ask in (*asks(alone, bill), *asks_after(alone, bill, quantities))
        if ask in quantities and (ask.period == line.period or not ask.determinant.what.adds_up)
    ]
    itself = [ask for ask in found if quantities[ask] == line.quantity]
    return itself[:1] or found


def _text(source: _Source) -> TextView:
    tariff = source.tariff
    return TextView(tariff.code, tariff.name, tariff.valid, tariff.adopted_by, source.sha256)


def _clause(line: PricedLine, version: Tariff) -> ClauseView:
    cited = next((source for source in version.sources if source.id == line.citation.source), None)
    if cited is None:
        return ClauseView(line.citation.source, line.citation.clause)
    return ClauseView(cited.title, line.citation.clause, cited.page, cited.url, cited.note)


def _facts(written: Line, version: Tariff, bill: BillInput) -> Iterator[tuple[str, str]]:
    """Facts of the account that the line goes by, with their labels."""
    known = settle(version.attributes, bill.attributes)
    labels = {attribute.name: attribute.label for attribute in version.attributes}
    for name in sorted(attributes_in(written) & set(known)):
        value = known[name]
        yield labels[name], ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _again(written: Line, version: Tariff, kept: Kept) -> Iterator[tuple[str, str]]:
    """Past peaks that the line looks back at and that no earlier bill had kept, by month."""
    for own in to_record(replace(version, lines=(written,))):
        for one in measured_again(kept):
            if own.key in one.peaks:
                month = f"Peak of {one.month:%B %Y}, kept by no bill and measured again over {one.period}"
                yield month, f"{number(one.peaks[own.key])} {own.what}"


def _ledger_codes(segment: Segment) -> dict[int, LedgerCode]:
    posted = dict(BillLine.objects.filter(segment=segment).values_list("place", "gl"))
    codes = Code.objects.in_bulk(set(posted.values()))
    return {place: LedgerCode(gl, codes[gl].number, codes[gl].name) for place, gl in posted.items()}
