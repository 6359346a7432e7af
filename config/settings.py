"""All settings of the program; what differs between servers comes from the environment (README)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from config import environment
from config.access import Role

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environment.flag("DEBUG", default=False)
# One switch for everything that needs HTTPS; off only where a developer serves plain HTTP to herself.
SECURE = environment.flag("SECURE", default=True)
SECRET_KEY = environment.secret_key(BASE_DIR, debug=DEBUG)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Seals the audit trail; it must outlive a change of SECRET_KEY.
AUDIT_KEY = environment.long_key("AUDIT_KEY", default=f"audit {SECRET_KEY}")
# Where `audit_verify` notes the ends of the chain; best kept where the database's owner can't write.
AUDIT_ANCHORS = environment.env.str("AUDIT_ANCHORS", default="") or str(BASE_DIR / ".data" / "audit.anchors")
# Addresses of the proxies whose X-Forwarded-For is believed.
TRUSTED_PROXIES = environment.words("TRUSTED_PROXIES", default=[])
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")

# Where the program stands; printed at the head of documents. The committee's own name is its organisation's.
PARENT_COMMITTEE_NAME = environment.env.str("PARENT_COMMITTEE_NAME", default="Đảng bộ tỉnh")
PLACE_NAME = environment.env.str("PLACE_NAME", default="")

INSTALLED_APPS = [
    "config",
    "members",
    "training",
    "reviews",
    "config.admin_app.ScopedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tables2",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
]

MIDDLEWARE = [
    # These three before whitenoise, so that static files carry their headers too.
    "config.headers.browser_limits",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.audit.middleware",
    "members.accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# What is told of a person's life (members.timeline), in this order where days are equal.
TIMELINE = (
    "members.timeline.life",
    "members.timeline.tables",
    "members.admission.of_person.moments",
    "members.timeline.admissions",
    "members.timeline.stays",
    "members.organisations.of_person.moments",
    "members.timeline.exemptions",
    "members.movements.of_person.moments",
    "members.timeline.honours",
    "training.timeline.classes",
    "reviews.timeline.commendations",
    "reviews.timeline.ratings",
    "members.timeline.documents",
    "members.timeline.corrections",
)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.places",
            ],
        },
    },
    # Only for tables of hundreds of cells, through {% fast %} (docs/decisions.md).
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "fast",
        "DIRS": [BASE_DIR / "templates" / "fast"],
        "OPTIONS": {"trim_blocks": True, "lstrip_blocks": True},
    },
]

DATABASES = {"default": environment.database(BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["config.backend.RoleBackend"]
PASSWORD_HASHERS = [
    "members.accounts.passwords.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "members.accounts.passwords.LengthValidator", "OPTIONS": {"least": 12, "most": 256}},
    {"NAME": "members.accounts.passwords.KnownPasswordValidator"},
    {"NAME": "members.accounts.passwords.ContextWordsValidator"},
]
# A link to set the first password, or a new one.
PASSWORD_RESET_TIMEOUT = 72 * 60 * 60

# Roles whose holders must sign in with a second factor.
SECOND_FACTOR_ROLES = environment.choices(
    "SECOND_FACTOR_ROLES", default=[Role.ADMINISTRATOR, Role.OFFICE, Role.INSPECTOR], known=Role.values
)
OTP_TOTP_ISSUER = "Hồ sơ đảng viên"

# Failed sign-ins: counted in the database under a digest of the typed name; members/accounts/lockout.py has the limits.
AXES_HANDLER = "members.accounts.lockout.Attempts"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
AXES_FAILURE_LIMIT = 1  # one limit that is reached, see Attempts.get_failures
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "members.accounts.lockout.name_digest"
AXES_CLIENT_IP_CALLABLE = "members.accounts.lockout.address_of"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# Its middleware and backend: signing in asks it directly, with nothing of what was sent but the name.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W003"]

LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # years would be 2.015; config.numbers writes counts
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".data" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.StaticStorage"},
}

# Each file once, under its hashed name; maps and pictures are not worth compressing.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "zip",
    "gz",
    "br",
    "woff",
    "woff2",
    "map",
)

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Bootstrap's style sheet draws its small marks (the arrow of a select) from data: addresses.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
        "worker-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "members.accounts.session_store"
# A session ends after so long without use, and so long after signing in.
SESSION_IDLE_SECONDS = environment.number("SESSION_IDLE_MINUTES", default=30) * 60
SESSION_COOKIE_AGE = environment.number("SESSION_HOURS", default=12) * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# No script reads the token: it stands in the forms.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "members.accounts.resume.csrf_failure"
# In the session, not in a cookie: a message may name a person.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if SECURE:
    # The prefix makes a browser refuse a cookie of that name from plain HTTP or from a neighbouring host.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = environment.flag("SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What comes in: the whole body of an upload, the rest of a form, its fields and files.
UPLOAD_BYTES = environment.number("UPLOAD_MEGABYTES", default=20) * 2**20
FILE_UPLOAD_HANDLERS = [
    "config.uploads.LimitedBody",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**19
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Where the scans of people's papers lie, each under a random key: outside what is served to everybody.
DOCUMENT_FOLDER = environment.folder("DOCUMENT_FOLDER", default=BASE_DIR / ".data" / "documents", outside=STATIC_ROOT)

# Where imports that go on note how far they are; nothing in it has to be kept.
IMPORT_FOLDER = BASE_DIR / ".data" / "imports"
# Whether long imports go on in processes of their own; tests that look into a transaction do without.
IMPORT_IN_PROCESS = True

# Mail, where there is a server for it: EMAIL_URL, such as smtp://user:password@mail.tinh.vn:587/?tls=True.
_mail = environment.mail()
HAS_MAIL = bool(_mail)
globals().update(_mail)
DEFAULT_FROM_EMAIL = environment.env.str("DEFAULT_FROM_EMAIL", default="ho-so-dang-vien@localhost")
# The beginning of addresses in mails: https://dangvien.tinh.vn; empty where it isn't said.
SITE_ADDRESS = next(iter(environment.origins("SITE_ADDRESS")), next(iter(CSRF_TRUSTED_ORIGINS), ""))

# To standard error only, without values of records (config/quiet_logs.py); nothing is mailed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "config.quiet_logs.QuietFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        # It writes user names, also wrongly typed ones; the attempts stand in the database.
        "axes": {"level": "ERROR"},
    },
}
