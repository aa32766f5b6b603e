"""What a template version says in each language, in blocks, and what is wrong with it before anyone adopts it.

The merge language is `{{ field }}` and nothing else: no conditions, no calls, no code. Words are plain text; whoever
puts them into a page or a letter escapes them as any other text.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from lamplighter.kernel.findings import Finding, Place
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.rules.fields import NAME, STANDING, Field, FieldType, check_values

SUBJECT, BODY = "subject", "body"
BLOCK_NAME = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)?")


class Merge(string.Template):
    """Text with `{{ field }}`s."""

    delimiter = "{{"
    flags = re.VERBOSE
    pattern = r"""
      \{\{ (?: [ ]*(?P<named>[a-z][a-z0-9_]*)[ ]*\}\} | (?P<escaped>(?!)) | (?P<braced>(?!)) | (?P<invalid>) )
    """  # type: ignore[assignment]  # typeshed wants it compiled already


class Translation(StrEnum):
    """ORIGINAL was written in that language; a DRAFT needs a certified translator before a utility adopts it."""

    ORIGINAL = "original"
    DRAFT = "draft"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class Wording:
    """The blocks in one language, in reading order: a text has `body`; the others `subject` and the rest.

    A block `why.estimate` is not printed: it is what the choice field `why` says when its value is `estimate`.
    """

    language: Language
    blocks: tuple[tuple[str, str], ...]
    translation: Translation

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.blocks)

    @property
    def printed(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if "." not in name)

    def text(self, block: str) -> str:
        return dict(self.blocks).get(block, "").strip()


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a template version says. The English wording is the measure of the others.

    `basis` cites the law that asks for the notice, where one does.
    """

    code: str
    channel: Channel
    title: str
    fields: tuple[Field, ...]
    wordings: tuple[Wording, ...]
    basis: str = ""

    @property
    def options(self) -> dict[str, tuple[str, ...]]:
        """The keys among which each choice field chooses, by the English wording."""
        english = self.wording(Language.ENGLISH)
        found: dict[str, tuple[str, ...]] = {}
        for name in english.names if english else ():
            choice, dot, key = name.partition(".")
            if dot:
                found[choice] = (*found.get(choice, ()), key)
        return found

    def wording(self, language: Language) -> Wording | None:
        return next((wording for wording in self.wordings if wording.language == language), None)

    def complete(self, language: Language) -> Wording | None:
        """The wording if it has every block of the English one, else None."""
        english, found = self.wording(Language.ENGLISH), self.wording(language)
        return found if english and found and all(found.text(block) for block in english.names) else None

    def rewritten(self, language: Language, wording: Wording | None) -> Content:
        """With these words in place of what the language had; None leaves the language out.

        When the English words change, no translation is certified any more: what was certified said something else.
        """
        kept = [each for each in self.wordings if each.language is not language]
        if language is Language.ENGLISH and wording != self.wording(language):
            kept = [replace(each, translation=Translation.DRAFT) for each in kept]
        order = list(Language)
        wordings = sorted([*kept, *([wording] if wording else [])], key=lambda each: order.index(each.language))
        return replace(self, wordings=tuple(wordings))


def check_content(content: Content) -> tuple[Finding, ...]:
    """What keeps a version from being drafted, each by its language and block; empty when nothing does.

    A block that another language lacks is allowed: it is being translated, and until then the notice goes in English.
    """
    english = content.wording(Language.ENGLISH)
    if english is None:
        return (_wrong(content, "en", "There is no English wording.", "Write it first: the others are checked by it."),)
    return (
        *_check_fields(content, english),
        *_check_blocks(content, english),
        *(finding for wording in content.wordings for finding in _check_wording(content, english, wording)),
    )


def _check_fields(content: Content, english: Wording) -> Iterator[Finding]:
    used = {name for _, text in english.blocks for name in Merge(text).get_identifiers()}
    for field in content.fields:
        if not NAME.fullmatch(field.name) or field.name in STANDING:
            yield _wrong(content, field.name, f"{field.name} can't be declared.", "Use another name, in small letters.")
        if field.name not in used:
            yield _wrong(content, field.name, f"{field.name} is declared and never used.", "Use it or take it out.")
        try:
            sample = {field.name: field.sample_value}
        except (ValueError, ArithmeticError):
            yield _wrong(content, field.name, f"The sample {field.sample!r} of {field.name} is no {field.type}.")
        else:
            yield from check_values([field], sample, content.options)


def _check_blocks(content: Content, english: Wording) -> Iterator[Finding]:
    names, printed = english.names, english.printed
    if content.channel is Channel.TEXT and printed != (BODY,):
        yield _wrong(content, "en", "A text message has one block, body.")
    if content.channel is not Channel.TEXT and (printed[:1] != (SUBJECT,) or len(printed) < 2):
        yield _wrong(content, "en", "A letter or an email begins with the block subject and has others.")
    for name in names:
        if not BLOCK_NAME.fullmatch(name) or names.count(name) > 1:
            yield _wrong(content, name, f"The block {name!r} is misnamed or named twice.")
        if not english.text(name):
            yield _wrong(content, f"en, {name}", "The English words are missing.")
    choices = {field.name for field in content.fields if field.type is FieldType.CHOICE}
    for choice, keys in content.options.items():
        if choice not in choices:
            yield _wrong(content, choice, f"{choice} is no choice field of this template.", "Declare it as one.")
        for key in keys:
            if choices & set(Merge(english.text(f"{choice}.{key}")).get_identifiers()):
                yield _wrong(content, f"en, {choice}.{key}", "What a choice says can't hold a choice.")


def _check_wording(content: Content, english: Wording, wording: Wording) -> Iterator[Finding]:
    known = {field.name for field in content.fields} | set(STANDING)
    for name, text in wording.blocks:
        where = f"{wording.language}, {name}"
        if name not in english.names:
            yield _wrong(content, where, f"English has no block {name!r}.")
        if not Merge(text).is_valid() or re.search(r"\{%|\{#|\{\{|\}\}", Merge(text).safe_substitute(_Blank())):
            yield _wrong(content, where, "Only {{ field }} is understood.", "Use a field's name in small letters.")
        if name == SUBJECT and len(text.strip().splitlines()) > 1:
            yield _wrong(content, where, "A subject is one line.")
        used, expected = set(Merge(text).get_identifiers()), set(Merge(english.text(name)).get_identifiers())
        for field in sorted(used - known):
            yield _wrong(content, where, f"{field} is not a field of this template.", "Declare it or correct the name.")
        for field in sorted(expected - used if text.strip() else ()):
            yield _wrong(content, where, f"{field} is missing here, and the English words have it.")
        for field in sorted((used & known) - expected):
            yield _wrong(content, where, f"{field} is said here, and the English words don't have it.")


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _wrong(content: Content, field: str, message: str, remedy: str = "") -> Finding:
    return Finding(
        "notices.wording", message, place=Place(f"{content.code} {content.channel}", field=field), remedy=remedy
    )
