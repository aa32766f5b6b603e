"""The page on which somebody who was invited chooses a first password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from lamplighter.platform.models import User


def first_password(user: User) -> str:
    """Its path, which opens for whoever has it until it is used or too old: to be handed over, never kept."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)
