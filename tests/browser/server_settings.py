"""The tests' settings for a server that browsers talk to: static files straight from their sources."""

from tests.settings import *  # noqa: F403

WHITENOISE_USE_FINDERS = True
# Long imports as on a server.
IMPORT_IN_PROCESS = True
