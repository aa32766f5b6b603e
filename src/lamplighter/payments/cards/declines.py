"""What each decline of a card asks for: tried again later, held until the customer has another card, or ended. Pure.

The codes are those that Stripe publishes for issuers' answers; docs/algorithms/autopay.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Then(StrEnum):
    """What becomes of AutoPay."""

    AGAIN = "again"
    HELD = "held"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Decline:
    means: str
    then: Then


RETRY_AFTER = (3, 7)
"""Days from a decline to the next try; after the last one the bill is the customer's to pay in another way."""
EXPIRED = "expired_card"

TABLE: dict[str, Decline] = {
    "insufficient_funds": Decline("not enough money or credit", Then.AGAIN),
    "card_velocity_exceeded": Decline("over the card's limit", Then.AGAIN),
    "withdrawal_count_limit_exceeded": Decline("over the card's limit", Then.AGAIN),
    "try_again_later": Decline("the card's bank could not answer", Then.AGAIN),
    "issuer_not_available": Decline("the card's bank could not be reached", Then.AGAIN),
    "processing_error": Decline("an error on the way", Then.AGAIN),
    "generic_decline": Decline("declined without a reason", Then.AGAIN),
    "do_not_honor": Decline("declined without a reason", Then.AGAIN),
    EXPIRED: Decline("the card has expired", Then.HELD),
    "authentication_required": Decline("the card's bank wants its holder to confirm", Then.HELD),
    "card_not_supported": Decline("the card is not for such payments", Then.HELD),
    "incorrect_number": Decline("there is no such card", Then.ENDS),
    "invalid_account": Decline("the card's account is closed", Then.ENDS),
    "lost_card": Decline("reported lost", Then.ENDS),
    "stolen_card": Decline("reported stolen", Then.ENDS),
    "pickup_card": Decline("the card may not be used", Then.ENDS),
    "restricted_card": Decline("the card may not be used", Then.ENDS),
    "fraudulent": Decline("the card may not be used", Then.ENDS),
    "revocation_of_authorization": Decline("the holder took the authorization back", Then.ENDS),
    "revocation_of_all_authorizations": Decline("the holder took the authorization back", Then.ENDS),
    "stop_payment_order": Decline("the holder stopped the payment", Then.ENDS),
}
UNKNOWN = Decline("declined for a reason that is not known here", Then.HELD)
HOLDS = frozenset({one.means for one in (*TABLE.values(), UNKNOWN) if one.then is Then.HELD})
"""For what AutoPay is held until there is another card."""


def decline_of(code: str) -> Decline:
    return TABLE.get(code, UNKNOWN)


def tried_again_on(attempt: int, *, declined_on: date) -> date | None:
    """The day of the next try after the `attempt`-th (0 is the first); None where there is none."""
    return declined_on + timedelta(days=RETRY_AFTER[attempt]) if attempt < len(RETRY_AFTER) else None
