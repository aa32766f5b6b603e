"""The words of a public page in its reader's language, from the template that the utility adopted for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.templates import adopted, content_of, sender
from lamplighter.notices.rules.fields import Value, written
from lamplighter.notices.rules.starter import starter_content
from lamplighter.notices.rules.wording import Content, Merge, Wording


@dataclass(frozen=True, slots=True)
class PageWords:
    """Never two languages mixed: one block missing in the reader's, and all is English."""

    content: Content
    wording: Wording
    standing: Mapping[str, str]

    @property
    def language(self) -> Language:
        return self.wording.language

    def say(self, values: Mapping[str, Value] | None = None) -> dict[str, str]:
        """Every block whose fields are given, by its name, with `_` for `-`: a template's name for it."""
        kinds = {field.name: field.type for field in self.content.fields}
        given = {name: written(value, kinds[name], self.language) for name, value in (values or {}).items()}
        known = dict(self.standing) | given
        blocks = ((name, Merge(self.wording.text(name))) for name in self.wording.printed)
        return {
            name.replace("-", "_"): text.substitute(known)
            for name, text in blocks
            if known.keys() >= set(text.get_identifiers())
        }


def page_words(code: str, language: str) -> PageWords:
    """Until the utility has adopted words of its own, those that come with the program, in English alone: the others
    are drafts."""
    template = adopted([code]).get((code, Channel.PAGE))
    content = content_of(template) if template else starter_content(code, Channel.PAGE)
    english = content.complete(Language.ENGLISH)
    assert english, f"{code} has no English wording"
    found = content.complete(Language(language)) if template else None
    return PageWords(content, found or english, sender().standing)
