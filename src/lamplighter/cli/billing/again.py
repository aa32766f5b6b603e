"""Bills worked out again, and their archived documents hashed again: what holds and what does not."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lamplighter.billing.models import BillDocument
from lamplighter.billing.queries.recompute import Recomputed, recompute_all
from lamplighter.kernel.money import ZERO, Money
from lamplighter.platform.queries.files import path_of


@dataclass(frozen=True, slots=True)
class Again:
    """How many segments and documents there were, what the segments came to, and every difference by bill."""

    segments: int
    total: Money
    documents: int
    differences: tuple[tuple[str, str], ...]
    statements: tuple[Recomputed, ...] = ()


def recompute(bills: Collection[int] | None) -> Again:
    """`bills` by their key, None: all. Of all of them single statements are not kept."""
    segments, total, differences, kept = 0, ZERO, list[tuple[str, str]](), list[Recomputed]()
    for one in recompute_all(bills=bills):
        segments, total = segments + 1, total + one.total
        if one.difference:
            differences.append((one.bill, f"segment {one.segment}: {one.difference}"))
        if bills is not None:
            kept.append(one)
    rows = BillDocument.objects.all() if bills is None else BillDocument.objects.filter(bill__in=bills)
    documents = list(rows.order_by("pk").values_list("bill__number", "file"))
    differences += [(bill, wrong) for bill, sha256 in documents if (wrong := _wrong(sha256))]
    return Again(segments, total, len(documents), tuple(differences), tuple(kept))


def in_words(found: Again) -> str:
    head = (
        f"{found.segments:,} segments come to {found.total} again, {found.documents:,} archived documents were hashed;"
        f" {len(found.differences):,} differ."
    )
    each = [f"bill {one.bill}: {one.sha256} {one.total}" for one in found.statements if not one.difference]
    return "\n".join([*each, *(f"bill {bill}: {why}" for bill, why in found.differences), head])


def data(found: Again) -> dict[str, Any]:
    return {
        "segments": found.segments, "total": found.total.dollars, "documents": found.documents,
        "statements": [{"bill": one.bill, "segment": one.segment, "sha256": one.sha256} for one in found.statements],
        "differences": [{"bill": bill, "why": why} for bill, why in found.differences],
    }  # fmt: skip


def _wrong(sha256: str) -> str:
    path = path_of(sha256)
    if not path.exists():
        return f"its document {sha256[:16]} is not there"
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if found == sha256 else f"its document {sha256[:16]} has other bytes now"
