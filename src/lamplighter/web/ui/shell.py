"""What every staff page's shell shows: where one can go, what waits, who one is, and how one likes it.

Other faces hang their figures on it: `@counter("work")` for a number on the rail, `@chip` for a word in the top bar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from lamplighter.platform.access import ROLES
from lamplighter.web.ui.parts import Badge
from lamplighter.web.ui.rail import OpenArea, Place, area_of, open_areas
from lamplighter.web.visits import Visit, visit

KEYS_COOKIE = "keys"  # "prefix": this browser's shortcuts follow a semicolon
FIND = "find"  # the URL name of the endpoint that the palette asks (docs/ui.md)

_counters: dict[str, Callable[[Visit], int]] = {}
_chips: list[Callable[[Visit], Badge | None]] = []


def counter(name: str) -> Callable[[Callable[[Visit], int]], Callable[[Visit], int]]:
    """Register the number beside a rail item: `@counter("work") def waiting(visit): ...`."""

    def register(count: Callable[[Visit], int]) -> Callable[[Visit], int]:
        assert name not in _counters, f"{name} is counted twice"
        _counters[name] = count
        return count

    return register


def chip(make: Callable[[Visit], Badge | None]) -> Callable[[Visit], Badge | None]:
    """Register a word in the top bar, such as the state of one's drawer; None shows nothing."""
    _chips.append(make)
    return make


@dataclass(frozen=True, slots=True)
class Shell:
    """The shell of one page for one person."""

    visit: Visit
    areas: tuple[OpenArea, ...]
    area: OpenArea | None
    path: str
    counts: dict[str, int]
    chips: tuple[Badge, ...]
    roles: tuple[str, ...]
    theme: str
    keys: str
    find_url: str
    session_seconds: int

    @property
    def here(self) -> Place | None:
        """The rail item that this page lies below: the longest address that begins this one's."""
        return self.area.at(self.path) if self.area else None

    @property
    def elsewhere(self) -> tuple[OpenArea, ...]:
        """The other areas that are open to this person."""
        return tuple(area for area in self.areas if self.area is None or area.prefix != self.area.prefix)

    @property
    def waiting(self) -> tuple[tuple[Place, int], ...]:
        """What waits for this person, in whichever area: a page once, with how much."""
        found: dict[str, tuple[Place, int]] = {}
        for place in (place for area in self.areas for place in area.places):
            if count := self.counts.get(place.count):
                found.setdefault(place.url, (place, count))
        return tuple(found.values())


def shell(request: HttpRequest) -> Shell:
    """Everything the shell needs, asked before any template renders."""
    asking = visit(request)
    areas = open_areas(asking.permissions)
    return Shell(
        visit=asking,
        areas=areas,
        area=area_of(request.path, areas),
        path=request.path,
        counts=_counts(asking, areas),
        chips=tuple(badge for make in _chips if asking.is_staff and (badge := make(asking))),
        roles=tuple(ROLES[role].label for role in sorted(asking.roles) if role in ROLES),
        theme=asking.user.theme if asking.user else "system",
        keys=_keys(request, asking),
        find_url=_find_url() if asking.is_staff else "",
        session_seconds=int(getattr(request, "session_seconds", 0)) if asking.user else 0,
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Fragments that htmx asks for carry no shell, so it is made for whole pages only."""
    found: dict[str, Any] = {
        "utility": settings.UTILITY_NAME,
        "demo": settings.DEMO,
        "sign_on": settings.SIGN_ON.name if settings.SIGN_ON else "",
    }
    if not hasattr(request, "user"):  # a page about a request that failed before anybody was known
        return found
    found["visit"] = visit(request)
    if not request.headers.get("HX-Request"):
        found["shell"] = _cached(request)
    return found


def _cached(request: HttpRequest) -> Shell:
    known = getattr(request, "_shell", None)
    if known is None:
        known = shell(request)
        request._shell = known  # type: ignore[attr-defined]
    assert isinstance(known, Shell)
    return known


def _counts(asking: Visit, areas: tuple[OpenArea, ...]) -> dict[str, int]:
    shown = {place.count for area in areas for place in area.places if place.count}
    return {name: _counters[name](asking) for name in sorted(shown & _counters.keys())}


def _keys(request: HttpRequest, asking: Visit) -> str:
    if asking.user is None or not asking.is_staff:
        return "off"
    if asking.user.single_keys:
        return "single"
    return "prefix" if request.COOKIES.get(KEYS_COOKIE) == "prefix" else "off"


def _find_url() -> str:
    try:
        return reverse(FIND)
    except NoReverseMatch:
        return ""
