"""Django settings, all from the environment (docs/configuration.md)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from lamplighter.config.signon import sign_on
from lamplighter.config.state import secret_key, state_root

PACKAGE = Path(__file__).parents[1]
STATE = state_root()
TESTING = "PYTEST_VERSION" in os.environ
DEBUG = False
DEMO = os.environ.get("LAMPLIGHTER_DEMO") == "1"  # one-click sign-in; never on a real utility's data

SECRET_KEY = secret_key(STATE)
ALLOWED_HOSTS = os.environ.get("LAMPLIGHTER_HOSTS", "127.0.0.1,localhost").split(",")
DATA_KEYS = [key for key in os.environ.get("LAMPLIGHTER_DATA_KEYS", SECRET_KEY).split(",") if key]
SECURE = os.environ.get("LAMPLIGHTER_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

PUBLIC_URL = os.environ.get("LAMPLIGHTER_PUBLIC_URL", "").rstrip("/")  # as gateways know us; signatures cover it
MAIL_OUT = os.environ.get("LAMPLIGHTER_MAIL_OUT", "")  # smtp:// or smtps://; without one, mail becomes files
MAIL_IN = os.environ.get("LAMPLIGHTER_MAIL_IN", "")  # imaps://name:password@host/INBOX
LETTERS = os.environ.get("LAMPLIGHTER_LETTERS", "desk" if DEMO else "files")  # who prints: the desk, or a vendor
MAILER = os.environ.get("LAMPLIGHTER_MAILER", "901005550" if DEMO else "")  # the post's number of who mails; barcodes
MAIL_SERVICE = os.environ.get("LAMPLIGHTER_MAIL_SERVICE", "300")  # three digits from the post's table of service types
TEXTS_OUT = os.environ.get("LAMPLIGHTER_TEXTS_OUT", "")  # https://SID:TOKEN@api.host; without one, texts become files
TEXTS_FROM = os.environ.get("LAMPLIGHTER_TEXTS_FROM", "+15105550100")
GATEWAY_TOKEN = os.environ.get("LAMPLIGHTER_GATEWAY_TOKEN", "marisol-bay" if DEMO else "")
CARDS = os.environ.get("LAMPLIGHTER_CARDS", "")  # https://KEY@api.host of the card processor; without one, no cards
CARDS_SECRET = os.environ.get("LAMPLIGHTER_CARDS_SECRET", "")  # with which it signs what it tells
PROCESSES = int(os.environ.get("LAMPLIGHTER_PROCESSES") or min(os.cpu_count() or 1, 8))  # that share a large bill run
INTERVAL_STORE = os.environ.get("LAMPLIGHTER_INTERVALS", str(STATE / "intervals"))

UTILITY_NAME = os.environ.get("LAMPLIGHTER_UTILITY", "Marisol Bay Power")
UTILITY_ZONE = os.environ.get("LAMPLIGHTER_ZONE", "America/Los_Angeles")
BUREAU_URL = os.environ.get("LAMPLIGHTER_BUREAU", "")  # where a credit bureau takes inquiries; empty: none is asked
UTILITY_LAW = os.environ.get("LAMPLIGHTER_LAW", "california-municipal")  # a pack of lamplighter.credit.law

INSTALLED_APPS = [
    "lamplighter.platform",
    "lamplighter.ledger",
    "lamplighter.notices",
    "lamplighter.worklist",
    "lamplighter.customers",
    "lamplighter.premises",
    "lamplighter.policies",
    "lamplighter.metering",
    "lamplighter.tariffs",
    "lamplighter.accounts",
    "lamplighter.usage",
    "lamplighter.fieldwork",
    "lamplighter.cases",
    "lamplighter.network",
    "lamplighter.incidents",
    "lamplighter.billing",
    "lamplighter.payments",
    "lamplighter.credit",
    "lamplighter.ratestudies",
    "lamplighter.keyaccounts",
    "lamplighter.programs",
    "lamplighter.rebates",
    "lamplighter.workforce",
    "lamplighter.outreach",
    "lamplighter.journeys",
    "lamplighter.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "procrastinate.contrib.django",
    "template_partials.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    *([] if TESTING else ["whitenoise.middleware.WhiteNoiseMiddleware"]),  # tests serve static files from their folders
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lamplighter.web.signin.sessions.Sliding",
    "lamplighter.web.access.Guard",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "lamplighter.config.urls"
WSGI_APPLICATION = "lamplighter.config.wsgi.application"
_loaders: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(folder) for folder in sorted((PACKAGE / "web").glob("**/templates"))],
        "OPTIONS": {
            "loaders": [
                ("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _loaders)]),
            ],
            "builtins": ["template_partials.templatetags.partials", "lamplighter.web.ui.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "lamplighter.web.ui.shell.context",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """`DATABASE_URL` names any PostgreSQL 15 or newer; without it, this checkout's own embedded one."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        from lamplighter.platform.localpg import Cluster

        url = Cluster(STATE / "pg").url("lamplighter")
    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    database = {name: str(parts.pop(part, "")) for part, name in names.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **database,
        "OPTIONS": parts,
        "CONN_MAX_AGE": 0 if TESTING else 60,
        "CONN_HEALTH_CHECKS": True,  # otherwise a worker outlives a killed database, idle (traps)
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = UTILITY_ZONE
LANGUAGE_CODE = "en-us"
USE_I18N = True

AUTH_USER_MODEL = "platform.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else []),
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "lamplighter.web.signin.adapter.Closed"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a desk is shared: a sign-in ends with the browser
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
SIGN_ON = sign_on(os.environ)
SOCIALACCOUNT_PROVIDERS = SIGN_ON.provider if SIGN_ON else {}
SOCIALACCOUNT_ADAPTER = "lamplighter.web.signin.outside.Outside"
SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_QUERY_EMAIL = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,20/300s/key"}  # against guessing from many addresses at once

AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "lamplighter.web.signin.adapter.name_tried"
AXES_LOCKOUT_CALLABLE = "lamplighter.web.ui.errors.too_often"
CSRF_FAILURE_VIEW = "lamplighter.web.ui.errors.csrf_failed"
FORM_RENDERER = "lamplighter.web.ui.forms.Renderer"

STATIC_URL = "static/"
STATIC_ROOT = str(STATE / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing is asked for by its plain name
MEDIA_ROOT = str(STATE / "files")
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", *([SIGN_ON.origin] if SIGN_ON else [])],
    }
}
PROCRASTINATE_ON_APP_READY = "lamplighter.jobs.app.ready"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"hushed": {"()": "lamplighter.config.hushing.Hushed"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hushed"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LAMPLIGHTER_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["security.W019"]
