"""Start page, sign-in and the demo's cards. Of django-allauth's pages, those that a utility's people need."""

from __future__ import annotations

from django.urls import include, path

from lamplighter.web.access import ANYBODY, CLOSED, PUBLIC, declare_third_party
from lamplighter.web.signin.demo import cards, enter
from lamplighter.web.signin.sessions import keep
from lamplighter.web.signin.start import start

urlpatterns = [
    path("", start, name="start"),
    path("demo/", cards, name="demo"),
    path("demo/enter/", enter, name="demo-enter"),
    path("session/", keep, name="keep-session"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
]

declare_third_party(
    PUBLIC,
    "account_login", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate",
    "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "account_logout",  # signs out whoever is signed in; also leaves a half-finished sign-in
)  # fmt: skip
declare_third_party(
    ANYBODY,
    "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
)  # fmt: skip
declare_third_party(
    CLOSED,
    "account_signup",  # nobody signs up by themselves (adapter.Closed)
    "account_email", "account_email_verification_sent", "account_confirm_email", "account_confirm_login_code",
    "mfa_trust", "socialaccount_signup", "socialaccount_connections",
)  # fmt: skip
