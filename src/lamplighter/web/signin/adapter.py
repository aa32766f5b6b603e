"""How sign-in behaves here."""

from __future__ import annotations

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
