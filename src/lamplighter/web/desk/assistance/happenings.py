"""What agencies pledged, in words for the timeline."""

from __future__ import annotations

from lamplighter.credit.models import Pledge
from lamplighter.web.desk import sentences as say
from lamplighter.web.desk.wordings import MONEY, Wording
from lamplighter.web.ui.parts import Tone

ENDED = {one.value: one.label.lower() for one in Pledge.Outcome}
PLEDGES = {
    "credit.pledge.made": Wording(
        "Pledge", Tone.GOOD, MONEY, lambda d, _: f"{d.get('agency')} will pay {say.money(d)}: it counts at once"
    ),
    "credit.pledge.ended": Wording(
        "Pledge", Tone.PLAIN, MONEY,
        lambda d, _: f"{say.money(d)} of {d.get('agency')}: {ENDED.get(str(d.get('reason')), 'ended')}"
    ),
}  # fmt: skip
