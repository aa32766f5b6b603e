"""What the timeline says of grants and gifts."""

from __future__ import annotations

from lamplighter.programs.models import Grant
from lamplighter.programs.rules.giving import Way
from lamplighter.web.desk import sentences as say
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import MONEY, Wording
from lamplighter.web.ui.parts import Tone

tell({
    "programs.grant.asked": Wording(
        "Grant", Tone.INFO, MONEY, lambda d, _: f"{say.money(d)} of {d.get('fund')} asked for", link="Open"
    ),
    "programs.grant.shown": Wording("Grant", Tone.INFO, MONEY, lambda _d, _: "The agency's certificate came"),
    "programs.grant.ended": Wording(
        "Grant", Tone.GOOD, MONEY,
        lambda d, _: f"{say.money(d)} of {d.get('fund')}: {Grant.State(d['reason']).label.lower()}",
    ),
    "programs.gift.begun": Wording(
        "Gift", Tone.GOOD, MONEY, lambda d, _: f"Gives to {d.get('fund')}: {Way(d['way']).label.lower()}"
    ),
    "programs.gift.moved": Wording("Gift", Tone.GOOD, MONEY, lambda d, _: f"{say.money(d)} to {d.get('fund')}"),
    "programs.gift.ended": Wording("Gift", Tone.PLAIN, MONEY, lambda d, _: f"Gives to {d.get('fund')} no more"),
})  # fmt: skip
