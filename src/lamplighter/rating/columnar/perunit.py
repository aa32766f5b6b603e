"""The rows of a line that charges so much per unit: flat, in tiers, or at the price of a band."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from lamplighter.rating.charges import Bands, Basis, Flat, PerUnit, PowerFactor, Price, Tier, TierOrder, Tiers
from lamplighter.rating.columnar.book import splits_of
from lamplighter.rating.columnar.column import Number, chosen, differs, times
from lamplighter.rating.columnar.counts import adds_up, count, due, months
from lamplighter.rating.columnar.masks import Mask, both, either, opposite
from lamplighter.rating.columnar.plan import Span
from lamplighter.rating.columnar.powerfactor import power_factor
from lamplighter.rating.columnar.sheet import Needed, Row, Sheet
from lamplighter.rating.columnar.slots import slot_of
from lamplighter.rating.columnar.tiers import Limits, Names, edges, falls_into, fill, fill_together
from lamplighter.rating.quantities import Demand, Metered, Quantity


@dataclass(frozen=True, slots=True)
class PerUnitRows:
    """A line per unit over one span, for the bills `where` it applies."""

    charge: PerUnit
    span: Span
    where: Mask
    sheet: Sheet

    def rows(self) -> Iterator[Row]:
        splits = splits_of(self.charge.quantity, self.charge.shape)
        match self.charge.shape:
            case Flat(price=price):
                for names in splits:
                    yield self._row(self._count(names), self._price(price, names, self.where), names)
            case Tiers() as shape:
                yield from self._in_tiers(shape, splits)
            case Bands(by=by, bands=bands):
                inside = self._inside(by, bands)
                for names in splits:
                    yield self._row(self._count(names), self._banded(bands, inside, names), names)

    def _row(self, quantity: Number, price: Number, names: Names, tier: int = 0) -> Row:
        often = due(self.span, self.charge.per, self.charge.quantity, self.sheet)
        amount = times(times(quantity, price), -often if self.charge.credit else often)
        return Row(self.span, chosen(self.where, amount), chosen(self.where, quantity), "".join(names), tier)

    def _count(self, names: Names) -> Number:
        return count(self.charge.quantity, self.span, names, self.where, self.sheet)

    def _price(self, price: Price, names: Names, needed: Needed) -> Number:
        """Dollars per unit. A component that no source tells refuses the bill, as the price itself does."""
        for _, part in price.components:
            self.sheet.figure(part, self.span, names, needed)
        return self.sheet.figure(price.dollars, self.span, names, needed)

    def _limits(self, steps: tuple[Tier, ...], names: Names, scale: Number) -> Limits:
        return [
            None if step.limit is None else times(self.sheet.figure(step.limit, self.span, names, self.where), scale)
            for step in steps
        ]

    def _in_tiers(self, shape: Tiers, splits: tuple[Names, ...]) -> Iterator[Row]:
        counts = {names: self._count(names) for names in splits}
        scale = self._scale(shape)
        limits = {names: self._limits(shape.tiers, names, scale) for names in splits}
        shares = self._shares(shape, counts, limits)
        for names, parts in shares.items():
            for i, (tier, share) in enumerate(zip(shape.tiers, parts, strict=True)):
                # a price is needed for the tiers reached; if none is, the first one stands on the bill
                stands_in = shares if i == 0 and names == splits[0] else {}
                needed = _Reached(self.where, share, stands_in)
                yield self._row(share, self._price(tier.price, names, needed), names, i)

    def _shares(
        self, shape: Tiers, counts: Mapping[Names, Number], limits: Mapping[Names, Limits]
    ) -> Mapping[Names, list[Number]]:
        """What of each TOU period falls into each tier."""
        quantity = self.charge.quantity
        if len(counts) == 1 or shape.order is TierOrder.SEPARATE or isinstance(quantity, Demand):
            return {names: fill(counted, limits[names]) for names, counted in counts.items()}
        if shape.order is TierOrder.PROPORTIONAL:
            return fill_together(counts, limits)
        assert isinstance(quantity, Metered), "the book has refused others"
        return {names: list(self._in_order_of_time(quantity, names, limits[names])) for names in counts}

    def _in_order_of_time(self, quantity: Metered, names: Names, limits: Limits) -> Iterator[Number]:
        slot = slot_of(self.sheet.book, self.sheet.plan, self.span, quantity, names)
        for i, (lower, upper) in enumerate(edges(limits)):
            yield self.sheet.metered(replace(slot, tier=(self.span.code, i)), self.where, lower, upper)

    def _scale(self, shape: Tiers) -> Number:
        """What a printed limit is multiplied by over the span; that of kW or lamps is the same however long it is."""
        quantity = self.charge.quantity
        if not adds_up(quantity, self.sheet):
            return Fraction(1)
        match shape.basis:
            case Basis.MONTH:
                return months(self.span, quantity, self.sheet)
            case Basis.DAY:
                return Fraction(self.span.days)
            case Basis.BILL:
                return self.sheet.plan.share(self.span)
            case Basis.KW | Basis.KW_DAY:
                assert shape.demand is not None, "the book has refused others"
                kw = count(shape.demand, self.span, (), self.where, self.sheet)
                by_day = shape.basis is Basis.KW_DAY
                return times(kw, Fraction(self.span.days) if by_day else months(self.span, quantity, self.sheet))

    def _inside(self, by: Quantity | PowerFactor, bands: tuple[Tier, ...]) -> list[Mask]:
        """For each band, the bills that fall in it."""
        scale = Fraction(1)
        if isinstance(by, PowerFactor):
            value = power_factor(by, self.span, self.where, self.sheet)
        else:
            value = count(by, self.span, (), self.where, self.sheet)
            if adds_up(by, self.sheet):
                scale = months(self.span, by, self.sheet)
        return falls_into(value, self._limits(bands, (), scale))

    def _banded(self, bands: tuple[Tier, ...], inside: list[Mask], names: Names) -> Number:
        """Each bill's price by its band."""
        prices = [
            self._price(band.price, names, both(self.where, here)) for band, here in zip(bands, inside, strict=True)
        ]
        found = prices[-1]
        for price, here in zip(prices[:-1], inside[:-1], strict=True):
            found = chosen(here, price, found)
        return found


@dataclass(frozen=True, slots=True)
class _Reached:
    """Where a tier's price is needed; worked out only if somebody's price is unknown."""

    where: Mask
    share: Number
    unless: Mapping[Names, list[Number]]

    def __call__(self) -> Mask:
        reached = differs(self.share)
        if self.unless:
            some: Mask = False
            for parts in self.unless.values():
                for part in parts:
                    some = either(some, differs(part))
            reached = either(reached, opposite(some))
        return both(self.where, reached)
