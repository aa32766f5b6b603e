"""What rates and lines of a bill are called in a customer's language.

The words stand in a template of the utility's (code `rates`), translated and adopted as all words to customers are, not
in the tariff: its text is what bills were priced with, known by its SHA-256, and says nothing new when a translator is
done. A kept label is looked up by its English parts, so that bills issued before are told too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.notices.languages import Language
from lamplighter.notices.queries.pages import page_words

RATES = "rates"
BETWEEN = ", "
UNITS = frozenset({"kWh", "kW", "kVA", "kvar", "kvarh"})
OF = re.compile(r"(?<=%) of (?=\$)")
WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Names:
    """By its English, what each name or part of one is called; nothing in English itself."""

    language: Language
    words: Mapping[str, str]

    def of(self, english: str) -> str:
        """A label such as "Energy, summer, baseline", part by part; "" where a part has no name here."""
        parts, found = english.split(BETWEEN), []
        while parts:
            taken = next((n for n in range(len(parts), 0, -1) if BETWEEN.join(parts[:n]) in self.words), 0)
            if not taken:
                return ""
            found.append(self.words[BETWEEN.join(parts[:taken])])
            parts = parts[taken:]
        return ("，" if self.language in CHINESE else BETWEEN).join(found)

    def arithmetic(self, english: str) -> str:
        """ "31 days × $0.50", "7.5% × $196.10"; "" where a word of it has no name here."""
        plain = OF.sub(" × ", english).removesuffix(" credited")
        known = {word: word if word in UNITS else self.words.get(word, "") for word in WORD.findall(plain)}
        return WORD.sub(lambda word: known[word[0]], plain) if all(known.values()) else ""


CHINESE = frozenset({Language.CHINESE_TRADITIONAL, Language.CHINESE_SIMPLIFIED})


def names_in(language: str) -> Names:
    """As the utility has adopted them; none before that, in English, or where a translation is not whole."""
    found = page_words(RATES, language)
    if found.language is Language.ENGLISH:
        return Names(Language.ENGLISH, {})
    english = found.content.wording(Language.ENGLISH)
    assert english is not None, "a page has English words"
    return Names(found.language, {english.text(name): found.wording.text(name) for name in english.printed})
