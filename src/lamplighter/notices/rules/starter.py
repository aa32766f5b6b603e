"""The templates that come with the program, as plain values: one file each in the folder `starter`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.rules.fields import Field, FieldType
from lamplighter.notices.rules.wording import Content, Translation, Wording

FOLDER = Path(__file__).parents[1] / "starter"


def starter_contents() -> list[Content]:
    """All of them, in the order of their names."""
    return [_content(tomllib.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.toml"))]


@cache
def starter_content(code: str, channel: Channel) -> Content:
    return _content(tomllib.loads((FOLDER / f"{code}.{channel}.toml").read_text("utf-8")))


def _content(data: dict[str, Any]) -> Content:
    return Content(
        data["code"],
        Channel(data["channel"]),
        data["title"],
        tuple(Field(name, FieldType(each["type"]), each["sample"]) for name, each in data.get("fields", {}).items()),
        tuple(_wording(Language(tag), dict(words)) for tag, words in data["words"].items()),
        data.get("basis", ""),
    )


def _wording(language: Language, words: dict[str, str]) -> Wording:
    translation = Translation(words.pop("translation"))
    return Wording(language, tuple(words.items()), translation)
