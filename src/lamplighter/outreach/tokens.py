"""The tokens in the links of letters: signed here, so that nobody can make one up, and saying no name."""

from __future__ import annotations

from django.core import signing

SALT = "outreach.reply"


def token_of(kind: str, owner: int, of: int | str) -> str:
    """Of a letter's campaign or survey and what it is for: the same for the same letter, so that a preview and the
    letter agree."""
    return signing.Signer(salt=f"{SALT}.{kind}").sign(f"{owner}-{of}")


def read_token(kind: str, token: str) -> tuple[int, str] | None:
    """Campaign or survey of a token of that kind, and what it is for; None of anything else."""
    try:
        said = signing.Signer(salt=f"{SALT}.{kind}").unsign(token)
    except signing.BadSignature:
        return None
    owner, _, of = said.partition("-")
    return int(owner), of
