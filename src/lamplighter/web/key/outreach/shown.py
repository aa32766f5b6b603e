"""Letters as pages show them before they go out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lamplighter.notices.queries.drafts import Draft


def letters(drafts: Iterable[Draft]) -> list[dict[str, Any]]:
    """The first sheet of each draft, for the template `key/outreach/letters.html`."""
    return [
        {"way": one.request.channel.label, "tag": sheet.language.value, "subject": sheet.subject, "body": sheet.body,
         "language": sheet.language.label, "notes": [str(note) for note in one.findings]}
        for one in drafts for sheet in one.rendered.sheets[:1]
    ]  # fmt: skip
