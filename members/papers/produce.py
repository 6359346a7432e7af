"""Papers as files: one as a Word file, several as a ZIP; recorded as an export."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from config.word import render_word
from members import audit
from members.models import PaperKind, Person
from members.papers.facts import Letterhead, paper_values
from members.papers.templates import template_content
from members.text import plain_letters

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A paper takes about a tenth of a second.
MOST_PEOPLE = 100


def produce(kind: str, people: Sequence[Person], head: Letterhead, *, by: Any) -> tuple[bytes, str, str]:
    """The file, its name and its type; ValidationError, in words, where the template can't be filled."""
    template = template_content(kind)
    papers = [render_word(template, values) for values in paper_values(kind, people, head)]
    label = _plain(PaperKind(kind).label)
    if kind == PaperKind.BADGE_LIST:
        content, name, of_type = papers[0], f"{label}.docx", DOCX
    elif len(papers) == 1:
        content, name, of_type = papers[0], f"{label}-{_plain(people[0].full_name)}.docx", DOCX
    else:
        content, name, of_type = _zipped(label, people, papers), f"{label}.zip", "application/zip"
    audit.record_export(
        title=f"văn bản “{PaperKind(kind).label}”",
        organisation=head.issuer,
        name=name,
        content=content,
        people=[person.pk for person in people],
        by=by,
    )
    return content, name, of_type


def _zipped(label: str, people: Sequence[Person], papers: Sequence[bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for number, (person, paper) in enumerate(zip(people, papers, strict=True), 1):
            archive.writestr(f"{number:02}-{label}-{_plain(person.full_name)}.docx", paper)
    return stream.getvalue()


def _plain(text: str) -> str:
    """The words of a text in plain letters, with dashes between."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain_letters(text))
    return "-".join(letters.split())
