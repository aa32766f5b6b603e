"""A study as a tagged PDF (PDF/UA-1), by Typst; the same study, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from lamplighter.billing.documents.compiler import compile_document
from lamplighter.kernel.money import Money
from lamplighter.ratestudies.documents import summary
from lamplighter.ratestudies.documents.summary import Beside
from lamplighter.ratestudies.models import Study

TEMPLATE = Path(__file__).parent / "study.typ"


def pdf(study: Study, *, utility: str) -> bytes:
    """Raises CannotCompile where the fonts are not there."""
    dated = datetime.combine(study.made_at.date(), time(), UTC)
    return compile_document(TEMPLATE, json.dumps(content(study, utility)), dated=dated)


def content(study: Study, utility: str) -> dict[str, Any]:
    """The words and figures of the document, as they are printed."""
    whole, found = summary.whole(study), study.result
    checked = f"{found['checked']} years were priced by the second calculator too; {found['differing']} differ."
    return {
        "title": f"Rate study: {study.name}", "utility": utility,
        "about": f"{study.schedule.code} {study.schedule.name}. {study.get_scope_display()}, bills of the twelve months"
                 f" before {study.until:%B %Y}, at the rates in force on {study.made_at:%B %-d, %Y}.",
        "finding": f"{found['priced']:,} customers would pay {whole.proposed} instead of {whole.present} a year: a"
                   f" change of {whole.change}{_percent(whole)}.",
        "parts": [part for part in _parts(study) if part["rows"]],
        "basis": f"{found['bills']:,} bills of {found['customers']:,} customers;"
                 f" {found['customers'] - found['priced']:,} customers could not be priced. {checked}"
                 f" Tariff SHA-256 {study.source_id}.",
    }  # fmt: skip


def _parts(study: Study) -> list[dict[str, Any]]:
    typical = study.result["typical"]
    return [
        _part("By class", ("Class", "Customers", "Present", "Proposed", "Change", "%"),
              ((r.label, f"{r.count:,}", *_beside(r)) for r in summary.classes(study))),
        _part("By month", ("Month", "Present", "Proposed", "Change", "%"),
              ((r.label, *_beside(r)) for r in summary.months(study))),
        _part("Winners and losers", ("Change of the year's bills", "Customers", "Together"),
              ((b.label, f"{b.count:,}", _money(b.change)) for b in summary.bands(study))),
        _part("By assistance", ("Customers", "Number", "Present", "Proposed", "Change", "%", "5% more or over"),
              ((r.label, f"{r.count:,}", *_beside(r), f"{r.more:,}") for r in summary.assistance(study))),
        _part("A typical year", ("Line", "Present", "Proposed", "Change", "%"),
              ((r.label, *_beside(r)) for r in summary.typical_lines(study)),
              f"The customer in the middle by use, {int(typical['kwh']):,} kWh." if typical else ""),
    ]  # fmt: skip


def _part(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]], sentence: str = "") -> dict[str, Any]:
    return {"title": title, "head": list(head), "rows": [list(row) for row in rows], "sentence": sentence}


def _beside(row: Beside) -> tuple[str, str, str, str]:
    return _money(row.present), _money(row.proposed), _money(row.change), _percent(row, bare=True)


def _money(amount: Money) -> str:
    return str(amount).replace("-", "\u2212")


def _percent(row: Beside, *, bare: bool = False) -> str:
    if row.percent is None:
        return ""
    return f"{row.percent:+.1f}" if bare else f" ({row.percent:+.1f}%)"
