"""Which lines a line is reckoned on, and so in which order lines are worked out."""

from __future__ import annotations

from collections.abc import Iterator

from lamplighter.rating.columnar.book import Book
from lamplighter.rating.columnar.plan import Plan, Span
from lamplighter.rating.columnar.refusals import CannotCompile
from lamplighter.rating.reach import counted_again_in, selection_in
from lamplighter.rating.tariff import Line


class Selection:
    """Knows of each span of a plan the spans that it is reckoned on, each by its own wording."""

    def __init__(self, book: Book, plan: Plan) -> None:
        self._book = book
        self._place = {code: i for i, (code, _) in enumerate(plan.lines)}
        self._spans = dict(plan.lines)
        self.order = tuple(self._ordered())

    def line(self, span: Span) -> Line:
        line = self._book.line(span.version, span.code)
        assert line is not None
        return line

    def reckons_on(self, span: Span, other: Span) -> bool:
        """Whether `other` is among the lines that the line of `span` names, by code, by tag, or as standing above."""
        of = selection_in(self.line(span))
        if of is None or other.code == span.code or other.code in of.but:
            return False
        candidate = self.line(other)
        if of.taxable and not candidate.taxable:
            return False
        above = of.above and self._place[other.code] < self._place[span.code]
        return above or other.code in of.codes or not set(of.tags).isdisjoint(candidate.tags)

    def _ordered(self) -> Iterator[str]:
        """Lines in the order of the rate book, but for those that an earlier one is reckoned on."""
        done: dict[str, bool] = {}

        def visit(code: str) -> Iterator[str]:
            if code in done:
                if not done[code]:
                    raise CannotCompile(f"“{code}” is reckoned, through other lines, on itself.")
                return
            done[code] = False
            for other in self._before(code):
                yield from visit(other)
            done[code] = True
            yield code

        for code in self._place:
            yield from visit(code)

    def _before(self, code: str) -> Iterator[str]:
        mine = self._spans[code]
        counted = {named for span in mine for named in counted_again_in(self.line(span))}
        for other, spans in self._spans.items():
            if other in counted or any(self.reckons_on(span, theirs) for span in mine for theirs in spans):
                yield other
