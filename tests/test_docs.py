"""The documents say what the code says: codes, terms, commands, links; and nothing of where they were written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from config.access import ScopedQuerySet
from reviews.indicators import BY_CODE, FIGURES

TOP = Path(__file__).parent.parent
APPS = ("config", "members", "training", "reviews")
DOCUMENTS = sorted([TOP / "README.md", *(TOP / "docs").glob("*.md")])
FIGURES_PAGE = TOP / "docs" / "figures.md"
GLOSSARY = TOP / "docs" / "glossary.md"

MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]


def subclasses(base: type) -> Iterator[type]:
    """Every class of the apps below `base`."""
    for found in base.__subclasses__():
        if found.__module__.partition(".")[0] in APPS:
            yield found
        yield from subclasses(found)


CHOICES = sorted(set(subclasses(models.Choices)), key=lambda choices: choices.__name__)
QUERYSETS = sorted(set(subclasses(ScopedQuerySet)), key=lambda queryset: queryset.__name__)
METHODS = [
    f"{queryset.__name__}.{name}"
    for queryset in QUERYSETS
    for name, value in vars(queryset).items()
    if callable(value) and not name.startswith("_") and not hasattr(ScopedQuerySet, name)
]


def quoted(path: Path) -> set[str]:
    """Everything that stands between single backticks."""
    return set(re.findall(r"`([^`\n]+)`", path.read_text(encoding="utf-8")))


def rows(path: Path) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.startswith("|")]


# Figures


def test_figures_page_names_every_code_and_no_other():
    kinds = "|".join(sorted({code.partition(".")[0] for code in BY_CODE}))
    text = FIGURES_PAGE.read_text(encoding="utf-8")
    named = set(re.findall(rf"(?<![\w./])(?:{kinds})\.\w+(?:\.\w+)*", text))
    assert named == set(BY_CODE)


def test_figures_page_has_the_registrys_labels_wholes_and_bases_in_printed_order():
    code_of = {f"`{code}`": code for code in BY_CODE}
    tables = [row for row in rows(FIGURES_PAGE) if row[0] in code_of]

    def code_or_dash(code: str | None) -> str:
        return f"`{code}`" if code else "–"

    expected = [
        [f"`{figure.code}`", figure.label, code_or_dash(figure.part_of), code_or_dash(figure.base)]
        for figure in FIGURES
    ]
    assert [[code, label, whole, base] for code, label, _what, whole, base in tables] == expected


# Glossary


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_glossary_has_the_model(model):
    assert model.__name__ in {name for text in quoted(GLOSSARY) for name in re.findall(r"\w+", text)}


@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: choices.__name__)
def test_glossary_has_the_choices_with_their_values_and_labels(choices):
    (values,) = [row[1] for row in rows(GLOSSARY) if row[0] == f"`{choices.__name__}`"]
    assert values.split(" · ") == [f"`{value}` {label}" for value, label in choices.choices]


@pytest.mark.parametrize("method", METHODS)
def test_glossary_has_the_method_of_the_queryset(method):
    assert method in quoted(GLOSSARY)


def test_glossary_names_no_method_that_is_not_there():
    named = {text for text in quoted(GLOSSARY) if re.fullmatch(r"\w+QuerySet\.\w+", text)}
    assert named == set(METHODS)


# Commands, settings and links


def test_make_targets_of_the_documents_exist():
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for path in DOCUMENTS for target in re.findall(r"(?<=make )[a-z]+(?=[`\s]|$)", commands(path))}
    assert {"demo", "test"} <= named <= targets


def commands(path: Path) -> str:
    """What stands in code blocks and between backticks, a line each."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *quoted(path)])


def test_readme_names_every_variable_that_the_settings_read():
    sources = [TOP / "config" / name for name in ("settings.py", "environment.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    read = re.findall(
        r"(?:flag|folder|long_key|number|words|choices|origins|env\.str|env\.list)\(\s*\"([A-Z_]+)\"", text
    )
    assert read
    assert set(read) <= quoted(TOP / "README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)", path.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_named_in_the_text_exist(path):
    folders = "|".join([*APPS, "templates", "tests", "docs", "bench"])
    named = {text for text in quoted(path) if re.fullmatch(rf"(?:{folders})/[\w./-]*\w+\.\w+", text)}
    assert [name for name in sorted(named) if not (TOP / name).exists()] == []


# Put together here, so that this file doesn't hold them itself.
FORBIDDEN = [
    "pypi" + ".",
    "python" + "hosted",
    "npm" + "js",
    "deb." + "debian",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "/" + "work/",
]


def files() -> Iterator[Path]:
    """The files of the repository; folders with a dot are made by tools, but for the one of the scripts."""
    for path in TOP.iterdir():
        if path.is_file() and path.name != ".secret_key":
            yield path
        elif path.is_dir() and (not path.name.startswith(".") or path.name == ".ci"):
            yield from (found for found in path.rglob("*") if found.is_file() and found.suffix != ".pyc")


def test_no_file_names_a_package_registry_or_a_workplace():
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8").lower()
        except UnicodeDecodeError:
            continue  # a picture
        found += [(str(path.relative_to(TOP)), word) for word in FORBIDDEN if word in text]
    assert found == []
