"""Every published fact that was collected for the shipped utilities is in their books, or named as not expressed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.tariffs.working import BOOKS

FACTS: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "facts.toml").read_text(encoding="utf-8"))
ABOUT = {"id", "confidence"}  # of the collection itself, not of a rate
NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+|\d*\.\d+|\d+")


def text_of(fact: dict[str, Any]) -> str:
    """The books that an entry names, without their worked bills."""
    return "\n".join(
        (BOOKS / f"{book}.toml").read_text(encoding="utf-8").split("[[bill]]")[0] for book in fact["books"]
    )


def numbers_in(text: str) -> set[Decimal]:
    return {Decimal(found.replace(",", "")) for found in NUMBER.findall(text)}


def figures_of(fact: dict[str, Any]) -> set[Decimal]:
    """Numbers of the books as they stand, as cents and as percentages; comments are not figures."""
    said = re.sub(r"^#.*$|(?<=\d)    #.*$", "", text_of(fact), flags=re.MULTILINE)
    found = numbers_in(said)
    return found | {each / 100 for each in found} | {each * 100 for each in found}


def leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from leaves(inner, (*path, name))
        case list():
            for i, inner in enumerate(value):
                yield from leaves(inner, (*path, str(i)))
        case _:
            yield " > ".join(path), value


def entry_of(path: str, value: Any) -> dict[str, Any] | None:
    """A text's own entry; a number's, or that of the nearest table above it."""
    if isinstance(value, str):
        return FACTS.get(path)
    above = path.split(" > ")
    tables = (" > ".join(above[:i]) for i in range(len(above), 0, -1))
    return next((FACTS[table] for table in tables if table in FACTS), None)


@pytest.fixture(scope="session")
def collected(shared) -> dict[str, Any]:
    """Every fact of the collection by its path, numbers exact."""
    text = (shared / "data" / "tariffs_facts.json").read_text(encoding="utf-8")
    tariffs = json.loads(text, parse_float=Decimal, parse_int=Decimal)["tariffs"]
    found = dict(leaf for tariff in tariffs for leaf in leaves(tariff, (tariff["id"],)))
    return {path: value for path, value in found.items() if path.split(" > ")[-1] not in ABOUT}


@pytest.mark.corpus
def test_every_fact_is_used_or_named_as_not_expressed(collected):
    unaccounted = [path for path, value in collected.items() if entry_of(path, value) is None]
    assert unaccounted == []


@pytest.mark.corpus
def test_every_number_is_a_figure_of_the_books_that_use_it(collected):
    missing = []
    for path, value in collected.items():
        entry = entry_of(path, value) or {"books": []}
        numbers = numbers_in(value) if isinstance(value, str) else {abs(value)}
        lacking = numbers - figures_of(entry) - {Decimal(each) for each in entry.get("numbers", [])}
        missing += [f"{path}: {', '.join(map(str, sorted(lacking)))}"] if lacking else []
    assert missing == []


@pytest.mark.corpus
def test_no_entry_is_of_a_fact_that_is_not_there(collected):
    assert [path for path in FACTS if not any(f"{fact} > ".startswith(f"{path} > ") for fact in collected)] == []


@pytest.mark.parametrize("path", FACTS)
def test_the_books_say_what_they_are_said_to_say(path):
    fact = FACTS[path]
    text = text_of(fact)
    wanted = [*fact.get("words", []), *filter(None, [fact.get("named")])]
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize("path", [path for path, fact in FACTS.items() if "not_expressed" in fact or "named" in fact])
def test_what_is_not_expressed_has_a_reason_and_is_named(path):
    assert FACTS[path]["not_expressed"]
    assert FACTS[path]["named"]
