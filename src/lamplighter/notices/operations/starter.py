"""Load the templates that come with the program, for a utility to start from."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from lamplighter.kernel.actors import Actor, ActorKind, system
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Template
from lamplighter.notices.operations.templates import adopt, draft_template
from lamplighter.notices.rules.fields import Field, FieldType
from lamplighter.notices.rules.wording import Content, Translation, Wording
from lamplighter.platform.transactions import in_transaction

FOLDER = Path(__file__).parents[1] / "starter"
AUTHOR = system("starter-templates")


@in_transaction
def load_starter_templates(*, by: Actor, at: datetime, demo_town: bool = False) -> list[Template]:
    """Draft every starter template that the utility has no version of; what was drafted.

    In the demo town alone they are adopted at once, draft translations and all: nobody there is real.
    """
    assert not demo_town or by.kind is ActorKind.SYSTEM, "people adopt through an approval"
    drafted = []
    for content in starter_contents():
        if Template.objects.filter(code=content.code, channel=content.channel).exists():
            continue
        template = draft_template(content=content, by=AUTHOR, at=at)
        if demo_town:
            adopt(template, by=by, at=at)
        drafted.append(template)
    return drafted


def starter_contents() -> list[Content]:
    """The templates in the folder `starter`, one file each."""
    return [_content(tomllib.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.toml"))]


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
