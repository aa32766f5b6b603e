"""The smallest pieces of HTML: an icon, a badge, a time."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lamplighter.web.ui import wording
from lamplighter.web.ui.parts import Badge, Tone

TONES = {
    Tone.PLAIN: "bg-secondary-lt", Tone.GOOD: "bg-green-lt", Tone.INFO: "bg-blue-lt", Tone.METER: "bg-azure-lt",
    Tone.NOTICE: "bg-orange-lt", Tone.WATCH: "bg-yellow-lt", Tone.BAD: "bg-red-lt",
}  # fmt: skip


SPRITE = "vendor/icons/icons.svg"  # tools/assets.py says which icons are in it
SYMBOL = re.compile(r'<symbol id="([\w-]+)"([^>]*)>(.*?)</symbol>', re.DOTALL)


def icon(name: str) -> SafeString:
    """An outline icon, silent for screen readers: a word always stands beside it.

    It is drawn in the page: a page's dozen icons are a tenth of the sprite. Raises KeyError for an unknown name.
    """
    attributes, drawing = icons()[name]
    return mark_safe(f'<svg class="icon" aria-hidden="true"{attributes}>{drawing}</svg>')  # noqa: S308 - our own sprite


@cache
def icons() -> dict[str, tuple[str, str]]:
    """Attributes and drawing of each icon in the sprite."""
    found = finders.find(SPRITE)
    assert isinstance(found, str), f"{SPRITE} is not there: run `make setup`"
    return {name: (attributes, drawing) for name, attributes, drawing in SYMBOL.findall(Path(found).read_text())}


def badge(shown: Badge) -> SafeString:
    if shown.url:
        return format_html('<a class="badge {}" href="{}">{}</a>', TONES[shown.tone], shown.url, shown.text)
    return format_html('<span class="badge {}">{}</span>', TONES[shown.tone], shown.text)


def time_tag(at: datetime | date, shown: str) -> SafeString:
    """The shown words with the exact time for machines and for whoever points at them."""
    exact = wording.moment(at) if isinstance(at, datetime) else wording.day(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact, shown)
