"""Who comes from the utility's own identity provider: an existing login of ours, found once and then held to.

Nobody is created here, and nobody is given a role: an administrator adds logins, whatever the provider says. What the
provider tells of a person is not kept, but for the subject by which it knows them.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from lamplighter.platform.models import User
from lamplighter.platform.operations.users import link_login
from lamplighter.platform.transactions import unit_of_work


class Outside(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """How django-allauth treats what a provider says."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        told = _claims(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
            if sociallogin.user.kind != User.Kind.STAFF:
                _refuse(request)
            return
        user = _named(told)
        if user is None or SocialAccount.objects.filter(user=user).exists():
            _refuse(request)
        with unit_of_work(user.actor):
            sociallogin.connect(request, user)
            link_login(user=user, by=user.actor, at=timezone.now())


def _claims(data: dict[str, Any]) -> dict[str, Any]:
    """What the provider says, userinfo first; what its signed token says counts before it."""
    return {**(data.get("userinfo") or {}), **(data.get("id_token") or {})}


def _named(told: dict[str, Any]) -> User | None:
    """The one open login of staff that the configured claim names; an email only when the provider verified it."""
    assert settings.SIGN_ON is not None, "somebody came from a provider that is configured"
    claim = settings.SIGN_ON.claim
    value = told.get(claim)
    if not isinstance(value, str) or not value or (claim == "email" and told.get("email_verified") is not True):
        return None
    by = {"email__iexact": value} if claim == "email" else {"username__iexact": value}
    found = list(User.objects.filter(kind=User.Kind.STAFF, is_active=True, **by)[:2])
    return found[0] if len(found) == 1 else None


def _refuse(request: HttpRequest) -> NoReturn:
    raise ImmediateHttpResponse(render(request, "signin/unknown.html", {"title": "No login here"}, status=403))
