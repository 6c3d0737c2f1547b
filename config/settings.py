"""Every setting of the theatre, read from the environment alone.

`THEATRE_MODE` is `production` unless it says `demo` or `test`. In production every variable named in
`NEEDED` has to be given. What is missing or can't be used is named in one error, the last thing that happens here.
The business settings (holds, limits, currency) have the defaults of docs/settings.md.
"""

import sys
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

from config import variables

BASE_DIR = Path(__file__).resolve().parent.parent
env = variables.Variables()

MODE = env.str("THEATRE_MODE", "production")
PRODUCTION, DEMO, TESTING = MODE == "production", MODE == "demo", MODE == "test"
if MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"THEATRE_MODE is “{MODE}”. It has to be production, demo or test.")

NEEDED = {
    "SECRET_KEY": "a long random text; signs sessions",
    "DATABASE_URL": "postgres://user:password@host/name",
    "ALLOWED_HOSTS": "the theatre's host names, separated by commas, without *",
    "SITE_URL": "the address people type, https://…",
    "TICKET_SIGNING_KEYS": "id:base64 of a 32-byte Ed25519 seed; the first one signs, the others still open doors",
    "FIELD_ENCRYPTION_KEYS": "Fernet keys for secrets at rest; the first one encrypts",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
    "DEFAULT_FROM_EMAIL": "the sender of every letter",
}

DEBUG = env.bool("DEBUG", False)
# Cookies without Secure and `__Host-`, no HSTS: for a demo on http://localhost. Refused in production.
PLAIN_HTTP = env.bool("PLAIN_HTTP", not PRODUCTION)
if PRODUCTION and PLAIN_HTTP:
    raise ImproperlyConfigured("PLAIN_HTTP is for the demo. In production the theatre speaks https only.")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets on error pages. Production runs without it.")

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))
# The fallbacks are public on purpose: they open a demo or a test database and nothing else.
SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else "demo-and-test-only-" + "k" * 40)
SITE_URL = env.read(
    "SITE_URL", "https://localhost" if PRODUCTION else "http://localhost:8000",
    variables.https_address if PRODUCTION else str, NEEDED["SITE_URL"],
).rstrip("/")  # fmt: skip
ALLOWED_HOSTS = env.read(
    "ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver",
    variables.host_names if PRODUCTION else variables.listed, NEEDED["ALLOWED_HOSTS"],
)  # fmt: skip
TICKET_SIGNING_KEYS = env.read(
    "TICKET_SIGNING_KEYS", "D:" + "ZGVtby1hbmQtdGVzdC1vbmx5LXRpY2tldC1zZWVkISE=",
    variables.signing_keys, NEEDED["TICKET_SIGNING_KEYS"],
)  # fmt: skip
FIELD_ENCRYPTION_KEYS = env.read(
    "FIELD_ENCRYPTION_KEYS", "ZGVtby1hbmQtdGVzdC1vbmx5LWZpZWxkLWtleS0hISE=",
    variables.encryption_keys, NEEDED["FIELD_ENCRYPTION_KEYS"],
)  # fmt: skip

# The theatre ---------------------------------------------------------------------------------------------
THEATRE_NAME = env.str("THEATRE_NAME", "Movie Counter")
THEATRE_ADDRESS = env.str("THEATRE_ADDRESS", "4 Projection Row")
THEATRE_PHONE = env.str("THEATRE_PHONE", "01 555 0142")
THEATRE_TAX_NUMBER = env.str("THEATRE_TAX_NUMBER", "")  # printed on invoices
THEATRE_ZONE = env.read("THEATRE_ZONE", "Europe/Berlin", variables.zone, "a time zone, like Europe/Berlin")
CURRENCY = env.read("CURRENCY", "EUR", variables.currency, "three capital letters, like EUR")
# Contained in every price.
VAT_RATE = env.read("VAT_RATE", "7", variables.percent, "a number of percent, like 7 or 19.5")
HOLD_MINUTES = env.whole("HOLD_MINUTES", 8)
WAITING_OFFER_MINUTES = env.whole(
    "WAITING_OFFER_MINUTES", 15
)  # what came free is held so long for who waited
LONG_HOLD_MINUTES = env.whole("LONG_HOLD_MINUTES", 30)  # for those who asked for longer holds
HOLD_END_BEFORE_SHOW_MINUTES = env.whole("HOLD_END_BEFORE_SHOW_MINUTES", 15)
HOLDS_PER_CUSTOMER = env.whole("HOLDS_PER_CUSTOMER", 3)
SEATS_PER_NETWORK = env.whole("SEATS_PER_NETWORK", 20)  # held by strangers
SEATS_PER_BOOKING = env.whole("SEATS_PER_BOOKING", 10)
SEATS_PER_STAFF_BOOKING = env.whole("SEATS_PER_STAFF_BOOKING", 50)
COUNTER_SALES_AFTER_START_MINUTES = env.whole("COUNTER_SALES_AFTER_START_MINUTES", 20)
CANCEL_UNTIL_MINUTES = env.whole("CANCEL_UNTIL_MINUTES", 120)
CLEANING_MINUTES = env.whole("CLEANING_MINUTES", 20)
TRAILER_MINUTES = env.whole("TRAILER_MINUTES", 15)
DOORS_MINUTES = env.whole("DOORS_MINUTES", 15)
# Shows for children that end later are warned of.
CHILDREN_UNTIL = env.read("CHILDREN_UNTIL", "22:00", variables.clock, "a time of day, like 22:00")
# Of the daily letter about new movies, on the theatre's clocks.
NEW_MOVIES_HOUR = env.whole("NEW_MOVIES_HOUR", 10)
INVITATION_DAYS = env.whole("INVITATION_DAYS", 7)  # a new colleague's link
DEMO_PAYMENT = env.bool("DEMO_PAYMENT", not PRODUCTION)

# Django --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "theatre",
]
MIDDLEWARE = [
    "theatre.web.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "theatre.web.programs.ProgramsMiddleware",
    "csp.middleware.CSPMiddleware",
    "theatre.web.middleware.GuardMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "theatre.web.account.seen.LastSeenMiddleware",
    "theatre.web.middleware.ActorMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "theatre.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [BASE_DIR / "theatre" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "theatre.web.parts.chrome",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

_CONNECTION = {
    "connect_timeout": 3,
    "tcp_user_timeout": 3000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "server_side_binding": True,
    "prepare_threshold": 2,
    "application_name": f"theatre {MODE}",
    # Plans are kept for a connection's life: those made while a table is still small have to suit a large one too.
    "options": "-c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s"
    " -c random_page_cost=1.1 -c jit=off"
    # How like a title must be to what somebody types: “meridain” finds Meridian, and “the” not everything.
    " -c pg_trgm.word_similarity_threshold=0.45",
}
# The owner makes tables; everything else is done with the application's rights (theatre/models/rights.py).
OWNERS_COMMANDS = {"migrate", "grant_rights", "load_demo", "seed_demo"}
_address = "DATABASE_URL"
if env.str("MIGRATION_DATABASE_URL", "") and OWNERS_COMMANDS & set(sys.argv[1:2]):
    _address = "MIGRATION_DATABASE_URL"
APPLICATION_ROLE = env.str("APPLICATION_ROLE", "theatre_app")
REPORTING_ROLE = env.str("REPORTING_ROLE", "theatre_report")
if env.str(_address, ""):
    _database = env.read(
        _address, "postgres://", lambda url: env.db_url_config(url, engine="config.postgres"),
        NEEDED["DATABASE_URL"],
    )  # fmt: skip
    _database["HOST"] = unquote(_database["HOST"])  # a socket's folder is written %2Fvar%2Frun
else:
    _database = {"ENGINE": "config.backend", "NAME": "theatre", "USER": env.str("EMBEDDED_USER", "")}
DATABASES = {
    "default": {
        **_database,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "OPTIONS": {**_CONNECTION, **_database.get("OPTIONS", {})},
    }
}
if env.str("CACHE_URL", ""):
    CACHES = {
        "default": env.read("CACHE_URL", "dummycache://", env.cache_url_config, "Django's, like redis://host")
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "theatre_cache",
            # Past its size the cache throws entries away, and a limit that is thrown away begins anew.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        },
    }

PASSWORD_HASHERS = ["theatre.web.account.hasher.Argon2id"]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = ["theatre.web.account.backend.OneQueryBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home_for_me"
LOGOUT_REDIRECT_URL = "home"

# Sessions are rows, so that ending them is deleting rows (domain.md, "People and roles").
SESSION_ENGINE = "django.contrib.sessions.backends.db"
_prefix = "" if PLAIN_HTTP else "__Host-"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}session", f"{_prefix}csrf"
LANGUAGE_COOKIE_NAME = f"{_prefix}language"
THEME_COOKIE_NAME = f"{_prefix}lights"
DEVICE_COOKIE_NAME = f"{_prefix}device"  # by which count wrong passwords are slowed down
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", 1 if env.bool("BEHIND_PROXY", False) else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# The check looks for a unique column. Ours is unique in any case by an index over lower(email), one_user_per_address,
# which the check can't see; a second index would be written for it alone.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
CSRF_FAILURE_VIEW = "theatre.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
# What a page may ask of the device: the counter's camera reads tickets, passkeys and the copied link are one's own.
_ASKED = {
    "camera",
    "clipboard-write",
    "fullscreen",
    "publickey-credentials-create",
    "publickey-credentials-get",
}
_NEVER_ASKED = {
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking",
}  # fmt: skip
PERMISSIONS_POLICY = ", ".join(
    [f"{name}=(self)" for name in sorted(_ASKED)] + [f"{name}=()" for name in sorted(_NEVER_ASKED)]
)
_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [_SELF],
        "style-src": [_SELF],
        "img-src": [_SELF, "data:"],
        "font-src": [_SELF],
        "connect-src": [_SELF],
        "manifest-src": [_SELF],
        "form-action": [_SELF],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
LIVE_STREAMS = env.whole("LIVE_STREAMS", 800)  # of one process, which has about 1,000 files to open
LIVE_STREAMS_PER_NETWORK = env.whole("LIVE_STREAMS_PER_NETWORK", 100)
STEADY_ANSWER_MS = env.whole("STEADY_ANSWER_MS", 0 if TESTING else 250)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "theatre" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "theatre" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(DATA_DIR / "media")))
MEDIA_URL = "media/"

# Letters -------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Movie Counter <tickets@movie-counter.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who in the house is told of bookings that no salesman is assigned to; empty for nobody.
BOX_OFFICE_EMAIL = env.str("BOX_OFFICE_EMAIL", parseaddr(DEFAULT_FROM_EMAIL)[1])
EMAIL_TIMEOUT = 10
if env.str("EMAIL_URL", ""):
    _mail = env.read("EMAIL_URL", "smtp://", env.email_url_config, NEEDED["EMAIL_URL"])
    EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_BACKEND"], _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
elif DEMO:
    EMAIL_BACKEND = "theatre.notices.mailbox.Mailbox"  # read at /demo/mail
else:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MAILBOX_DIR = DATA_DIR / "mail"
PROCRASTINATE_IMPORT_PATHS = ["theatre.jobs.tasks"]

# Accounts (allauth is known to theatre/web/account alone) --------------------------------------------------
ACCOUNT_ADAPTER = "theatre.web.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
# Tries in a time, by network (ip), person (user) or address (key); counted by theatre/actions/limits.py.
ACCOUNT_RATE_LIMITS = {
    "login": "30/1m/ip",
    "login_failed": "20/1m/ip,5/5m/key",  # a known device of the owner's has a count of its own
    "signup": "20/1m/ip",
    "confirm_email": "1/10s/key",
    "reset_password": "20/1m/ip,5/1h/key",
    "reset_password_from_key": "20/1m/ip",
    "change_password": "5/1m/user",
    "manage_email": "10/1m/user",
    "reauthenticate": "10/1m/user",
}
ACCOUNT_FORMS = {
    "signup": "theatre.web.account.forms.SignUpForm",
    "login": "theatre.web.account.forms.SignInForm",
    "confirm_email_verification_code": "theatre.web.account.forms.AddressCodeForm",
    "change_password": "theatre.web.account.own_forms.ChangePasswordForm",
    "reset_password": "theatre.web.account.forms.ForgottenForm",
    "reset_password_from_key": "theatre.web.account.forms.NewPasswordForm",
    "reauthenticate": "theatre.web.account.forms.PasswordAgainForm",
}
MFA_ADAPTER = "theatre.web.account.factor_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody is signed in before their address is confirmed
MFA_FORMS = {
    "authenticate": "theatre.web.account.factor_forms.AppCodeForm",
    "reauthenticate": "theatre.web.account.factor_forms.AppCodeAgainForm",
    "activate_totp": "theatre.web.account.factor_forms.FirstAppCodeForm",
    "add_webauthn": "theatre.web.account.factor_forms.AddPasskeyForm",
    "authenticate_webauthn": "theatre.web.account.factor_forms.PasskeyForm",
    "reauthenticate_webauthn": "theatre.web.account.factor_forms.PasskeyAgainForm",
}
MFA_TOTP_TOLERANCE = 1  # a code of the 30 seconds before or after passes; each once
MFA_TRUST_ENABLED = True  # “don’t ask on this device”; never for admins and moderators
MFA_TRUST_COOKIE_AGE = 30 * 24 * 3600  # seconds
MFA_TRUST_COOKIE_NAME = f"{_prefix}trusted"
MFA_TOTP_ISSUER = THEATRE_NAME

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    # A seat that somebody else was quicker with is an answer (409), not something to warn of.
    "loggers": {"django.request": {"level": "ERROR"}},
}

env.refuse({name: what for name, what in NEEDED.items() if PRODUCTION and not env.str(name, "")})
