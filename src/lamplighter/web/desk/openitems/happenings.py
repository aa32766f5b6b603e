"""What the timeline says of matches by hand, and of how an account is aged."""

from __future__ import annotations

from lamplighter.credit.rules.matching import Style
from lamplighter.web.desk import sentences as say
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import MONEY, Wording
from lamplighter.web.ui.parts import Tone

tell({
    "credit.item.matched": Wording(
        "Open items", Tone.INFO, MONEY, lambda d, _: f"{say.money(d)} pays bill {d.get('bill')}, by hand"
    ),
    "credit.item.unmatched": Wording(
        "Open items", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} pays bill {d.get('bill')} no more"
    ),
    "credit.ageing.set": Wording(
        "Open items", Tone.INFO, MONEY, lambda d, _: f"Aged from now on: {Style(d['style']).label.lower()}"
    ),
})  # fmt: skip
