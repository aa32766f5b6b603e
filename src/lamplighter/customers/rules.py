"""How names and numbers of people are written and compared. Pure."""

from __future__ import annotations

import re

from lamplighter.notices.channels import BadAddress, Channel, checked_address


class CannotRecord(Exception):
    """A name or number is refused; the message is fit to be read aloud."""


def e164(text: str) -> str:
    """A US or international telephone number as +15105550142. Raises CannotRecord."""
    digits = re.sub(r"[^\d+]", "", text)
    if digits.startswith("+") and 8 <= len(digits) - 1 <= 15:
        return digits
    digits = digits.lstrip("+")
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != 10 or digits[0] in "01" or digits[3] in "01":
        raise CannotRecord(f"{text} is not a telephone number. Give ten digits, such as (510) 555-0142.")
    return f"+1{digits}"


def shown(number: str) -> str:
    """(510) 555-0142 from +15105550142; other countries' numbers as they are."""
    if len(number) == 12 and number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def sort_name(given: str, family: str) -> str:
    return f"{family}, {given}" if given else family


def names_in(sort_name: str) -> tuple[str, str]:
    """Given and family name: ("Thi Hoa", "Nguyen") from "Nguyen, Thi Hoa"."""
    family, _, given = sort_name.partition(", ")
    return given, family


def checked_email(text: str) -> str:
    """An address that notices can go to, its domain in small letters. Raises CannotRecord."""
    try:
        (email,) = checked_address(Channel.EMAIL, (text,))
    except BadAddress:
        raise CannotRecord(f"{text} is not an email address. Give one such as name@example.net.") from None
    return email
