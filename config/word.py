"""Word papers out of templates that the office edits in Word.

A template may name fields, choose and repeat; it can call nothing, reach nothing behind a value, and run no longer
than a moment. What fields there are is the caller's business.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from config.uploads import MEGABYTE, FileKind, check_upload
from config.workbook import clean

LARGEST_TEMPLATE = 5 * MEGABYTE
# Of one part of the paper (body, header …) as XML; of all rounds of its loops; of the time for it all.
LONGEST_PART, MOST_ROUNDS, MOST_SECONDS = 20 * MEGABYTE, 100_000, 15
# In a part of the template: the text, the places to fill, and how long one may be.
LONGEST_SOURCE, MOST_PLACES, LONGEST_PLACE = 4 * MEGABYTE, 2000, 300
MOST_LEVELS = 15

# Everything that a template may be made of.
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.If, nodes.CondExpr, nodes.For, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test,
)  # fmt: skip
COMPARISONS = {"eq", "ne", "gt", "gteq", "lt", "lteq"}
TESTS = ("defined", "undefined", "none")


def render_word(template: bytes, context: Mapping[str, Any]) -> bytes:
    """The paper: `template`, a .docx with {{ field }}, {% if … %} and {% for … in … %}, filled from `context`.

    `context` holds plain values only (text, numbers, dates, None, lists and mappings of them); anything else is a
    TypeError. Raises ValidationError, for the person who keeps the template, for a file that is no safe .docx,
    an unknown field, a forbidden or wrong instruction, and a paper that grows too long or takes too long.
    """
    file = io.BytesIO(template)
    check_upload(file, {FileKind.DOCX}, LARGEST_TEMPLATE)
    paper, values, written = _Paper(file), plain(context), io.BytesIO()
    try:
        paper.check_links()
        paper.render(values, _Sandbox())
        paper.save(written)
    except UndefinedError as error:
        raise _wrong(f"Mẫu Word dùng trường không có: «{_field(error)}». Hãy sửa tên trường trong mẫu.") from error
    except TemplateError as error:
        raise _wrong(f"Mẫu Word có chỗ {{{{ … }}}} hoặc {{% … %}} viết sai{_near(error)}. Hãy sửa mẫu.") from error
    except (AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError) as error:
        raise _wrong("Mẫu Word hỏng, hoặc dùng trường sai cách (như so sánh chữ với số). Hãy sửa mẫu.") from error
    return written.getvalue()


def _wrong(message: str) -> ValidationError:
    return ValidationError(message, code="template")


def _field(error: UndefinedError) -> str:
    """The name in the message: "'x' is undefined", "'dict object' has no attribute 'x'"."""
    found = re.findall(r"'([^']*)'", str(error))
    return found[-1][:80] if found else "?"


def _near(error: TemplateError) -> str:
    """The text of the template about the wrong place, where docxtpl tells it."""
    lines = [" ".join(line.split()) for line in getattr(error, "docx_context", ())]
    text = " ".join(line for line in lines if "{" in line or "}" in line)
    return f" (gần «{text[:120]}»)" if text else ""


def plain(value: Any) -> Any:
    """A copy of `value` in which a template finds nothing but data; TypeError for anything that isn't."""
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if value is None or type(value) in {bool, int, float, Decimal, dt.date, dt.datetime}:
        return value
    raise TypeError(f"A paper cannot hold {type(value).__name__}.")


# --- The file --------------------------------------------------------------------------------------


class _Paper(DocxTemplate):
    """docxtpl, whose own search through the XML is kept short by looking at the places to fill first."""

    def check_links(self) -> None:
        """Refuse what Word would fetch from elsewhere when the paper is opened; links to click may stay."""
        self.init_docx()
        for part in self.docx.part.package.iter_parts():
            for link in part.rels.values():
                if link.is_external and not link.reltype.endswith("/hyperlink"):
                    raise _wrong("Mẫu Word trỏ đến tệp ở nơi khác. Hãy chép nội dung sang một tệp mới.")

    def patch_xml(self, src_xml: str) -> str:
        """Every part of the paper goes through here before it is understood."""
        _check_places(src_xml)
        _check_field_codes(src_xml)
        patched: str = super().patch_xml(src_xml)
        return patched


# A place to fill in, and what would begin or end one.
_PLACE = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}%]*%\}|\{#[^{}#]*#\}")
_MARK = re.compile(r"\{[{%#]|[}%#]\}")


def _check_places(xml: str) -> None:
    """Each place is short, closed, not within another one, not within a tag; there are not too many."""
    if len(xml) > LONGEST_SOURCE:
        raise _wrong("Mẫu Word quá dài. Hãy chia thành nhiều mẫu.")
    # A brace may stand in a run of its own: the tags between do not count.
    text = re.sub(r"<[^>]*>", "", xml)
    places = [len(found[0]) for found in _PLACE.finditer(text)]
    in_tags = any(_MARK.search(tag) for tag in re.findall(r"<[^>]*>", xml))
    if in_tags or _MARK.search(_PLACE.sub("", text)) or max(places, default=0) > LONGEST_PLACE:
        raise _wrong("Mẫu Word có chỗ {{ … }} hoặc {% … %} chưa mở, chưa đóng, quá dài hoặc lồng nhau. Hãy sửa mẫu.")
    if len(places) > MOST_PLACES:
        raise _wrong(f"Mẫu Word có quá {MOST_PLACES} chỗ cần điền. Hãy chia thành nhiều mẫu.")


# Word's own field codes that fetch from a file or start a program; they may be cut into pieces.
_CODE = re.compile(r"<w:instrText[^>]*>([^<]*)")
_SIMPLE_CODE = re.compile(r"\bw:instr=\"([^\"]*)\"")
_FETCHING = re.compile(r"\b(DDE|DDEAUTO|LINK|IMPORT|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|DATABASE|RD)\b", re.IGNORECASE)


def _check_field_codes(xml: str) -> None:
    codes = ["".join(_CODE.findall(xml)), *_SIMPLE_CODE.findall(xml)]
    if any(_FETCHING.search(code) for code in codes):
        raise _wrong("Mẫu Word có mã trường lấy dữ liệu từ nơi khác. Hãy xóa các trường đó (Ctrl+F9 để xem).")


# --- The language ----------------------------------------------------------------------------------


class _Bounded(Template):
    """A template whose text stops growing at a limit."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """As usual, but piece by piece."""
        pieces, length = [], 0
        for piece in self.generate(*args, **kwargs):
            pieces.append(piece)
            length += len(piece)
            if length > LONGEST_PART:
                raise _wrong("Văn bản tạo ra quá dài. Hãy kiểm tra các đoạn lặp trong mẫu Word.")
        return "".join(pieces)


class _Sandbox(SandboxedEnvironment):
    """What a template's instructions may do; one for each paper, since it counts."""

    template_class = _Bounded

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals = {}
        self.tests = {name: self.tests[name] for name in TESTS}
        own = {"ngay": as_date, "rounds": self.rounds}
        self.filters = {name: self.filters[name] for name in ("default", "length", "upper")} | own
        self.left, self.until = MOST_ROUNDS, time.monotonic() + MOST_SECONDS

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """Compile what is allowed, with every loop counted."""
        tree = self.parse(source)
        _check_nodes(tree)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "rounds", [], [], None, None, lineno=loop.lineno)
        return super().from_string(tree, *args, **kwargs)

    def rounds(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows of a loop, while rounds and time are left."""
        for row in rows:
            self.left -= 1
            if self.left < 0 or time.monotonic() > self.until:
                raise _wrong("Mẫu Word lặp quá nhiều. Hãy kiểm tra các đoạn {% for … %} trong mẫu.")
            yield row

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An entry of a mapping, the counter of a loop, or nothing: never what belongs to a Python object."""
        if isinstance(obj, LoopContext) and attribute in {"index", "first", "last", "length"}:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An entry of a mapping or of a list."""
        try:
            return obj[argument] if isinstance(obj, dict | list) else self.undefined(obj=obj, name=argument)
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=argument)


def as_date(value: Any) -> str:
    """A date as people write it: 05/09/2015; empty for None."""
    return f"{value:%d/%m/}{value.year:04}" if isinstance(value, dt.date) else ""


def _check_nodes(tree: nodes.Template) -> None:
    """Refuse instructions outside `ALLOWED`: they could call, write, grow or leave the escaping of values."""
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, levels = waiting.pop()
        levels += isinstance(node, nodes.For | nodes.If)
        if not _is_allowed(node) or levels > MOST_LEVELS:
            raise _wrong(
                "Mẫu Word có chỉ dẫn không được dùng. Hãy chỉ dùng {{ trường }}, {% if … %} và {% for … in … %}."
            )
        waiting += [(child, levels) for child in node.iter_child_nodes()]


def _is_allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.For):
        return not node.recursive
    if isinstance(node, nodes.Filter):
        return node.name != "rounds"
    if isinstance(node, nodes.Operand):
        return node.op in COMPARISONS
    if isinstance(node, nodes.Name):
        return node.name != "self"
    return isinstance(node, (*ALLOWED, nodes.Compare))
