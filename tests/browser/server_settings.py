"""The tests' settings for a server that browsers talk to: static files straight from their sources."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403

WHITENOISE_USE_FINDERS = True
# Long imports as on a server.
IMPORT_IN_PROCESS = True
# What the server and its commands write besides the database is theirs together.
FOLDER = Path(os.environ["BROWSER_TEST_FOLDER"])
DOCUMENT_FOLDER = FOLDER / "documents"
AUDIT_ANCHORS = str(FOLDER / "audit.anchors")
