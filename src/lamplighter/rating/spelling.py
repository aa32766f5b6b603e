"""“Did you mean ...?” for a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word, or all of them where none is near."""
    words = sorted(set(known))
    close = get_close_matches(word, words, 1, 0.6)
    if close:
        return f"Did you mean “{close[0]}”?"
    return f"Known: {', '.join(words)}." if words else ""
