"""Sign-in through the utility's own identity provider (OpenID Connect), from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "LAMPLIGHTER_OIDC_"
CLAIMS = ("preferred_username", "email", "upn", "sub")
PROVIDER = "utility"
"""How the provider is named in addresses: /accounts/oidc/utility/login/callback/ is where it sends people back."""


@dataclass(frozen=True, slots=True)
class SignOn:
    """An identity provider; `claim` is its word for whom one of our logins belongs to."""

    issuer: str
    client: str
    secret: str
    name: str
    claim: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def provider(self) -> dict[str, Any]:
        """SOCIALACCOUNT_PROVIDERS of django-allauth."""
        app = {
            "provider_id": PROVIDER, "name": self.name, "client_id": self.client, "secret": self.secret,
            "settings": {"server_url": self.issuer.rstrip("/"), "uid_field": "sub"},
        }  # fmt: skip
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def sign_on(environment: Mapping[str, str]) -> SignOn | None:
    """None where no issuer is named. Raises ImproperlyConfigured for half a configuration."""
    issuer = environment.get(f"{PREFIX}ISSUER", "")
    if not issuer:
        return None
    client, secret = environment.get(f"{PREFIX}CLIENT_ID", ""), environment.get(f"{PREFIX}SECRET", "")
    if not client or not secret:
        raise ImproperlyConfigured(f"{PREFIX}ISSUER is set: set {PREFIX}CLIENT_ID and {PREFIX}SECRET too.")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise ImproperlyConfigured(f"{PREFIX}ISSUER must be an https address; {issuer} is not.")
    claim = environment.get(f"{PREFIX}CLAIM", CLAIMS[0])
    if claim not in CLAIMS:
        raise ImproperlyConfigured(f"{PREFIX}CLAIM is {claim}; it can be {', '.join(CLAIMS)}.")
    return SignOn(issuer, client, secret, environment.get(f"{PREFIX}NAME", "single sign-on"), claim)
