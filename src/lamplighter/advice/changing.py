"""A load as it would be with a scenario: one measure after another, each on what the ones before have left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.effects import Effect, Given
from lamplighter.advice.scenario import Measure
from lamplighter.advice.surroundings import Surroundings
from lamplighter.intervals.curves.curve import LoadCurve


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """A measure with what it does."""

    measure: Measure
    effect: Effect


def changed(
    curve: LoadCurve, measures: Sequence[Measure], around: Surroundings
) -> tuple[LoadCurve, tuple[Changed, ...]]:
    """The curve with the measures, and what each does. Raises CannotAdvise, also where readings are missing."""
    if curve.missing:
        message = f"{curve.missing:,} readings are missing: what is not known is never taken for nothing."
        raise CannotAdvise("advice.missing", message)
    curve, found = curve.finer(), []
    for one in measures:
        model = one.kind.model
        assert model is not None, f"{one.kind.name} has no model of load"
        effect = model(Given(curve, one.values, around))
        curve = with_effect(curve, effect)
        found.append(Changed(one, effect))
    return curve, tuple(found)


def with_effect(curve: LoadCurve, effect: Effect) -> LoadCurve:
    """To the nearest count of the curve."""
    made = curve.with_kw(curve.kw_net() + effect.kw) if effect.kw.any() else curve
    if effect.kvar is None or made.reactive is None:
        return made
    counts = np.rint(effect.kvar * curve.hours / float(curve.unit)).astype(np.int64)
    return replace(made, reactive=np.maximum(made.reactive + counts, 0))
