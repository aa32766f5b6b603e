"""Turn a template version and values into the words of one notice, in the reader's language or wholly in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.rules.fields import Field, FieldType, Value, check_values, written
from lamplighter.notices.rules.wording import BODY, SUBJECT, Content, Merge, Translation, Wording


class CannotRender(Exception):
    """Values are missing, unknown or of the wrong type; the message names each."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One language's words, never mixed with another's."""

    language: Language
    blocks: tuple[tuple[str, str], ...]

    @property
    def subject(self) -> str:
        return dict(self.blocks).get(SUBJECT, "")

    @property
    def body(self) -> str:
        """Everything but the subject, a blank line between blocks."""
        return "\n\n".join(text for name, text in self.blocks if name != SUBJECT)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of a notice. A letter in another language carries the English sheet behind it.

    `lines` tell in other languages that help is free: of the wanted language when the notice had to fall back to
    English, and of every language on an English letter.
    """

    wanted: Language
    sheets: tuple[Sheet, ...]
    lines: tuple[tuple[Language, str], ...] = ()
    draft_translation: bool = False

    @property
    def language(self) -> Language:
        return self.sheets[0].language

    @property
    def fallback(self) -> bool:
        return self.language != self.wanted


def render(
    content: Content,
    *,
    language: Language,
    values: Mapping[str, Value],
    standing: Mapping[str, str],
    line: Content | None,
) -> Rendered:
    """Compose the words. One block missing in `language`: everything goes in English, with that language's line.

    `standing` are the utility's own facts (fields.STANDING); `line` is the adopted language line, in all languages.
    Raises CannotRender with every missing, unknown and ill-typed value by name.
    """
    if findings := check_values(content.fields, values, content.options):
        raise CannotRender(" ".join(str(finding) for finding in findings))
    english = content.complete(Language.ENGLISH)
    assert english, f"{content.code} has no English wording"
    wording = content.complete(language) or english
    wordings = [wording, english] if content.channel is Channel.LETTER and wording is not english else [wording]
    sheets = tuple(_sheet(each, english.printed, content.fields, values, standing) for each in wordings)
    return Rendered(
        language,
        sheets,
        _lines(line, content.channel, language, standing) if wording is english else (),
        wording.translation is Translation.DRAFT,
    )


def _sheet(
    wording: Wording,
    blocks: tuple[str, ...],
    fields: tuple[Field, ...],
    values: Mapping[str, Value],
    standing: Mapping[str, str],
) -> Sheet:
    choices = [field.name for field in fields if field.type is FieldType.CHOICE]
    words = dict(standing) | {
        field.name: written(values[field.name], field.type, wording.language)
        for field in fields
        if field.name not in choices
    }
    chosen = {name: _merged(wording.text(f"{name}.{values[name]}"), words) for name in choices}
    return Sheet(wording.language, tuple((block, _merged(wording.text(block), words | chosen)) for block in blocks))


def _lines(
    line: Content | None, channel: Channel, wanted: Language, standing: Mapping[str, str]
) -> tuple[tuple[Language, str], ...]:
    if line is None:
        return ()
    first = [wanted] if wanted is not Language.ENGLISH else []
    others = [each for each in Language if each not in (wanted, Language.ENGLISH)] if channel is Channel.LETTER else []
    found = ((each, line.complete(each)) for each in first + others)
    return tuple((each, _merged(wording.text(BODY), standing)) for each, wording in found if wording)


def _merged(text: str, words: Mapping[str, str]) -> str:
    try:
        return Merge(text).substitute(words)
    except KeyError as missing:
        raise CannotRender(f"The utility's {missing.args[0]} is not set. Set the sender first.") from missing
