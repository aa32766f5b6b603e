"""What a page says."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse


def wording(answer: HttpResponse) -> str:
    """The words of a page without its head and menu, or of a part of one: what an assertion shows."""
    page = answer.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[max(page.find("<main"), 0) :])).split())
