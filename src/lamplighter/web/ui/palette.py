"""The answer that the command palette expects: a listbox of matches, each with the reason why it matched.

@needs("accounts.view")
def find(request):
    return palette_options(request, [Match("Nguyen, Thi Hoa", url, why="phone")], more="")
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lamplighter.web.ui.parts import Match


def palette_options(
    request: HttpRequest, matches: Sequence[Match], *, heading: str = "", more: str = ""
) -> HttpResponse:
    """`heading` names what stands here before typing ("Recent"); `more` leads to a page with every match."""
    return render(request, "ui/palette/options.html", {"matches": matches, "heading": heading, "more": more})
