"""Django's settings, all derived from the data folder (`PARICHA_HOME`) and `paricha.toml` in it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from paricha.grounds import unit
from paricha.site import rooms

HOME: Path = unit.home_folder()
PARICHA = unit.load(HOME)

_SECRET_FILE = HOME / "keys" / "web.key"
# Before `init` there is no key and nothing to protect; the process gets one of its own.
SECRET_KEY = _SECRET_FILE.read_text() if _SECRET_FILE.exists() else os.urandom(32).hex()
DEBUG = False
ALLOWED_HOSTS = [PARICHA.host, "localhost", "127.0.0.1", "testserver"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(f"paricha.{room}" for room in rooms.built()),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "paricha.access.middleware.OfficerMiddleware",
    "paricha.screens.middleware.SafetyHeadersMiddleware",
]

ROOT_URLCONF = "paricha.site.urls"
WSGI_APPLICATION = "paricha.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(Path(__file__).resolve().parent / "templates")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "paricha.screens.context.shell",
            ],
        },
    }
]


def _database(url: str | None) -> dict[str, object]:
    """SQLite in the data folder, or PostgreSQL by URL (`postgresql://user@/name?host=/socket/folder`)."""
    if not url:
        return {
            "ENGINE": "paricha.site.sqlite",
            "CONN_MAX_AGE": None,  # a page's thread keeps its connection: opening one costs more than a query
            "NAME": HOME / "paricha.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                    "PRAGMA wal_autocheckpoint=8000; PRAGMA foreign_keys=ON"
                ),
            },
            "TEST": {"NAME": str(HOME / "test.sqlite3")},
        }
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }


DATABASES = {"default": _database(os.environ.get("PARICHA_DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # One cache for all processes: allauth's limits on wrong codes must not start anew in each of them.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}
}

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False  # passkeys are enrolled and asked for by `access.passkeys`: they sign acts too
MFA_ADAPTER = "paricha.access.secrets_at_rest.SealedSecrets"
CSRF_FAILURE_VIEW = "paricha.screens.pages.not_allowed"
LOGIN_URL = "access:sign_in"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = PARICHA.languages[0]
LANGUAGES = [("en", "English"), ("ml", "മലയാളം"), ("hi", "हिन्दी")]
LOCALE_PATHS = [str(Path(__file__).resolve().parent.parent / "screens" / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = None  # files are served from the package by their finders
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(HOME / "none")}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_SECURE = PARICHA.host != "localhost"
CSRF_COOKIE_SECURE = PARICHA.host != "localhost"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_TEMP_DIR = str(HOME / "spool") if (HOME / "spool").exists() else None
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nothing leaves the machine
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
