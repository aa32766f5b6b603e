"""What timelines say of announcements."""

from __future__ import annotations

from lamplighter.outreach.models import Confirmation
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import CONTACT, Wording
from lamplighter.web.ui.parts import Tone

HOW = {one.value: one.label.lower() for one in Confirmation.How}
tell({
    "outreach.announcement.confirmed": Wording(
        "Notice", Tone.GOOD, CONTACT, lambda d, _: f"“{d.get('title')}” confirmed {HOW.get(str(d.get('how')), '')}"
    ),
    "outreach.announcement.told_again": Wording(
        "Notice", Tone.NOTICE, CONTACT, lambda d, _: f"Told again by {d.get('channel')}: the first did not arrive"
    ),
})  # fmt: skip
