"""The tokens in the links of letters: signed here, so that nobody can make one up, and saying no name."""

from __future__ import annotations

from django.core import signing

SALT = "outreach.reply"


def token_of(kind: str, campaign: int, person: int) -> str:
    """The same for the same letter, so that a preview and the letter agree."""
    return signing.Signer(salt=f"{SALT}.{kind}").sign(f"{campaign}-{person}")


def read_token(kind: str, token: str) -> tuple[int, int] | None:
    """Campaign and person of a token of that kind; None of anything else."""
    try:
        said = signing.Signer(salt=f"{SALT}.{kind}").unsign(token)
    except signing.BadSignature:
        return None
    campaign, _, person = said.partition("-")
    return int(campaign), int(person)
