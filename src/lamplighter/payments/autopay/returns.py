"""What each return and notification of change asks for (Nacha Operating Rules; docs/algorithms/autopay.md). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stdnum.us import rtn

from lamplighter.payments.autopay.banks import Bank


class Group(StrEnum):
    """The three rates of returns that are watched count these."""

    UNAUTHORIZED = "unauthorized"
    ADMINISTRATIVE = "administrative"
    OTHER = "other"


class Then(StrEnum):
    """What becomes of the authorization."""

    GOES_ON = "goes-on"
    HELD = "held"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Handling:
    """What a return asks for. `reverses`: the payment is undone; `fee`: with the fee of a returned item; `blocks`: the
    bank account is not used again; `retries`: it may be presented again; `corrects`: another entry may put it right;
    `asks`: a person is told, with these words.
    """

    means: str
    group: Group = Group.OTHER
    reverses: bool = True
    fee: bool = False
    then: Then = Then.GOES_ON
    blocks: bool = False
    retries: bool = False
    corrects: bool = False
    asks: str = ""


NO_FUNDS = "Call the customer. It may be presented again, at most twice within 180 days."
GONE = "AutoPay is off and the bank account is blocked. Ask the customer for another."
REVOKED = "AutoPay is off. Nothing is drawn again without a new authorization."
CORRECT_WITHIN_DAYS = 60
CORRECT = (
    f"AutoPay is off. What was wrong may be corrected and drawn once more within {CORRECT_WITHIN_DAYS} days, on the "
    "same authorization."
)
FROZEN = "Find out what happened before the next draft; AutoPay is held."

TABLE: dict[str, Handling] = {
    "R01": Handling("insufficient funds", fee=True, retries=True, asks=NO_FUNDS),
    "R09": Handling("uncollected funds", fee=True, retries=True, asks=NO_FUNDS),
    **{
        code: Handling(means, group, then=Then.ENDS, blocks=True, asks=GONE)
        for code, means, group in (
            ("R02", "account closed", Group.ADMINISTRATIVE),
            ("R03", "no account found", Group.ADMINISTRATIVE),
            ("R04", "invalid account number", Group.ADMINISTRATIVE),
            ("R13", "invalid routing number", Group.OTHER),
            ("R20", "not a transaction account", Group.OTHER),
        )
    },
    **{
        code: Handling(means, Group.UNAUTHORIZED, then=Then.ENDS, asks=REVOKED)
        for code, means in (
            ("R05", "unauthorized debit to a consumer account"),
            ("R07", "authorization revoked"),
            ("R10", "customer says it was not authorized"),
            ("R29", "corporate customer says it was not authorized"),
        )
    },
    "R11": Handling(
        "not in accordance with the terms", Group.UNAUTHORIZED, then=Then.ENDS, corrects=True, asks=CORRECT
    ),
    "R08": Handling("payment stopped", then=Then.HELD, asks="AutoPay is held. Ask the customer whether it goes on."),
    "R12": Handling("branch sold to another bank", then=Then.HELD, asks=FROZEN),
    "R14": Handling("representative payee deceased", then=Then.HELD, asks=FROZEN),
    "R15": Handling("account holder deceased", then=Then.HELD, asks=FROZEN),
    "R16": Handling("account frozen", then=Then.HELD, asks=FROZEN),
    "R51": Handling("re-presented check not eligible", Group.UNAUTHORIZED, asks="Look at it with the bank."),
}
DATA = Handling("format or data", asks="The entry itself was wrong. Find out why, mend it, and draw it again by hand.")
DISPUTED = Handling("between banks", reverses=False, asks="A dishonoured or contested return: settle it with the bank.")
BETWEEN_BANKS = frozenset({*range(61, 71), *range(71, 78)})


def handling_of(code: str) -> Handling:
    """The row of the table; every other code is a fault of data or format, or a matter between banks."""
    number = int(code[1:]) if code[1:].isdigit() else 0
    return TABLE.get(code) or (DISPUTED if number in BETWEEN_BANKS else DATA)


def correct_by(settled_on: date) -> date:
    """The last day for a corrected entry, after the day on which the return settled (Nacha Operating Rules, 2021)."""
    return settled_on + timedelta(CORRECT_WITHIN_DAYS)


def ends_authorization(code: str) -> bool:
    """Whether nothing may be drawn after it without new words of the customer's, not even a corrected entry."""
    how = handling_of(code)
    return how.then is Then.ENDS and not how.corrects


class CannotChange(ValueError):
    """A notification of change can't be applied by itself; the message says why."""


def changed(bank: Bank, code: str, corrected: str) -> Bank:
    """The bank account as a notification corrects it (C01 to C03, C05 to C07). Raises CannotChange for what is no
    change of it, or a number that can't be right."""
    text = corrected.ljust(29)
    match code:
        case "C01":
            found = Bank(bank.routing, text[:17].strip(), bank.savings)
        case "C02":
            found = Bank(text[:9], bank.number, bank.savings)
        case "C03":
            found = Bank(text[:9], text[12:29].strip(), bank.savings)
        case "C05":
            found = Bank(bank.routing, bank.number, _savings(text[:2]))
        case "C06":
            found = Bank(bank.routing, text[:17].strip(), _savings(text[20:22]))
        case "C07":
            found = Bank(text[:9], text[9:26].strip(), _savings(text[26:28]))
        case _:
            raise CannotChange(f"{code} does not change the bank account.")
    if not rtn.is_valid(found.routing) or not found.number or len(found.number) > 17:
        raise CannotChange(f"{code}: what the bank wrote is no bank account.")
    return found


def _savings(code: str) -> bool:
    if code[:1] not in {"2", "3"}:
        raise CannotChange(f"Transaction code {code!r} is neither of a checking nor of a savings account.")
    return code[0] == "3"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of debits that came back, and the most that Nacha allows before it looks into the originator."""

    name: str
    returned: int
    debits: int
    most: float

    @property
    def share(self) -> float:
        return self.returned / self.debits if self.debits else 0.0

    @property
    def over(self) -> bool:
        return self.share > self.most


LIMITS = (("Unauthorized", Group.UNAUTHORIZED, 0.005), ("Administrative", Group.ADMINISTRATIVE, 0.03),
          ("All returns", None, 0.15))  # fmt: skip
WATCHED_DAYS = 60


def rates(codes: dict[str, int], debits: int) -> tuple[Rate, ...]:
    """The three rates over the days that are watched: returns by code, against the debits of the same days."""
    return tuple(
        Rate(name, sum(n for code, n in codes.items() if group in {None, handling_of(code).group}), debits, most)
        for name, group, most in LIMITS
    )
