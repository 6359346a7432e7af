"""The apps import one way: config ← members ← training ← reviews."""

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
APPS = ("config", "members", "training", "reviews")
# They name the apps that the project is made of.
EXEMPT = {"config/urls.py", "config/settings.py"}


def modules_imported(source: str) -> set[str]:
    """The first part of every module imported anywhere in `source`, also within functions."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_imports_are_found_wherever_they_stand():
    source = "import reviews.summary\ndef f():\n    from training.models import Programme\n"
    assert modules_imported(source) == {"reviews", "training"}


@pytest.mark.parametrize("app", APPS)
def test_app_imports_only_what_stands_to_its_left(app):
    forbidden = set(APPS[APPS.index(app) + 1 :]) | {"tests", "bench"}
    files = sorted((TOP / app).rglob("*.py"))
    assert files
    wrong = {
        str(path.relative_to(TOP)): found
        for path in files
        if str(path.relative_to(TOP)) not in EXEMPT
        and (found := modules_imported(path.read_text(encoding="utf-8")) & forbidden)
    }
    assert wrong == {}
