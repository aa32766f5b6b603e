"""A tariff file told again with the hours in which the system peaked on other days; the rest stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from lamplighter.kernel.periods import Period

HEADER = re.compile(r"\s*\[\[?\s*([\w.\s-]+?)\s*\]\]?\s*(#.*)?$")
OF_ITS_DAYS = re.compile(r"\s*(valid_from|valid_to|adopted_by)\s*=")


def with_peak_hours(text: str, *, hours: Sequence[str], known: Period, told_by: str) -> str:
    """`[calendar.peak_hours]` with these hours of these days instead of its own, and valid from the first of them."""
    return "\n".join(_lines(text, hours, known, told_by)) + "\n"


def _lines(text: str, hours: Sequence[str], known: Period, told_by: str) -> Iterator[str]:
    inside = ""
    for line in text.splitlines():
        if header := HEADER.match(line):
            inside = header[1].replace(" ", "")
            yield line
            if inside == "tariff":
                yield f"valid_from = {known.start}"
            elif inside == "calendar.peak_hours":
                yield f"from = {known.start}"
                yield f"until = {known.end}"
                yield f"hours = {json.dumps(list(hours), ensure_ascii=False)}"
                yield f"told_by = {json.dumps(told_by, ensure_ascii=False)}"
                yield ""
        elif inside != "calendar.peak_hours" and not (inside == "tariff" and OF_ITS_DAYS.match(line)):
            yield line
