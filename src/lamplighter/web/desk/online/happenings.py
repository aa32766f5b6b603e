"""What the timeline says of sign-ins."""

from __future__ import annotations

from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import CONTACT, Wording
from lamplighter.web.ui.parts import Tone

tell({
    "platform.signin.unlocked": Wording("Online", Tone.NOTICE, CONTACT, lambda _d, _o: "Sign-in unlocked"),
})  # fmt: skip
