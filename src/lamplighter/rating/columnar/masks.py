"""Which bills of a group something holds for: all of them, none, or a column of truths."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = bool | NDArray[np.bool_]


def both(one: Mask, other: Mask) -> Mask:
    if one is False or other is False:
        return False
    if one is True:
        return other
    return one if other is True else one & other


def either(one: Mask, other: Mask) -> Mask:
    return opposite(both(opposite(one), opposite(other)))


def opposite(mask: Mask) -> Mask:
    return not mask if isinstance(mask, bool) else ~mask


def anywhere(mask: Mask) -> bool:
    return mask if isinstance(mask, bool) else bool(mask.any())
