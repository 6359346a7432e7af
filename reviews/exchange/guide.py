"""The first sheet of workbooks that are handed out: how they are filled in. The reader takes it for no table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook

from config.workbook import BOLD, NOTE, TITLE, Look
from config.workbook_pages import Column, Page, Row, Table
from members.intake.contract import KINDS
from reviews.exchange.wording import ABOUT, explained

GUIDE = "Hướng dẫn"
NEEDED = "cần ghi"

RULES = (
    "Mỗi trang là một loại hồ sơ. Chỉ ghi vào trang cần dùng; trang và cột không cần thì để trống hoặc xóa. "
    "Giữ nguyên tên trang và tên cột; thứ tự các cột tùy ý.",
    "Cột có tiêu đề nền hồng là cột cần ghi ở mọi dòng mới.",
    "Ô để trống thì giữ nguyên dữ liệu đang có. Ô chỉ ghi một dấu - thì xóa dữ liệu đang có.",
    "Ngày ghi theo thứ tự ngày/tháng/năm: 05/09/2015. Chỉ biết đến tháng thì ghi 09/2015, chỉ biết năm thì ghi 2015. "
    "Năm ghi đủ bốn chữ số.",
    "Số lý lịch, số thẻ, số định danh và các mã giữ đủ số 0 ở đầu; các cột này đã định dạng sẵn là chữ.",
    "Ô có mũi tên thì chọn trong danh sách hiện ra.",
    "Ghi xong, lưu tệp rồi mở trang Nhập, xuất Excel của chương trình, gửi tệp lên và xem trước; "
    "có dòng sai thì chương trình chỉ rõ ô nào, vì sao. Chưa bấm ghi thì dữ liệu chưa thay đổi.",
)
_WIDTHS = (5.0, 30.0, 11.0, 84.0)
_LINE = Look(down="top")


def write_guide(
    workbook: Workbook, *, title: str, kinds: Iterable[str], words: Mapping[str, Mapping[str, list[str]]]
) -> None:
    """How the sheets of these kinds are filled in: rules, then every column with an example."""
    page = begin_guide(workbook, title, RULES)
    page.line("Các trang và các cột", BOLD)
    for kind in kinds:
        _write_kind(page, kind, words[kind])
    page.finish(footer=title)


def begin_guide(workbook: Workbook, title: str, rules: Sequence[str]) -> Page:
    """The sheet with its title and numbered rules."""
    page = Page(workbook, GUIDE, _WIDTHS)
    page.line(title, TITLE)
    page.skip()
    for number, rule in enumerate(rules, 1):
        page.block(f"{number}.", Look(across="right", down="top"), 1, 1)
        page.line(rule, _LINE, 2)
    page.skip()
    return page


def _write_kind(page: Page, kind: str, words: Mapping[str, list[str]]) -> None:
    page.line(f"Trang “{kind}”", BOLD)
    page.line(ABOUT[kind], NOTE)
    rows = [
        Row([number, column.name, NEEDED if column.needed else "", explained(kind, column, words.get(column.name, []))])
        for number, column in enumerate(KINDS[kind].columns, 1)
    ]
    heads = (Column("STT", centred=True), Column("Tên cột"), Column("Cần", centred=True), Column("Ghi thế nào"))
    page.table(Table(heads, rows), repeated=False, frozen=False)
    page.skip()
