"""A committee of a few members, for tests that reckon its figures by hand; run as a module on an empty database."""

from __future__ import annotations

import django

django.setup()

from members import audit  # noqa: E402
from tests.browser.conftest import PASSWORD  # noqa: E402
from tests.builders import make_member  # noqa: E402
from tests.conftest import Cast, make_cast  # noqa: E402

SINCE = "1981-03-02"


def load() -> Cast:
    """The cast, all with the password of the demonstration; official men since 1982: A1 has three, B has two."""
    with audit.event():
        cast = make_cast()
        for user in cast.users.values():
            user.set_password(PASSWORD)
            user.save()
        for name in ("Trần Văn Dẫn", "Vũ Đình Hướng", "Phạm Bá Chi"):
            make_member(cast.a_cell_1, name, SINCE)
        for name in ("Lê Hữu Bến", "Đoàn Thế Bờ"):
            make_member(cast.b, name, SINCE)
    return cast


if __name__ == "__main__":
    load()
