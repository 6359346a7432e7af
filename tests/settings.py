"""The product's settings under an environment fixed for tests; only DATABASE_URL is taken from outside."""

import atexit
import os
import shutil
import tempfile

OUTSIDE = (
    "ALLOWED_HOSTS AUDIT_ANCHORS AUDIT_KEY CSRF_TRUSTED_ORIGINS PARENT_COMMITTEE_NAME PLACE_NAME SECRET_KEY_FILE "
    "SESSION_HOURS SESSION_IDLE_MINUTES SSL_REDIRECT TRUSTED_PROXIES UPLOAD_MEGABYTES"
)
for name in OUTSIDE.split():
    os.environ.pop(name, None)
# Documents of tests go with the run.
DOCUMENTS = tempfile.mkdtemp(prefix="documents-")
atexit.register(shutil.rmtree, DOCUMENTS, ignore_errors=True)
os.environ.update(DOCUMENT_FOLDER=DOCUMENTS, SECRET_KEY="t" * 60, DEBUG="0", SECURE="0", SECOND_FACTOR_ROLES="")

from config.settings import *  # noqa: E402, F403
from config.settings import STORAGES  # noqa: E402

# Nothing is collected for tests: static files come from their sources, under their own names.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

PASSWORD_HASHERS = ["tests.hashers.QuickArgon2id"]

# A process of its own would not see what a test's transaction holds; where there is a server, it goes on there.
IMPORT_IN_PROCESS = False
