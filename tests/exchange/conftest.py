"""The lists with answers stand beside the project; where they are not, their test is not collected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.conftest import CORPUS

collect_ignore = [] if CORPUS.is_dir() else ["test_corpus_command.py"]


@pytest.fixture(autouse=True)
def import_folder(settings: Any, tmp_path: Path) -> None:
    """Where works tell how far they are: apart for each test."""
    settings.IMPORT_FOLDER = tmp_path / "imports"
