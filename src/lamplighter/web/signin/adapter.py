"""How sign-in behaves here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Closed(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: logins are added by an administrator or by proof of an account."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "This login and password do not match. Try again, or ask for a new password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False


def name_tried(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """The login that somebody tries, for the lock: the form calls it `login`, Django `username`, and letters may be
    large. Under one name a wrong password and the next try meet."""
    told = credentials or request.POST
    return (told.get("login") or told.get("username") or "").casefold()
