"""What the timeline says of confidential addresses. It never says the address."""

from __future__ import annotations

from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import SERVICE, Wording
from lamplighter.web.ui.parts import Tone

tell({
    "customers.address.protected": Wording("Address", Tone.WATCH, SERVICE, lambda _d, _o: "Address made confidential"),
    "customers.address.opened": Wording("Address", Tone.INFO, SERVICE, lambda _d, _o: "Address shown again"),
    "premises.address.told": Wording(
        "Address", Tone.NOTICE, SERVICE, lambda _d, _o: "Confidential address seen"),
})  # fmt: skip
