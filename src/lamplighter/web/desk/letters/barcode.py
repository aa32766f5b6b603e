"""The Intelligent Mail barcode of a letter, drawn for the window of its envelope (USPS-B-3200)."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lamplighter.formats.intelligentmail import encode, routing_of, tracking

PITCH, WIDE = 45, 20
"""Thousandths of an inch: 22 bars an inch, each 0.020 wide; the specification asks for 20 to 24 and 0.015 to 0.025."""
SPANS = {"F": (0, 145), "A": (0, 97), "D": (48, 97), "T": (48, 49)}
"""Of each bar, how far below the top it begins and how high it is: full 0.125 to 0.165, a tracker 0.039 to 0.057."""
HIGH, ACROSS = 145, 64 * PITCH + WIDE


def tracking_of(notice: int) -> str:
    """The 20 digits of a letter; "" where the utility has no mailer identifier. Letters count down from the end of its
    serials, bills on paper up from the start, so that the two do not meet."""
    if not settings.MAILER:
        return ""
    return tracking(service=settings.MAIL_SERVICE, mailer=settings.MAILER, serial=-notice)


def barcode(notice: int, address: Sequence[str]) -> SafeString:
    """As an SVG of its real size; "" where there is none."""
    digits = tracking_of(notice)
    if not digits:
        return SafeString("")
    words = address[-1].split() if address else []
    routing = routing_of(words[-1]) if words else ""
    bars = format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}"/>',
        ((place * PITCH, SPANS[bar][0], WIDE, SPANS[bar][1]) for place, bar in enumerate(encode(digits, routing))),
    )  # fmt: skip
    return format_html(
        '<svg class="imb" viewBox="0 0 {} {}" width="{}in" height="{}in" aria-hidden="true">{}</svg>',
        ACROSS, HIGH, ACROSS / 1000, HIGH / 1000, bars,
    )  # fmt: skip
