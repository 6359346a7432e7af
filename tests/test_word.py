"""A Word template fills in what it is given, and can do nothing else: not call, not reach, not grow, not last."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import time
import zipfile
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement

from config.word import MOST_ROUNDS, plain, render_word

REMOTE_TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
ROWS = {"rows": [{"name": "Trần Thị Ánh", "on": dt.date(2015, 9, 5)}, {"name": "Lê Bình", "on": None}]}


def template(*paragraphs: str, header: str = "", title: str = "", link: str = "") -> bytes:
    document, stream = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    document.core_properties.title = title
    if link:
        document.part.relate_to("https://evil.example/x.dotm", link, is_external=True)
    document.save(stream)
    return stream.getvalue()


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs if paragraph.text]


def refused(*paragraphs: str, context=ROWS, **parts: str) -> str:
    """What the person reads whose template is refused, at once."""
    made, began = template(*paragraphs, **parts), time.perf_counter()
    with pytest.raises(ValidationError) as caught:
        render_word(made, context)
    assert time.perf_counter() - began < 5
    (message,) = caught.value.messages
    assert "ãy " in message
    return message


def test_fields_conditions_and_loops_are_filled_in():
    content = render_word(
        template(
            "Kính gửi {{ committee }}",
            "{%p for row in rows %}",
            "{{ loop.index }}. {{ row.name|upper }}, {{ row.on|ngay }}{% if not row.on %} chưa rõ ngày{% endif %}",
            "{%p endfor %}",
            "Cộng: {{ rows|length }}{{ note|default('') }} ({{ share }})",
            header="{{ committee }}",
        ),
        ROWS | {"committee": "Đảng ủy Khối", "share": Decimal("12.50")},
    )
    assert lines(content) == [
        "Kính gửi Đảng ủy Khối",
        "1. TRẦN THỊ ÁNH, 05/09/2015",
        "2. LÊ BÌNH,  chưa rõ ngày",
        "Cộng: 2 (12.50)",
    ]
    assert Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text == "Đảng ủy Khối"


def test_values_stay_text_whatever_they_hold():
    """No markup, no instruction, no control character in a value becomes part of the paper."""
    values = ["</w:t><w:br/>", "{{ 7*7 }} {% for %}", "A & B < C", "a\0b\x1b", "x\ay\fz"]
    shown = lines(
        render_word(template("{{ a }}|{{ b }}|{{ c }}|{{ d }}|{{ e }}"), dict(zip("abcde", values, strict=True)))
    )
    assert shown == ["</w:t><w:br/>|{{ 7*7 }} {% for %}|A & B < C|ab|xyz"]


def test_unknown_field_is_named():
    assert "«cap_uy»" in refused("{{ cap_uy }}")
    assert "«ten»" in refused("{% for row in rows %}{{ row.ten }}{% endfor %}")
    assert "«khong_co»" in refused("a", header="{{ khong_co }}")
    assert "«khong_co»" in refused("a", title="{{ khong_co }}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ rows.__class__.__mro__ }}",
        "{{ rows[0]['__class__'] }}",
        "{{ rows['append'] }}",
        "{{ rows.append }}",
        "{{ 'a'.join }}",
        "{{ rows|attr('__class__') }}",
        "{{ self }}",
        "{{ self.__init__ }}",
        "{{ loop }}",
        "{{ request }}",
        "{{ config }}",
        "{{ lipsum }}",
        "{% for row in rows %}{{ loop.nextitem }}{% endfor %}",
        "{% for row in rows %}{{ loop._iterable }}{% endfor %}",
    ],
)
def test_nothing_behind_a_value_can_be_reached(text):
    refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ rows.append(1) }}",
        "{{ range(10**9) }}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ 'a' ~ 'b' }}",
        "{{ lipsum(n=100000) }}",
        "{{ cycler('a', 'b') }}",
        "{{ rows|map('attr', 'x')|list }}",
        "{{ rows|rounds }}",
        "{{ '<w:br/>'|safe }}",
        "{% autoescape false %}{{ rows }}{% endautoescape %}",
        "{% set a = 'b' %}{{ a }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% for row in rows recursive %}{{ loop(rows) }}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as a %}",
        "{% extends '/etc/passwd' %}",
        "{% block a %}{% endblock %}",
        "{% filter upper %}a{% endfilter %}",
        "{% raw %}a{% endraw %}{{ b() }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
    ],
)
def test_instructions_beyond_filling_in_are_refused(text):
    refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ a",
        "{% if a",
        "a }} {{ b",
        "{{ {{ a }} }}",
        "{% for row in rows %}",
        "{% endfor %}",
        "{{ a b }}",
        "{{ " + "a" * 400 + " }}",
        "{{ rows > 'a' }}",
        "{% for letter in 5 %}{% endfor %}",
        "{% for a in rows %}" * 30 + "{% endfor %}" * 30,
        "{% if rows %}" * 200 + "{% endif %}" * 200,
        "{{ " + "(" * 140 + "a" + ")" * 140 + " }}",
        "{{ a }}" * 3000,
    ],
)
def test_wrong_template_gets_a_sentence_instead_of_an_error(text):
    refused(text)


def test_loops_within_loops_come_to_an_end():
    context = {"rows": list(range(300))}
    depth = 5
    assert "lặp quá nhiều" in refused("{% for a in rows %}" * depth + "{% endfor %}" * depth, context=context)
    letters = {"rows": "a" * 1000}
    assert "lặp quá nhiều" in refused("{% for a in rows %}" * depth + "{% endfor %}" * depth, context=letters)
    assert 300**2 < MOST_ROUNDS < 300**3


def test_paper_that_grows_too_long_is_refused():
    context = {"rows": list(range(2000)), "text": "a" * 30_000}
    assert "quá dài" in refused("{% for row in rows %}{{ text }}{% endfor %}", context=context)


@pytest.mark.parametrize(
    "text",
    [
        "{{r " * 60_000,
        "{% colspan" + " " * 60_000,
        "{% cellbg " * 20_000,
        "{{" * 100_000,
        "{%" * 100_000,
        "{#" * 100_000,
        "{" * 200_000,
        "}" * 200_000,
        "{% vm %}" * 30_000,
        ("{% hm" + " " * 200) * 500,
        "{%-" * 60_000,
        "-%}" * 60_000,
        "{% a -%}" * 1900,
        "{{r a }}" * 1900,
        ("{% colspan" + " " * 280 + "%}") * 1900,
        ("{% colspan" + " " * 140 + "x" + " " * 130 + "%}") * 1900,
    ],
)
def test_search_through_a_hostile_template_ends_soon(text):
    """docxtpl looks for its marks with patterns that could take hours; the look before it does not."""
    began = time.perf_counter()
    with contextlib.suppress(ValidationError):
        render_word(template(text), {})
    assert time.perf_counter() - began < 8


def test_file_that_is_no_safe_word_file_is_refused():
    with pytest.raises(ValidationError, match=r"Word \(\.docx\)"):
        render_word(b"%PDF-1.7", {})
    bomb = io.BytesIO(template("a"))
    with zipfile.ZipFile(bomb, "a") as package:
        package.writestr("word/x.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    with pytest.raises(ValidationError, match="không an toàn"):
        render_word(bomb.getvalue(), {})


@pytest.mark.parametrize("damaged", ["word/document.xml", "word/_rels/document.xml.rels", "_rels/.rels"])
def test_damaged_word_file_gets_a_sentence(damaged):
    source, stream = zipfile.ZipFile(io.BytesIO(template("a"))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name in source.namelist():
            package.writestr(name, b"<a><b></a>" if name == damaged else source.read(name))
    with pytest.raises(ValidationError, match="hỏng"):
        render_word(stream.getvalue(), {})


def test_template_that_fetches_from_elsewhere_is_refused_but_may_link():
    for kind in (RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.OLE_OBJECT, REMOTE_TEMPLATE):
        assert "trỏ đến tệp ở nơi khác" in refused("a", link=kind)
    assert lines(render_word(template("a", link=RELATIONSHIP_TYPE.HYPERLINK), {})) == ["a"]


def with_code(*pieces: str) -> bytes:
    """A template with a field code of Word's own, cut into pieces."""
    document, stream = Document(), io.BytesIO()
    for piece in pieces:
        code = OxmlElement("w:instrText")
        code.text = piece
        document.add_paragraph("a").add_run()._r.append(code)
    document.save(stream)
    return stream.getvalue()


def test_field_codes_that_fetch_or_start_something_are_refused_and_page_numbers_stay():
    for pieces in ((' DDEAUTO c:\\a.exe "x"',), (" DD", "EAUTO a"), (' includetext "\\\\evil\\a"',)):
        with pytest.raises(ValidationError, match="mã trường"):
            render_word(with_code(*pieces), {})
    assert lines(render_word(with_code(" PAGE "), {})) == ["a"]


def test_only_plain_values_come_in():
    """Whatever has methods of its own stays outside, so that no template can meet it."""
    assert plain({"a": [("b", 1)], 2: None}) == {"a": [["b", 1]], "2": None}
    for value in (object(), len, dt.timedelta(1), re.compile("a"), b"a", {1, 2}, type("Text", (), {})()):
        with pytest.raises(TypeError):
            render_word(template("a"), {"value": [value]})


def test_text_in_the_template_that_looks_like_a_mark_alone_is_kept():
    assert lines(render_word(template("Mục {a}, 50 % {"), {})) == ["Mục {a}, 50 % {"]
