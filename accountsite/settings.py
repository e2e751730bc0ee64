"""The site's settings: read from the environment here and nowhere else.

A missing or wrong value stops the start with one line that names it. `docs/settings.md` lists
them all. With ACCOUNTSITE_DEMO=1, which `manage.py demo` sets, each has a value for this machine.
"""

import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from accountsite import databases, environment
from accountsite.environment import Environment, Wrong

BASE_DIR = Path(__file__).resolve().parent.parent
# What that command is there to find out, it starts without.
IS_PROVISIONING = environment.runs("provision")
env = Environment()


def demo(value: str) -> str | None:
    """A value that only the demo may start with."""
    return value if ACCOUNTSITE_DEMO else None


def found_out(value: str) -> str | None:
    """A value that the demo may start with; empty for `provision`, which finds out the real one."""
    return "" if IS_PROVISIONING else demo(value)


try:
    # Where we are, and for whom
    ACCOUNTSITE_DEMO = env.flag("ACCOUNTSITE_DEMO")
    DATA_DIR = Path(env.text("ACCOUNTSITE_DATA", "a folder", default=str(BASE_DIR / "var")))
    STATIC_ROOT = Path(env.text("ACCOUNTSITE_STATIC", "a folder", default=str(DATA_DIR / "static")))
    MIGRATE_AT_START = env.flag("ACCOUNTSITE_MIGRATE")
    SITE_URL = env.text(
        "SITE_URL",
        "the site's own address, such as https://account.example.com (http only on localhost)",
        environment.is_loopback if ACCOUNTSITE_DEMO else environment.is_safe_origin,
        environment.is_origin,
        default=found_out("http://localhost:8000"),
    ).rstrip("/")
    SECRET_KEY = env.text(
        "SECRET_KEY",
        "32 characters or more that nobody can guess; `openssl rand -base64 48` makes some",
        environment.is_long_secret,
        default=secrets.token_urlsafe(48) if ACCOUNTSITE_DEMO or IS_PROVISIONING else None,
    )
    SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

    # The Logto tenant
    LOGTO_ENDPOINT = env.text(
        "LOGTO_ENDPOINT",
        "the address of the Logto tenant, such as https://auth.example.com, without a path",
        environment.is_safe_origin,
        default=demo("http://localhost:3301"),
    ).rstrip("/")
    is_real_id = (lambda _value: True) if ACCOUNTSITE_DEMO else environment.is_not_demo
    LOGTO_APP_ID = env.text(
        "LOGTO_APP_ID",
        "the id of a Traditional web application of the tenant",
        is_real_id,
        default=found_out("demo-account-site"),
    )
    LOGTO_APP_SECRET = env.text(
        "LOGTO_APP_SECRET",
        "the secret of the application that LOGTO_APP_ID names",
        default=found_out(secrets.token_urlsafe(24)),
    )
    LOGTO_M2M_APP_ID = env.text(
        "LOGTO_M2M_APP_ID",
        "the id of a machine-to-machine application with access to the Management API",
        is_real_id,
        default=demo("demo-management"),
    )
    LOGTO_M2M_APP_SECRET = env.text(
        "LOGTO_M2M_APP_SECRET",
        "the secret of the application that LOGTO_M2M_APP_ID names",
        default=demo(secrets.token_urlsafe(24)),
    )
    LOGTO_MANAGEMENT_API_RESOURCE = env.text(
        "LOGTO_MANAGEMENT_API_RESOURCE",
        "the API identifier of the Logto Management API, as the tenant's Console shows it",
        environment.is_url,
        default=environment.management_api_resource(LOGTO_ENDPOINT),
    )
    # The authorities that may vouch for the tenant, where they are not those that everybody trusts.
    CA_BUNDLE = env.text(
        "ACCOUNTSITE_CA_BUNDLE",
        "a file that can be read, with certificates of authorities in PEM form",
        environment.is_ca_bundle,
        default="",
    )
    ACCOUNTSITE_ADMIN_ROLE = env.text(
        "ACCOUNTSITE_ADMIN_ROLE",
        "the name of the Logto role whose holders manage people in the admin",
        default="accountsite-admin",
    )
    ACCOUNTSITE_HELPER_ROLE = env.text(
        "ACCOUNTSITE_HELPER_ROLE",
        "the name of the Logto role whose holders help people in the admin",
        default="accountsite-helper",
    )
    ACCOUNTSITE_VIEWER_ROLE = env.text(
        "ACCOUNTSITE_VIEWER_ROLE",
        "the name of the Logto role whose holders look things up in the admin",
        default="accountsite-viewer",
    )
    # Keys that webhooks may be signed with; without any, there is no receiver.
    WEBHOOK_SECRETS = env.words("LOGTO_WEBHOOK_SECRET")
    WEBHOOK_MAX_AGE_SECONDS = 60 * env.number(
        "ACCOUNTSITE_WEBHOOK_MAX_AGE_MINUTES", default=60, least=1
    )
    WELCOME_MAIL = env.flag("ACCOUNTSITE_WELCOME_MAIL")
    # Organization roles that make admins; without any, memberships/services.py tells them by scope.
    ORGANIZATION_ADMIN_ROLES = env.words("ACCOUNTSITE_ORGANIZATION_ADMIN_ROLES")
    ACCOUNTSITE_NAME = env.text("ACCOUNTSITE_NAME", "your name, as people know you", default="")

    # Personal access tokens: whether there is such a section, how many, and for how many days
    TOKENS = env.flag("ACCOUNTSITE_TOKENS", default=True)
    TOKENS_MOST = env.number("ACCOUNTSITE_TOKENS_MOST", default=50, least=1)
    TOKENS_DAYS = env.number("ACCOUNTSITE_TOKENS_DAYS", default=0)
    TOKENS_APP_ID = env.text(
        "ACCOUNTSITE_TOKENS_APP_ID",
        "the id of a Native application of the tenant that may exchange tokens",
        is_real_id,
        default="demo-command-line" if ACCOUNTSITE_DEMO else "",
    )

    # Hosts that links may name to bring people back to, each with what it is called.
    RETURN_HOSTS = env.hosts("ACCOUNTSITE_RETURN_HOSTS")

    # What it runs on
    DATABASE = env.database(
        "DATABASE_URL", databases.ENGINES, default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
    )
    # Of each process, to PostgreSQL: as many as gunicorn.conf.py has threads.
    DATABASE_CONNECTIONS = env.number("ACCOUNTSITE_DATABASE_CONNECTIONS", default=16, least=1)
    REDIS_URL = env.text(
        "REDIS_URL",
        "an address such as redis://host:6379/0",
        lambda value: value == "none" or urlsplit(value).scheme in {"redis", "rediss", "unix"},
        default="none",
    )
    PICTURES = env.text(
        "ACCOUNTSITE_PICTURES",
        "a bucket such as s3://bucket/folder?region=eu-west-1, without keys in it",
        environment.is_bucket,
        default="none",
    )
    # How many processes serve, for the check of what they share; gunicorn reads it too.
    WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", default=1, least=1)
    # https ends at a proxy before the site, so there is one wherever the site's address has it.
    TRUSTED_PROXIES = env.number(
        "ACCOUNTSITE_TRUSTED_PROXIES", default=int(SITE_URL.startswith("https:"))
    )
    SESSION_IDLE_SECONDS = 60 * env.number("ACCOUNTSITE_SESSION_IDLE_MINUTES", default=60, least=1)
    SESSION_ABSOLUTE_SECONDS = 3600 * env.number("ACCOUNTSITE_SESSION_HOURS", default=12, least=1)
    EMAIL_URL = env.text(
        "EMAIL_URL",
        "a mail server, such as submission://user:password@mail.example.com, or none",
        environment.is_mail_server,
        default="none",
    )
    DEFAULT_FROM_EMAIL = env.text(
        "DEFAULT_FROM_EMAIL",
        "the sender of the site's mails, such as Example <account@example.com>",
        default=f"account@{urlsplit(SITE_URL).hostname}",
    )
    AUDIT_DAYS = env.number("ACCOUNTSITE_AUDIT_DAYS", default=365, least=1)
    # From the wish to delete an account to its end, for second thoughts; 0: at once.
    DELETION_GRACE_DAYS = env.number("ACCOUNTSITE_DELETION_GRACE_DAYS", default=7)
    # Whether `serve` runs the worker, which sends mails and does the daily jobs, beside the web.
    WORKER = env.flag("ACCOUNTSITE_WORKER", default=True)
    LOG_LEVEL = env.text(
        "ACCOUNTSITE_LOG_LEVEL",
        "DEBUG, INFO, WARNING or ERROR",
        lambda value: value in {"DEBUG", "INFO", "WARNING", "ERROR"},
        default="INFO",
    )
    # Where Prometheus asks; without a port nothing is counted.
    METRICS_PORT = env.number("ACCOUNTSITE_METRICS_PORT", default=0, most=65_535)
    METRICS_HOST = env.text("ACCOUNTSITE_METRICS_HOST", "an address", default="127.0.0.1")
    # Who is told of errors, and who takes traces; OpenTelemetry reads its variables itself.
    SENTRY_DSN = env.text(
        "SENTRY_DSN",
        "the DSN of a Sentry project, such as https://key@sentry.example.com/7",
        environment.is_dsn,
        default="",
    )
    TRACES = (
        any(
            env.text(name, "the address of a collector", environment.is_url, default="")
            for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        )
        and env.text("OTEL_TRACES_EXPORTER", "otlp or none", default="otlp") != "none"
    )
    # Text for people at a terminal, JSON for what collects logs.
    LOG_FORMAT = env.text(
        "ACCOUNTSITE_LOG_FORMAT",
        "json or text",
        lambda value: value in {"json", "text"},
        default="text" if ACCOUNTSITE_DEMO or sys.stderr.isatty() else "json",
    )
except Wrong as problem:
    sys.exit(f"accountsite can't start. {problem}")

IS_HTTPS = SITE_URL.startswith("https://")
DEBUG = False

INSTALLED_APPS = [
    "accountsite.dashboard.config.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks_db",
    "accountsite.appearance",
    "accountsite.audit",
    "accountsite.deletion",
    "accountsite.limits",
    "accountsite.notices",
    "accountsite.signin",
    "accountsite.overview",
    "accountsite.profile",
    "accountsite.operations",
    "accountsite.provisioning",
    "accountsite.recognition",
    "accountsite.reminders",
    "accountsite.schedule",
    "accountsite.webhooks",
    "accountsite.dashboard",
    "accountsite.doctor",
    "accountsite.directory",
    "accountsite.exports",
    "accountsite.demo",
]

MIDDLEWARE = [
    "accountsite.operations.middleware.health",
    "accountsite.middleware.RequestContext",
    "accountsite.operations.middleware.observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "accountsite.appearance.middleware.stylesheet",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accountsite.middleware.PageHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accountsite.signin.middleware.CurrentAccount",
    "accountsite.links.middleware.Links",
    "accountsite.middleware.PersonalLocale",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accountsite.middleware.Outage",
    "accountsite.signin.middleware.SignInRequired",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "accountsite.urls"
WSGI_APPLICATION = "accountsite.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "accountsite.sections.context",
                "accountsite.deletion.context.awaited_deletion",
                "accountsite.links.context.way_back",
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
    },
]
FORM_RENDERER = "accountsite.appearance.forms.Renderer"

# What is kept

IS_SQLITE = DATABASE["ENGINE"].endswith("sqlite3")
DATABASES = {
    "default": databases.sqlite(DATABASE)
    if IS_SQLITE
    else databases.postgresql(DATABASE, connections=DATABASE_CONNECTIONS)
}
if REDIS_URL == "none" or IS_PROVISIONING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CACHES = {
        "default": {
            "BACKEND": "accountsite.caches.Shared",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "accountsite",
        }
    }

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": environment.pictures(PICTURES, folder=DATA_DIR / "media"),
    "staticfiles": {"BACKEND": "accountsite.appearance.static_files.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for these files

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = ["accountsite.profile.uploads.InMemory"]

# Sessions and cookies

COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_ENGINE = "accountsite.signin.session_store"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # "Strict" would hide the session from Logto's redirect back
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accountsite.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Security

ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the operator's other hosts are not ours to decide on
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "mail.W001",  # a site may do without a mail server; the admin shows what was not sent
    "security.W005",  # HSTS for subdomains, see above
    "security.W021",  # HSTS preloading is the operator's choice too
]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    # Avatars come from wherever the tenant or a social provider keeps them.
    "img-src": [CSP.SELF, "https:", "data:", LOGTO_ENDPOINT],
    # Signing out is a POST that ends at Logto, and a task one that can end where a person came from.
    "form-action": [CSP.SELF, LOGTO_ENDPOINT, *environment.origins(RETURN_HOSTS)],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "signin:start"

# Mails, and work that leaves the request

if ACCOUNTSITE_DEMO:
    MAILERS = {"default": {"BACKEND": "accountsite.demo.mail.EmailBackend"}}
    TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
else:
    MAILERS = environment.mailers(EMAIL_URL)
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["accountsite.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"outages": {"()": "accountsite.operations.logs.NotAnOutage"}},
    "formatters": {
        "json": {"()": "accountsite.operations.logs.Json"},
        # The people of the demo are invented: there, errors may say what they have to say.
        "text": {"()": "accountsite.operations.logs.Text", "with_texts": ACCOUNTSITE_DEMO},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "accountsite": {"level": LOG_LEVEL},
        # Its warnings of retries quote paths; `logto.transport` has words of its own for them.
        "urllib3.connectionpool": {"level": "ERROR"},
        # A refused form (422) is an answer like another, not a warning.
        "django.request": {"level": "ERROR", "filters": ["outages"]},
    },
}
