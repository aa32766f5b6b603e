"""Markdown as pages show it: CommonMark with tables, no HTML of its own, no pictures, headings below the page's own."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

PAGE_HEADINGS = 2
"""A page has a heading, a panel another: the first of a text is the third."""


def rendered(words: str) -> SafeString:
    """Markup that somebody typed stays words, and a link leads to http, https, mail or a page of ours or nowhere:
    that is the library's safe mode (docs: "js-default" has `html` off, and `validateLink` refuses scripts)."""
    tokens = _reader().parse(words)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + PAGE_HEADINGS, 6)}"
        elif token.type == "table_open":
            token.attrJoin("class", "table")
    shown: str = _reader().renderer.render(tokens, _reader().options, {})
    return mark_safe(shown)  # noqa: S308 - escaped by the library


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")
