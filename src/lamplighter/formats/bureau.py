"""A credit bureau's wire format: segments of four letters, a length of three digits, and fields parted by `|`.

`NAME012ADA|B` is a segment of twelve characters. An inquiry and an answer begin with `HEAD` and end with `DONE`, which
counts the segments before it, so that a message that was cut off is never believed. ASCII; letters that it lacks are
written without their marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lamplighter.formats.refusals import Unreadable, refusal

TAG, LENGTH, LONGEST = 4, 3, 999
NAME_OF_FILE = "credit report"
MOST_FACTORS = 5


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Who is asked about, by which of our references, and why we may ask (FCRA 604(a)(3)(F): they want service)."""

    reference: str
    subscriber: str
    name: str
    address: str
    purpose: str = "604A3F"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bureau says. `score` is None where it knows nobody; `factors` are its reasons in its own words, the
    weightiest first; who it is stands in every answer, since a customer must be told."""

    reference: str
    bureau: str
    address: str
    phone: str
    score: int | None
    lowest: int
    highest: int
    factors: tuple[str, ...] = ()


def write_inquiry(asked: Inquiry) -> bytes:
    return written([
        ("HEAD", [asked.reference, asked.subscriber, asked.purpose]), ("NAME", [asked.name]), ("ADDR", [asked.address]),
    ])  # fmt: skip


def read_inquiry(data: bytes) -> Inquiry:
    """Raises Unreadable."""
    found = dict(segments(data))
    head, name, address = (_fields(found, tag, count) for tag, count in (("HEAD", 3), ("NAME", 1), ("ADDR", 1)))
    return Inquiry(head[0], head[1], name[0], address[0], head[2])


def write_answer(said: Answer) -> bytes:
    scored = [("SCOR", [str(said.score), str(said.lowest), str(said.highest)])] if said.score is not None else []
    none = [] if scored else [("NONE", [str(said.lowest), str(said.highest)])]
    return written([
        ("HEAD", [said.reference]), ("BURO", [said.bureau, said.address, said.phone]), *scored, *none,
        *(("FACT", [factor]) for factor in said.factors),
    ])  # fmt: skip


def read_answer(data: bytes) -> Answer:
    """Raises Unreadable: for an answer that is cut off, or without a score or the word that there is none."""
    parts = segments(data)
    found = {tag: fields for tag, fields in parts if tag != "FACT"}
    factors = tuple(fields[0] for tag, fields in parts if tag == "FACT" and fields)[:MOST_FACTORS]
    (reference,), (bureau, address, phone) = _fields(found, "HEAD", 1), _fields(found, "BURO", 3)
    if "NONE" in found:
        lowest, highest = (_number(each, "NONE") for each in _fields(found, "NONE", 2))
        return Answer(reference, bureau, address, phone, None, lowest, highest, factors)
    score, lowest, highest = (_number(each, "SCOR") for each in _fields(found, "SCOR", 3))
    if not lowest <= score <= highest:
        raise refusal("bureau.score", f"The score {score} is outside of {lowest} to {highest}.", file=NAME_OF_FILE,
                      field="SCOR", remedy="Ask the bureau.")  # fmt: skip
    return Answer(reference, bureau, address, phone, score, lowest, highest, factors)


def written(parts: Iterable[tuple[str, list[str]]]) -> bytes:
    rows = [_segment(tag, fields) for tag, fields in parts]
    return "".join((*rows, _segment("DONE", [str(len(rows))]))).encode("ascii")


def segments(data: bytes) -> list[tuple[str, list[str]]]:
    """Every segment before `DONE`, in order. Raises Unreadable."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise _broken("It is not ASCII.") from error
    found: list[tuple[str, list[str]]] = []
    at = 0
    while at < len(text):
        tag, size = text[at : at + TAG], text[at + TAG : at + TAG + LENGTH]
        if not (size.isdecimal() and tag.isalpha()) or int(size) < TAG + LENGTH or at + int(size) > len(text):
            raise _broken(f"At character {at + 1} no segment begins, or it is cut off.")
        fields = text[at + TAG + LENGTH : at + int(size)].split("|")
        at += int(size)
        if tag == "DONE":
            if fields != [str(len(found))] or at != len(text):
                raise _broken(f"DONE says {fields[0]} segments; {len(found)} came.")
            return found
        found.append((tag, fields))
    raise _broken("It does not end with DONE.")


def _segment(tag: str, fields: list[str]) -> str:
    content = "|".join(_plain(field) for field in fields)[: LONGEST - TAG - LENGTH]
    return f"{tag}{TAG + LENGTH + len(content):03}{content}"


def _plain(text: str) -> str:
    marked = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(marked.replace("|", " ").split())


def _fields(found: dict[str, list[str]], tag: str, count: int) -> list[str]:
    fields = found.get(tag, [])
    if len(fields) != count:
        raise _broken(f"{tag} has {len(fields)} fields, not {count}.")
    return fields


def _number(text: str, tag: str) -> int:
    if not text.isdecimal():
        raise _broken(f"{tag} has {text!r} where a number was expected.")
    return int(text)


def _broken(message: str) -> Unreadable:
    return refusal("bureau.format", message, file=NAME_OF_FILE, remedy="Ask again; if it comes so again, the bureau.")
