"""The elements of ESPI as values: times, whole numbers, qualities, reading types; and what is wrong with them."""

from __future__ import annotations

from typing import Any

from lamplighter.formats.digits import mantissa, number
from lamplighter.formats.espi.atom import Reading, ReadingType
from lamplighter.formats.espi.codes import QUALITIES, worst_quality

INT48 = 1 << 47
MILLISECONDS = 10_000_000_000  # no second of this age is counted in seconds before the year 2286


class Wrong(Exception):
    """An element that makes its reading useless."""

    def __init__(self, field: str, message: str, remedy: str = "Ask the sender for it again.") -> None:
        super().__init__(message)
        self.field, self.message, self.remedy = field, message, f"The reading is left out. {remedy}"


def reading_of(element: Any) -> Reading:
    """Raises Wrong."""
    start = seconds = value = cost = None
    qualities: list[int] = []
    for child in element:
        match local(child.tag):
            case "timePeriod":
                start, seconds = _period(child)
            case "value":
                value = _exact(child.text)
            case "cost":
                cost = _integer(child.text, "cost") if (child.text or "").strip() else None
            case "ReadingQuality":
                qualities += _qualities(child)
    return Reading(start, seconds, value, cost, worst_quality(qualities) if qualities else None)


def type_of(element: Any) -> ReadingType:
    """What is no number in it is as good as not there: what is missing is noticed where it is needed."""
    said = {local(child.tag): whole(child.text) for child in element}
    return ReadingType(
        accumulation=said.get("accumulationBehaviour"),
        commodity=said.get("commodity"),
        currency=said.get("currency"),
        flow=said.get("flowDirection"),
        interval=said.get("intervalLength"),
        power=said.get("powerOfTenMultiplier"),
        uom=said.get("uom"),
        quality=said.get("defaultQuality"),
    )


def block_start(element: Any) -> int | None:
    """The start of an IntervalBlock's `interval`."""
    return whole(next((child.text for child in element if local(child.tag) == "start"), None))


def service_of(element: Any) -> int | None:
    """The kind of a UsagePoint's ServiceCategory."""
    return whole(next((child.text for child in element.iter("{*}kind")), None))


def local(tag: Any) -> str:
    """A tag without its namespace; entity references have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def whole(text: str | None) -> int | None:
    """A whole number of at most 48 bits, or None."""
    try:
        value = int(text or "") if len(text or "") < 40 else INT48
    except ValueError:
        return None
    return value if abs(value) < INT48 else None


def _period(element: Any) -> tuple[int, int]:
    said = {local(child.tag): child.text for child in element}
    start, seconds = _integer(said.get("start"), "start"), _integer(said.get("duration"), "duration")
    if start >= MILLISECONDS:
        raise Wrong("start", f"{start} is no time in seconds since 1970.", "It seems to be in milliseconds.")
    if seconds < 0:
        raise Wrong("duration", f"a duration of {seconds} seconds runs backwards.")
    return start, seconds


def _integer(text: str | None, field: str) -> int:
    """A whole number of at most 48 bits; `3600.0` is one too."""
    value = whole(text)
    if value is None:
        try:
            decimal = number(text or "")
        except ValueError as error:
            raise Wrong(field, f"{error}.") from None
        if decimal != decimal.to_integral_value():
            raise Wrong(field, f"{(text or '').strip()[:30]} is not whole.", "Seconds and costs are whole numbers.")
        value = int(decimal) if abs(decimal) < INT48 else INT48
    if abs(value) >= INT48:
        raise Wrong(field, f"{(text or '').strip()[:30]} is out of range.")
    return value


def _exact(text: str | None) -> tuple[int, int] | None:
    if not (text or "").strip():
        return None
    value = whole(text)
    if value is not None:
        return value, 0
    try:
        return mantissa(number(text or ""))
    except ValueError as error:
        raise Wrong("value", f"{error}.") from None


def _qualities(element: Any) -> list[int]:
    """Senders write the code in `quality`, or right into ReadingQuality."""
    texts = [child.text for child in element if local(child.tag) == "quality"] or [element.text]
    codes = [whole(text) for text in texts if (text or "").strip()]
    wrong = [code for code in codes if code not in QUALITIES]
    if wrong:
        raise Wrong("quality", "a quality is none of NAESB's codes.", "They are 0 and 7 to 19.")
    return [code for code in codes if code is not None]
