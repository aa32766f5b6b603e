"""Names of rates and lines in a customer's language: looked up by what is kept, which stays as it is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from lamplighter.billing.queries.reading_names import Names, names_in
from lamplighter.kernel.actors import system
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.notices.rules.starter import starter_content
from lamplighter.notices.rules.wording import check_content
from tests.notices.conftest import AT

RATES = starter_content("rates", Channel.PAGE)
BOOK = resources.files("lamplighter.tariffs") / "books" / "marisol-bay-power"
OTHERS = [one for one in Language if one is not Language.ENGLISH]
SPANISH = Names(
    Language.SPANISH,
    {"Energy": "Energía", "summer": "verano", "Service, large": "Servicio grande", "days": "días", "month": "mes"},
)


def labels(table: Any) -> Iterator[str]:
    """Every label of a line and what is in it."""
    match table:
        case dict():
            yield from ([table["label"]] if "label" in table else [])
            for inner in table.values():
                yield from labels(inner)
        case list():
            for inner in table:
                yield from labels(inner)


def book() -> Iterator[str]:
    """What a bill by the demo city's rates may be told of: the rates, their lines, tiers, hours and seasons."""
    for file in BOOK.iterdir():
        if file.name.endswith(".toml"):
            tariff = tomllib.loads(file.read_text("utf-8"))
            yield tariff["tariff"]["name"]
            yield from labels(tariff["line"])
            calendar = tariff.get("calendar", {})
            yield from labels(calendar.get("clock", []))
            yield from (season["name"] for season in calendar.get("season", []))


def test_every_name_of_the_demo_citys_book_is_said_in_each_language():
    assert check_content(RATES) == ()
    english = RATES.complete(Language.ENGLISH)
    missing = set(book()) - {english.text(name) for name in english.printed}
    assert not missing
    assert all(RATES.complete(one) for one in OTHERS)


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Energy", "Energía"),
        ("Energy, summer", "Energía, verano"),
        ("Service, large, summer", "Servicio grande, verano"),
        ("Energy, winter", ""),
        ("Line extension", ""),
        ("", ""),
    ],
)
def test_a_label_is_told_part_by_part_or_not_at_all(label, told):
    assert SPANISH.of(label) == told


def test_chinese_has_a_comma_of_its_own():
    assert Names(Language.CHINESE_SIMPLIFIED, {"Energy": "电能", "summer": "夏季"}).of("Energy, summer") == "电能，夏季"


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("412 kWh × $0.14218", "412 kWh × $0.14218"),
        ("31 days × $0.50", "31 días × $0.50"),
        ("1 month × $14.50", "1 mes × $14.50"),
        ("7.5% of $196.10", "7.5% × $196.10"),
        ("120 kWh × $0.08 credited", "120 kWh × $0.08"),
        ("highest demand measured: 42.5 kW", ""),
        ("", ""),
    ],
)
def test_arithmetic_is_told_without_a_word_of_english(english, told):
    assert SPANISH.arithmetic(english) == told


def test_drafts_are_said_to_nobody_before_the_utility_adopts_them(db):
    town = system("demo-town")
    set_sender(utility="Marisol Bay Power", phone="", website="", office="", email="", by=town, at=AT)
    assert names_in("vi") == Names(Language.ENGLISH, {})
    load_starter_templates(by=town, at=AT, demo_town=True)
    assert names_in("vi").of("Energy, baseline") == "Điện năng, mức cơ bản"
    assert names_in("en").of("Energy") == ""
