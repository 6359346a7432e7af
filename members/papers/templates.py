"""Templates of papers: which one is in use, checking one that comes in, keeping it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from config.access import Permission
from config.uploads import FileKind, check_upload
from config.word import LARGEST_TEMPLATE, render_word
from members.audit import audited
from members.models import PaperTemplate, User
from members.papers.defaults import default_template
from members.papers.fields import FIELDS, sample
from members.services.checks import write_checked

# How much of a paragraph tells where something stands, and how many places are told.
TOLD, MOST_TOLD = 60, 20
_PLACE = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}")
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'|\|\s*\w+")
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*")
_LOOP = re.compile(r"(?:tr|tc|p|r)?\s*for\s+(\w+)\s+in\s+(\w+)")
_WORDS = {"if", "elif", "else", "endif", "for", "in", "endfor", "and", "or", "not", "is", "defined", "undefined"}
_WORDS |= {"none", "true", "false", "None", "True", "False", "loop", "tr", "tc", "p", "r"}


def template_content(kind: str) -> bytes:
    """The template that papers of the kind are made from: the office's, else the program's own."""
    stored = PaperTemplate.objects.in_use().filter(kind=kind).first()
    return bytes(stored.content) if stored else default_template(kind)


@audited
def add_template(*, kind: str, file: Any, by: User | None) -> PaperTemplate:
    """Keep a template that came in and use it from now on, once it was filled with sample data.

    ValidationError names every unknown field with where it stands, or what else is wrong.
    """
    _require(by)
    content = check_template(kind, file)
    PaperTemplate.objects.in_use().filter(kind=kind).update(is_in_use=False)
    return write_checked(
        PaperTemplate(
            kind=kind,
            name=file.name[:255],
            content=content,
            sha256=sha256(content).hexdigest(),
            is_in_use=True,
            uploaded_by=by,
            uploaded_at=timezone.now(),
        )
    )


@audited
def use_template(*, kind: str, template: PaperTemplate | None, by: User | None) -> None:
    """Make papers of the kind from a template that was kept or, with None, from the program's own."""
    _require(by)
    PaperTemplate.objects.in_use().filter(kind=kind).update(is_in_use=False)
    if template is not None:
        template.refresh_from_db()
        template.is_in_use = True
        write_checked(template)


def _require(by: User | None) -> None:
    if by is not None and not by.has_perm(Permission.CHANGE_REFERENCE):
        raise PermissionDenied


# --- Checking --------------------------------------------------------------------------------------


def check_template(kind: str, file: Any) -> bytes:
    """The content of a template that can be filled; ValidationError, with what to do, for any other."""
    check_upload(file, {FileKind.DOCX}, LARGEST_TEMPLATE)
    content: bytes = file.read()
    places = list(_places(content))
    wrong = list(_unknown(kind, places))
    if wrong:
        more = [f"… và {len(wrong) - MOST_TOLD} chỗ khác."] if len(wrong) > MOST_TOLD else []
        raise ValidationError([*wrong[:MOST_TOLD], *more], code="unknown")
    if not places:
        raise ValidationError("Tệp không có chỗ nào để điền. Hãy ghi tên trường trong hai cặp ngoặc, như {{ ho_ten }}.")
    render_word(content, sample(kind))
    return content


def _places(content: bytes) -> Iterator[tuple[str, str]]:
    """What is to be filled in, each with the paragraph it stands in."""
    try:
        paper = Document(io.BytesIO(content))
    except (KeyError, ValueError, AttributeError) as error:
        raise ValidationError("Tệp Word hỏng. Hãy mở tệp, lưu lại rồi gửi lần nữa.") from error
    for text in _paragraphs(paper):
        for found in _PLACE.finditer(text):
            yield found[1] or found[2], text


def _paragraphs(paper: Any) -> Iterator[str]:
    """The texts of the body, of tables within tables, of heads and feet, in their order."""
    parts = [paper.element.body]
    for section in paper.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            parts += [] if part.is_linked_to_previous else [part._element]
    for part in parts:
        for paragraph in part.iter(qn("w:p")):
            yield "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))


def _unknown(kind: str, places: list[tuple[str, str]]) -> Iterator[str]:
    """A sentence for every field that the kind doesn't have."""
    fields = {field.name: {row.name for row in field.rows} for field in FIELDS[kind]}
    loops: dict[str, str] = {}
    for inside, text in places:
        loops |= dict(_LOOP.findall(inside))
        for name in _NAME.findall(_TEXT.sub(" ", inside)):
            first, _, rest = name.partition(".")
            if first in _WORDS or (first in loops and not rest):
                continue
            known = fields.get(loops[first], set()) if first in loops else set(fields)
            asked = rest if first in loops else first
            if asked not in known:
                yield _told(name, asked, known, text)


def _told(name: str, asked: str, known: set[str], text: str) -> str:
    near = get_close_matches(asked, sorted(known), n=1)
    hint = f" Có phải «{near[0]}» không?" if near else ""
    where = " ".join(text.split())
    place = where if len(where) <= TOLD else f"{where[:TOLD]}…"
    return f"Không có trường «{name}» (ở đoạn “{place}”).{hint}"
