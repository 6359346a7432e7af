"""Every list of an office as it comes is read and shown in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_import import check, upload
from tests.intake.conftest import CORPUS

pytestmark = pytest.mark.browser


def test_every_list_of_an_office_is_read_and_shown(open_page):
    page = open_page("vanphong", bypass_csp=True)
    lists = [path for path in sorted(CORPUS.glob("*.*")) if path.suffix not in {".json", ".md"}]
    assert lists
    for path in lists:
        upload(page, (path.name, path.read_bytes()))
        expect(page.locator("main table").first).to_be_visible()
        check(page)
