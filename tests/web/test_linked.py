"""Every page and act can be reached: some page, menu or mail of the program leads to it."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import get_resolver
from django.urls.resolvers import URLResolver

SOURCE = Path(__file__).parents[2] / "src/lamplighter"
OTHERS_CALL = {"api", "hooks", "network"}
"""Faces for other programs: their addresses are told in the documentation and to the other side."""
TYPED = {"health", "gallery"}
"""What a person or a monitor opens by its address."""


def names(resolver=None, space=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, entry.namespace or space)
        elif entry.name:
            yield space, entry.name, str(getattr(entry.callback, "__module__", ""))


def led_to():
    """Names that stand in quotes, and those that a file puts together: f"desk:do-{act}", with the act in quotes."""
    found = set()
    for file in SOURCE.rglob("*"):
        if file.suffix in {".py", ".html"} and file.name != "urls.py":
            text = file.read_text()
            said = set(re.findall(r"""["'](?:[a-z-]+:)?([a-z0-9-]+)["']""", text))
            begun = set(re.findall(r"""["'](?:[a-z-]+:)?([a-z0-9-]*-)\{""", text))
            found |= said | {one + rest for one in begun for rest in said}
    return found


def test_every_page_is_led_to():
    led = led_to()
    ours = [
        f"{space}:{name}" if space else name
        for space, name, module in names()
        if module.startswith("lamplighter.web") and space not in OTHERS_CALL and name.split("-")[0] not in TYPED
    ]
    assert len(ours) > 500
    lost = [one for one in ours if one.split(":")[-1] not in led]
    assert not lost, " ".join(lost)
