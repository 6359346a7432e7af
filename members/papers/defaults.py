"""The templates that the program brings: Party documents by 05-HD/VPTW (A4, Times New Roman 14).

Written anew whenever one is asked for, so that the office finds a file to begin its own with.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from members.models.papers import PaperKind
from members.papers.fields import FIELDS, Field

FONT, SIZE, LINE = "Times New Roman", 14, 19
CENTRE, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@cache
def default_template(kind: str) -> bytes:
    """The program's own template of that kind, as a .docx file."""
    paper = _new_paper()
    WRITERS[kind](paper)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _new_paper() -> Any:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    fonts = style.element.rPr.rFonts
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    return paper


def _room(paper: Any) -> float:
    """The room between the margins, in mm."""
    section = paper.sections[0]
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def _text(place: Any, text: str, *, bold: bool = False, size: int = SIZE, centred: bool = False, **looks: bool) -> Any:
    paragraph = place.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    run.italic, run.underline = looks.get("italic", False), looks.get("underlined", False)
    if centred:
        paragraph.alignment = CENTRE
    return paragraph


def _body(paper: Any, text: str, *, bold_start: str = "") -> None:
    """A paragraph of the text: first line 10 mm in, lines of 19 points, both edges straight."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = BOTH
    looks = paragraph.paragraph_format
    looks.first_line_indent, looks.space_before = Mm(10), Pt(4)
    looks.line_spacing_rule, looks.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(LINE)
    if bold_start:
        paragraph.add_run(bold_start).bold = True
    paragraph.add_run(text)


def _table(paper: Any, widths: Sequence[float], rows: int = 1, *, framed: bool = False) -> Any:
    table = paper.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    if framed:
        table.style = "Table Grid"
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)  # LibreOffice goes by this, Word by the cells
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _cell(cell: Any, *lines: tuple[str, dict[str, Any]]) -> None:
    for text, looks in lines:
        _text(cell, text, **{"centred": True, **looks})
    first = cell.paragraphs[0]._element
    first.getparent().remove(first)


def _head(paper: Any) -> None:
    """The organisation on the left, the Party's name with place and date on the right; never the State's head."""
    left, right = _table(paper, (84, _room(paper) - 84)).rows[0].cells
    _cell(
        left,
        ("{{ co_quan_cap_tren|upper }}", {}),
        ("{{ co_quan|upper }}", {"bold": True}),
        ("*", {}),
        ("Số {{ so_van_ban|default('……', true) }}", {}),
    )
    _cell(
        right,
        ("ĐẢNG CỘNG SẢN VIỆT NAM", {"bold": True, "size": 15, "underlined": True}),
        ("{{ noi_ban_hanh|default('…………', true) }}, {{ ngay_van_ban }}", {"italic": True}),
    )


def _title(paper: Any, title: str, about: str = "") -> None:
    _text(paper, title, bold=True, size=16, centred=True).paragraph_format.space_before = Pt(18)
    if about:
        _text(paper, about, bold=True, centred=True)
    _text(paper, "-----", centred=True)


def _end(paper: Any, *receivers: str) -> None:
    """Where the paper goes on the left, who signs on the right."""
    _text(paper, "", size=8)
    left, right = _table(paper, (70, _room(paper) - 70)).rows[0].cells
    left_lines: list[Any] = [("Nơi nhận:", {"underlined": True, "centred": False})] if receivers else [("", {})]
    left_lines += [(f"- {receiver}", {"size": 12, "centred": False}) for receiver in receivers]
    _cell(left, *left_lines)
    name = [("{{ nguoi_ky }}", {"bold": True})]
    _cell(right, ("{{ thay_mat }}", {"bold": True}), ("{{ chuc_vu_ky }}", {}), *[("", {})] * 4, *name)
    _keep_together(paper.tables[-1])


def _keep_together(table: Any) -> None:
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _rows(
    paper: Any, listed: Field, widths: Sequence[float], columns: Sequence[str], *, numbered: bool = False
) -> None:
    """A framed table with a row for each entry of a list; without any, an empty one to be filled in by hand."""
    table = _table(paper, widths, rows=6, framed=True)
    by_name = {row.name: row for row in listed.rows}
    labels = [*(["STT"] if numbered else []), *(by_name[name].label for name in columns)]
    values = [*(["{{ loop.index }}"] if numbered else []), *(f"{{{{ d.{name} }}}}" for name in columns)]
    for cell, label in zip(table.rows[0].cells, labels, strict=True):
        _cell(cell, (label, {"bold": True, "size": 11}))
    _repeat(table.rows[0])
    table.rows[1].cells[0].paragraphs[0].add_run(f"{{%tr for d in {listed.name} %}}")
    for cell, value in zip(table.rows[2].cells, values, strict=True):
        _cell(cell, (value, {"size": 11, "centred": value == "{{ loop.index }}"}))
    table.rows[3].cells[0].paragraphs[0].add_run("{%tr else %}")
    table.rows[5].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    _keep_together(table)


def _repeat(row: Any) -> None:
    """Let a heading stand on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


# --- The papers ------------------------------------------------------------------------------------

BLANK = "default('………………', true)"


def _admission(paper: Any) -> None:
    _head(paper)
    _title(paper, "QUYẾT ĐỊNH", "kết nạp đảng viên")
    _grounds(paper)
    _body(paper, "Kết nạp người có lý lịch dưới đây vào Đảng Cộng sản Việt Nam:", bold_start="Điều 1. ")
    _who(paper)
    _body(
        paper,
        "{{ to_chuc_cap_tren|default(to_chuc, true) }}, {{ to_chuc|default('chi bộ', true) }} và đồng chí {{ ho_ten }} "
        "chịu trách nhiệm thi hành quyết định này. Thời gian dự bị tính từ ngày chi bộ tổ chức lễ kết nạp.",
        bold_start="Điều 2. ",
    )
    _end(paper, "Như Điều 2", "Lưu Văn phòng cấp ủy.")


def _official(paper: Any) -> None:
    _head(paper)
    _title(paper, "QUYẾT ĐỊNH", "công nhận đảng viên chính thức")
    _grounds(paper)
    _body(paper, "Công nhận đảng viên dự bị dưới đây là đảng viên chính thức:", bold_start="Điều 1. ")
    _who(paper)
    _body(paper, f"Kết nạp vào Đảng theo quyết định ngày {{{{ ngay_ket_nap|{BLANK} }}}}; "
          f"được công nhận chính thức kể từ {{{{ ngay_chinh_thuc_bang_loi|{BLANK} }}}}.")  # fmt: skip
    _body(
        paper,
        "{{ to_chuc_cap_tren|default(to_chuc, true) }}, {{ to_chuc }} và đồng chí {{ ho_ten }} chịu trách nhiệm "
        "thi hành quyết định này.",
        bold_start="Điều 2. ",
    )
    _end(paper, "Như Điều 2", "Lưu Văn phòng cấp ủy.")


def _grounds(paper: Any) -> None:
    _body(paper, "- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;")
    _body(paper, f"- Xét {{{{ can_cu|{BLANK} }}}},")
    _text(paper, "{{ co_quan|upper }} QUYẾT ĐỊNH", bold=True, centred=True).paragraph_format.space_before = Pt(8)


def _who(paper: Any) -> None:
    _lines(paper, ("Họ và tên", "ho_ten_hoa"), ("Sinh", "ngay_sinh_bang_loi"), ("Quê quán", "que_quan"))
    _lines(paper, ("Nơi ở hiện nay", "noi_o"), ("Nghề nghiệp, chức vụ", "nghe_nghiep"), ("Sinh hoạt tại", "to_chuc"))


def _lines(paper: Any, *entries: tuple[str, str]) -> None:
    for label, name in entries:
        _body(paper, f"{{{{ {name}|{BLANK} }}}}", bold_start=f"{label}: ")


def _transfer(paper: Any) -> None:
    _head(paper)
    _title(paper, "GIẤY GIỚI THIỆU", "sinh hoạt đảng")
    _text(paper, f"Kính gửi: {{{{ noi_den|{BLANK} }}}}", centred=True)
    _body(paper, "{{ co_quan }} giới thiệu đồng chí:")
    _lines(paper, ("Họ và tên", "ho_ten_hoa"), ("Sinh", "ngay_sinh_bang_loi"), ("Quê quán", "que_quan"))
    _lines(paper, ("Vào Đảng ngày", "ngay_ket_nap"), ("Chính thức ngày", "ngay_chinh_thuc"), ("Số thẻ", "so_the"))
    _lines(paper, ("Số lý lịch", "so_ly_lich"), ("Đang sinh hoạt tại", "to_chuc"))
    _lines(paper, ("Lý do chuyển", "ly_do"), ("Đã đóng đảng phí hết tháng", "dang_phi"))
    _body(
        paper,
        "Được chuyển sinh hoạt đảng chính thức đến {{ noi_den|default('………………', true) }}. Đề nghị nơi nhận "
        "tạo điều kiện để đồng chí {{ ho_ten }} sinh hoạt, và gửi lại phiếu báo sau khi tiếp nhận.",
    )
    _end(paper, "Tổ chức đảng nơi đến", "Lưu.")


def _sheet(paper: Any) -> None:
    _head(paper)
    _title(paper, "PHIẾU ĐẢNG VIÊN", "Số lý lịch: {{ so_ly_lich }}")
    shown: tuple[str, ...] = (
        "ho_ten_hoa",
        "ten_khai_sinh",
        "ten_khac",
        "gioi_tinh",
        "ngay_sinh",
        "noi_sinh",
        "que_quan",
    )
    shown += ("noi_thuong_tru", "noi_o", "dan_toc", "ton_giao", "so_dinh_danh", "nghe_nghiep", "trinh_do_pho_thong")
    shown += ("trinh_do_chuyen_mon", "ly_luan_chinh_tri", "ngoai_ngu", "ngay_ket_nap", "noi_ket_nap")
    shown += ("ngay_chinh_thuc", "so_the", "ngay_cap_the", "to_chuc", "tuoi_dang")
    fields = {field.name: field for field in FIELDS[PaperKind.MEMBER_SHEET]}
    for number, name in enumerate(shown, 1):
        label = "Họ và tên đang dùng" if name == "ho_ten_hoa" else fields[name].label
        _body(paper, f"{{{{ {name}|{BLANK} }}}}", bold_start=f"{number:02}. {label}: ")
    tables = (
        ("qua_trinh_cong_tac", (20, 20, 45, 35, 45), ("tu", "den", "viec", "chuc_vu", "noi")),
        ("dao_tao", (45, 40, 18, 18, 44), ("truong", "nganh", "tu", "den", "van_bang")),
        ("huy_hieu", (55, 55, 55), ("moc", "ngay", "so")),
        ("khen_thuong", (25, 80, 60), ("nam", "hinh_thuc", "cap")),
        ("ky_luat", (45, 120), ("ngay", "hinh_thuc")),
        ("gia_dinh", (25, 45, 20, 40, 35), ("quan_he", "ho_ten", "nam_sinh", "nghe_nghiep", "noi_o")),
    )
    for number, (name, widths, columns) in enumerate(tables, len(shown) + 1):
        _body(paper, "", bold_start=f"{number:02}. {fields[name].label}:")
        _rows(paper, fields[name], widths, columns)
    _end(paper, "Lưu hồ sơ đảng viên.")


def _badges(paper: Any) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    _head(paper)
    _title(paper, "DANH SÁCH", "đề nghị tặng Huy hiệu Đảng {{ dot_trao }}")
    listed = next(field for field in FIELDS[PaperKind.BADGE_LIST] if field.rows)
    columns = tuple(row.name for row in listed.rows)
    _rows(paper, listed, (13, 36, 22, 31, 30, 31, 22, 22, 23, 15, 17), columns, numbered=True)
    _body(paper, "Danh sách gồm {{ tong_so }} đồng chí.")
    _end(paper, "Ban Thường vụ cấp ủy cấp trên", "Lưu.")


WRITERS: dict[str, Any] = {
    PaperKind.MEMBER_SHEET: _sheet,
    PaperKind.ADMISSION_DECISION: _admission,
    PaperKind.OFFICIAL_DECISION: _official,
    PaperKind.TRANSFER_LETTER: _transfer,
    PaperKind.BADGE_LIST: _badges,
}
