"""The exchange workbook: its sheets and columns, what each holds, and the other names that lists use for them.

One literal table for the reader and the export. Nothing here reads a file.
"""
# ruff: noqa: E501  a table, read across: a column's line holds all its names

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from enum import StrEnum

from members.intake.words import (
    ACADEMIC_TITLES,
    AWARD_FORMS,
    LEAVING_REASONS,
    MASS_RATINGS,
    MASS_TYPES,
    MILESTONES,
    NOT_RATED,
    ORGANISATION_EVENTS,
    ORGANISATION_TYPES,
    PENALTIES,
    PROFESSIONAL_LEVELS,
    RATINGS,
    RESULTS,
    SEX,
    STAY_BEGINNINGS,
    STAY_ENDS,
    THEORY_LEVELS,
    YES_OR_NO,
    Choices,
)


class Type(StrEnum):
    """What a column's cells hold."""

    TEXT = "text"
    CODE = "code"  # identifiers and codes: text, leading zeros stay
    DATE = "date"
    YEAR = "year"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """A canonical column of a sheet; `also` are synonyms, parted by semicolons.

    A column is `needed`, if there is an `unless`, only where that other column says nothing. One that `is_extra` is
    for the export to lose nothing: it is no sign of what a list is.
    """

    name: str
    type: Type = Type.TEXT
    also: str = ""
    needed: bool = False
    choices: Choices | None = None
    unless: str = ""
    is_extra: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of record: its sheet.

    `borrowed` are columns of Hồ sơ that tell who a row is about. Of `signs` a table must have one to be proposed as
    this kind; `titles` are words above such tables. A kind without signs is proposed for its own sheet of the exchange
    workbook alone.
    """

    name: str
    columns: tuple[Column, ...]
    also: str = ""
    borrowed: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    titles: str = ""
    by_name: dict[str, Column] = field(default_factory=dict, compare=False)

    def missing(self, names: Container[str]) -> list[str]:
        """The needed columns that are not among the names: of a sheet, or of what a row says."""
        return [
            column.name
            for column in self.columns
            if column.needed and column.name not in names and (not column.unless or column.unless not in names)
        ]


# --- Columns ---------------------------------------------------------------------------------------

_ORGANISATION_NAMES = (
    "tổ chức; tổ chức đảng; chi bộ; mã chi bộ; tên chi bộ; đảng bộ; mã đảng bộ; chi đảng bộ; chi bộ đảng bộ; "
    "đơn vị; đảng viên thuộc chi bộ; sinh hoạt tại chi bộ; chi bộ sinh hoạt; thuộc chi bộ; mã TCĐ; TCCSĐ; mã TCCSĐ; "
    "tổ chức cơ sở đảng; đang sinh hoạt tại; đảng ủy chi bộ; nơi sinh hoạt đảng; đơn vị sinh hoạt; TCĐ đang sinh hoạt; "
    "tổ chức đảng đang sinh hoạt"
)


def _organisation(also: str = _ORGANISATION_NAMES, needed: bool = False, is_extra: bool = False) -> Column:
    return Column("Mã tổ chức", Type.CODE, also, needed, is_extra=is_extra)


def _person(needed: bool = True, unless: str = "") -> Column:
    also = "số LL; SLL; số lí lịch; mã số lý lịch; số lý lịch đảng viên; số LLĐV; số hồ sơ đảng viên; mã đảng viên"
    return Column("Số lý lịch", Type.CODE, also, needed, unless=unless)


def _name(needed: bool = False) -> Column:
    also = (
        "họ tên; tên; họ và tên khai sinh; họ tên khai sinh; họ chữ đệm và tên; họ và tên đảng viên; họ tên đảng viên; "
        "họ tên học viên; đảng viên; họ và tên đang dùng; đồng chí; họ và tên đồng chí; họ và tên người được khen thưởng; "
        "họ tên quần chúng; họ và tên quần chúng ưu tú; họ đệm và tên; họ tên đệm và tên; tên đảng viên; tên học viên"
    )
    return Column("Họ và tên", Type.TEXT, also, needed)


def _year() -> Column:
    return Column("Năm", Type.YEAR, "năm đánh giá; năm xếp loại; năm khen thưởng; năm khen; năm công nhận", needed=True)


def _decision_number(also: str = "") -> Column:
    return Column("Số quyết định", Type.CODE, f"số QĐ; quyết định số; QĐ số; số của quyết định; {also}")


def _rating_columns(ratings: Choices) -> tuple[Column, ...]:
    return (
        Column("Xếp loại", Type.CHOICE, _RATING_NAMES, choices=ratings),
        Column("Lý do không xếp loại", Type.CHOICE, _NO_RATING_NAMES, choices=NOT_RATED),
        Column("Số quyết định", Type.CODE, "số QĐ", is_extra=True),
    )


_MILESTONE_NAMES = (
    "huy hiệu; huy hiệu đảng; loại huy hiệu; mốc huy hiệu; loại HHĐ; HHĐ; huy hiệu đảng loại; tặng huy hiệu"
)
_RATING_NAMES = (
    "kết quả xếp loại; kết quả phân loại; kết quả đánh giá; kết quả đánh giá xếp loại; xếp loại đảng viên; mức xếp loại; "
    "phân loại; mức chất lượng; kết quả đánh giá phân loại; xếp loại chất lượng; kết quả đánh giá xếp loại chất lượng; "
    "phân loại chất lượng; kết quả; xếp loại tổ chức; xếp loại TCCSĐ; phân loại đảng viên"
)
_NO_RATING_NAMES = (
    "lý do chưa xếp loại; lý do; lý do không đánh giá; không xếp loại; chưa xếp loại; lý do miễn đánh giá"
)
_SIGNED = "ngày QĐ; quyết định ngày; ngày ký; ngày ký quyết định; ngày ra quyết định"

_ADMISSION = (
    Column(
        "Ngày quyết định kết nạp",
        Type.DATE,
        "ngày vào đảng; vào đảng; ngày kết nạp; ngày QĐ kết nạp; kết nạp; ngày vào đảng dự bị; dự bị; ngày dự bị; "
        "ngày kết nạp đảng; ngày vào ĐCSVN; ngày vào đảng CSVN; ngày vào đảng kết nạp; ngày kết nạp dự bị; vào đảng dự bị; "
        "ngày kết nạp vào đảng; ngày tháng năm vào đảng; ngày tháng năm vào đảng dự bị; kết nạp dự bị; ngày được kết nạp; "
        "ngày tháng năm kết nạp; ngày tháng vào đảng",
    ),
    Column(
        "Số quyết định kết nạp",
        Type.CODE,
        "số QĐ kết nạp; QĐ kết nạp; quyết định kết nạp; QĐ kết nạp số; số quyết định kết nạp đảng viên",
    ),
    Column(
        "Ngày lễ kết nạp", Type.DATE, "lễ kết nạp; ngày tổ chức lễ kết nạp; ngày tổ chức kết nạp; ngày làm lễ kết nạp"
    ),
    Column(
        "Ngày chính thức",
        Type.DATE,
        "chính thức; ngày CT; ngày công nhận chính thức; ngày vào đảng chính thức; vào đảng chính thức; "
        "ngày chuyển chính thức; chuyển chính thức; ngày đảng chính thức; ngày tháng năm chính thức; "
        "ngày công nhận đảng viên chính thức; ngày tháng năm vào đảng chính thức",
    ),
)

_PROFILE = (
    _person(),
    _name(needed=True),
    Column("Tên gọi khác", also="bí danh; tên khác; tên thường dùng; họ tên đang dùng; tên gọi"),
    Column("Giới tính", Type.CHOICE, "phái; giới; nam nữ; nam hay nữ; GT", needed=True, choices=SEX),
    Column(
        "Ngày sinh",
        Type.DATE,
        "sinh ngày; năm sinh; ngày tháng năm sinh; ngày tháng sinh; ngày năm sinh; NTNS; sinh năm; tuổi năm sinh; "
        "ngày sinh năm sinh; NS; ngày tháng năm sinh nam nữ; ngày tháng năm sinh nam; ngày tháng năm sinh nữ",
        needed=True,
    ),
    Column("Dân tộc", also="DT"),
    Column("Tôn giáo", also="TG"),
    Column("Quê quán", also="nguyên quán; quê; sinh quán; quê quán xã huyện tỉnh"),
    Column(
        "Nơi ở hiện nay",
        also="nơi ở; chỗ ở hiện nay; chỗ ở; địa chỉ; địa chỉ hiện nay; nơi cư trú; chỗ ở hiện tại; nơi ở hiện tại",
    ),
    Column("Nơi thường trú", also="thường trú; hộ khẩu thường trú; trú quán; nơi đăng ký thường trú; HKTT"),
    Column("Nơi sinh", also="nơi sinh xã huyện tỉnh"),
    Column(
        "Số định danh cá nhân",
        Type.CODE,
        "số CCCD; CCCD; số căn cước; căn cước công dân; số căn cước công dân; số định danh; mã định danh; số CMND; CMND; "
        "CMND CCCD; số CMND CCCD; số CCCD CMND; CMTND; số ĐDCN; mã định danh cá nhân; số thẻ căn cước",
    ),
    Column(
        "Nghề nghiệp chức vụ",
        also="nghề nghiệp; chức vụ; chức danh; nghề nghiệp chức danh; chức vụ đơn vị; nghề nghiệp hiện nay; công việc; "
        "nghề nghiệp chức vụ đơn vị công tác; chức vụ chức danh; nghề nghiệp hoặc chức vụ; chức vụ hiện nay",
    ),
    Column(
        "Trình độ phổ thông",
        also="học vấn; trình độ văn hóa; văn hóa; trình độ học vấn; giáo dục phổ thông; TĐVH; trình độ giáo dục phổ thông; "
        "học vấn phổ thông; phổ thông; trình độ văn hóa phổ thông",
    ),
    Column(
        "Trình độ chuyên môn",
        also="chuyên môn; chuyên môn nghiệp vụ; trình độ chuyên môn nghiệp vụ; trình độ CM; CMNV; TĐCM; học hàm học vị; "
        "trình độ đào tạo",
    ),
    Column(
        "Lý luận chính trị",
        Type.CHOICE,
        "trình độ LLCT; LLCT; trình độ lý luận chính trị; trình độ chính trị; lý luận; chính trị; trình độ lý luận",
        choices=THEORY_LEVELS,
    ),
    _organisation(needed=True),
    Column("Ngày đến", Type.DATE, "ngày chuyển đến; ngày về chi bộ; ngày chuyển sinh hoạt đến; ngày tiếp nhận"),
    *_ADMISSION,
    Column(
        "Số thẻ đảng viên", Type.CODE, "số thẻ; số TĐV; thẻ đảng; số thẻ đảng; thẻ đảng viên; số thẻ ĐV; STĐV; TĐV số"
    ),
    Column(
        "Ngày cấp thẻ", Type.DATE, "ngày cấp thẻ đảng viên; ngày cấp thẻ đảng; thẻ đảng viên ngày cấp; cấp thẻ ngày"
    ),
    Column(
        "Số thẻ trước đây",
        Type.CODE,
        "số thẻ theo QĐ 85; số thẻ cũ; số thẻ đảng viên cũ; số thẻ đảng cũ",
        is_extra=True,
    ),
    Column("Ngày miễn sinh hoạt", Type.DATE, "miễn sinh hoạt; ngày miễn sinh hoạt đảng; miễn sinh hoạt từ ngày"),
    Column("Ngày ra khỏi", Type.DATE, "ngày ra khỏi đảng; ngày chuyển đi; ngày đi; ngày từ trần; ngày ra khỏi tổ chức"),
    Column("Lý do ra khỏi", Type.CHOICE, "lý do ra khỏi đảng; lý do chuyển đi; lý do giảm", choices=LEAVING_REASONS),
    Column("Tên khai sinh", is_extra=True),
    Column("Nơi đăng ký khai sinh", also="nơi ĐK khai sinh", is_extra=True),
    Column("Số CMND cũ", Type.CODE, is_extra=True),
    Column("Nơi tạm trú", also="tạm trú; đăng ký tạm trú", is_extra=True),
    Column("Nghề nghiệp khi vào Đảng", is_extra=True),
    Column("Ngày vào Đoàn", Type.DATE, is_extra=True),
    Column("Nơi vào Đoàn", is_extra=True),
    Column("Ngày nhập ngũ", Type.DATE, "nhập ngũ", is_extra=True),
    Column("Ngày xuất ngũ", Type.DATE, "xuất ngũ", is_extra=True),
    Column("Quân hàm cao nhất", is_extra=True),
    Column("Trình độ chuyên môn cao nhất", Type.CHOICE, choices=PROFESSIONAL_LEVELS, is_extra=True),
    Column("Học hàm", Type.CHOICE, choices=ACADEMIC_TITLES, is_extra=True),
    Column("Học vị", is_extra=True),
    Column("Quản lý nhà nước", also="QLNN; trình độ quản lý nhà nước", is_extra=True),
    Column("Ngoại ngữ", also="trình độ ngoại ngữ", is_extra=True),
    Column("Tiếng dân tộc thiểu số", also="tiếng dân tộc", is_extra=True),
    Column("Tin học", also="trình độ tin học", is_extra=True),
    Column("Nơi cấp thẻ", also="nơi cấp thẻ đảng viên", is_extra=True),
    Column("Tình trạng sức khỏe", also="sức khỏe", is_extra=True),
    Column("Thương binh, bệnh binh hạng", is_extra=True),
    Column("Gia đình chính sách", is_extra=True),
    Column("Thành phần gia đình", is_extra=True),
    Column("Hoàn cảnh gia đình", is_extra=True),
    Column("Hoàn cảnh kinh tế", is_extra=True),
    Column("Lịch sử bản thân", is_extra=True),
)

_WHO = ("Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức")
_ANYBODY = tuple(column.name for column in _PROFILE)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "Tổ chức đảng",
            (
                _organisation("mã; mã số; mã TCĐ; mã tổ chức đảng; mã chi bộ; mã đảng bộ; mã TCCSĐ; mã đơn vị", True),
                Column(
                    "Tên tổ chức",
                    also="tên tổ chức đảng; tên đơn vị; tên chi bộ; tên đảng bộ; tổ chức đảng; tên TCCSĐ; tên chi đảng bộ; "
                    "tổ chức cơ sở đảng; tên tổ chức cơ sở đảng; chi bộ; đảng bộ",
                    needed=True,
                ),
                Column(
                    "Loại tổ chức", Type.CHOICE, "loại; loại TCĐ; loại tổ chức đảng; cấp tổ chức; hình thức tổ chức",
                    needed=True, choices=ORGANISATION_TYPES,
                ),
                Column(
                    "Mã tổ chức cấp trên", Type.CODE,
                    "mã cấp trên; cấp trên; tổ chức cấp trên; trực thuộc; thuộc đảng bộ; đảng bộ cấp trên; trực thuộc đảng bộ",
                ),
                Column("Loại hình cơ sở", also="loại hình; loại hình TCCSĐ; loại hình tổ chức; loại hình đơn vị"),
                Column("Ngày thành lập", Type.DATE, "thành lập; thành lập ngày; ngày tháng năm thành lập"),
                Column("Ngày kết thúc", Type.DATE, "ngày giải thể; kết thúc; ngày kết thúc hoạt động; giải thể"),
                Column("Số quyết định kết thúc", Type.CODE, is_extra=True),
            ),
            also="tổ chức; TCĐ; danh sách tổ chức đảng; chi bộ",
            signs=("Loại tổ chức", "Mã tổ chức cấp trên", "Loại hình cơ sở", "Ngày thành lập"),
            titles="danh sách tổ chức đảng; danh sách chi bộ; tổ chức cơ sở đảng",
        ),
        Kind(
            "Đoàn thể",
            (
                Column("Mã đoàn thể", Type.CODE, "mã; mã số; mã ĐT", needed=True),
                Column("Tên đoàn thể", also="đoàn thể; tên tổ chức; tên đơn vị; tên tổ chức đoàn thể", needed=True),
                Column("Loại đoàn thể", Type.CHOICE, "loại; loại hình; loại hình đoàn thể", needed=True, choices=MASS_TYPES),
                Column("Mã tổ chức đảng", Type.CODE, f"mã tổ chức; {_ORGANISATION_NAMES}; cấp ủy lãnh đạo", needed=True),
                Column("Ngày thành lập", Type.DATE, is_extra=True),
                Column("Ngày kết thúc", Type.DATE, is_extra=True),
            ),
            also="tổ chức đoàn thể; các đoàn thể; danh sách đoàn thể",
            signs=("Mã đoàn thể", "Tên đoàn thể", "Loại đoàn thể"),
            titles="danh sách đoàn thể; tổ chức đoàn thể",
        ),
        Kind(
            "Hồ sơ", _PROFILE, also="hồ sơ đảng viên; đảng viên; danh sách đảng viên; DS đảng viên; danh sách",
            signs=("Họ và tên",), titles="sổ danh sách; quần chúng ưu tú; hồ sơ đảng viên",
        ),
        Kind(
            "Kết nạp",
            (
                _person(), _ADMISSION[0], _organisation(), *_ADMISSION[1:],
                Column("Số quyết định chính thức", Type.CODE, "số QĐ chính thức"),
            ),
            borrowed=_WHO,
        ),
        Kind(
            "Quá trình sinh hoạt",
            (
                _person(),
                _organisation(needed=True),
                Column("Từ ngày", Type.DATE, "ngày đến; từ; ngày bắt đầu; bắt đầu; từ tháng; từ tháng năm", needed=True),
                Column("Lý do đến", Type.CHOICE, "hình thức đến", choices=STAY_BEGINNINGS),
                Column("Đến ngày", Type.DATE, "đến; ngày đi; ngày kết thúc; kết thúc; đến tháng; đến tháng năm"),
                Column("Lý do đi", Type.CHOICE, "lý do kết thúc; hình thức đi", choices=STAY_ENDS),
                _decision_number(),
                Column("Số quyết định đi", Type.CODE, is_extra=True),
            ),
            also="sinh hoạt; quá trình SH; quá trình sinh hoạt đảng",
            borrowed=("Họ và tên", "Giới tính", "Ngày sinh"), signs=("Từ ngày", "Đến ngày"),
            titles="quá trình sinh hoạt",
        ),
        Kind(
            "Miễn sinh hoạt",
            (
                _person(),
                Column("Từ ngày", Type.DATE, "ngày miễn; ngày miễn sinh hoạt; từ", needed=True),
                Column("Đến ngày", Type.DATE, "đến; ngày sinh hoạt lại"),
                _decision_number(),
            ),
            borrowed=_WHO,
        ),
        Kind(
            "Quá trình tổ chức",
            (
                _organisation("mã; mã TCĐ; mã tổ chức đảng; tổ chức; tổ chức đảng; mã chi bộ", True),
                Column("Từ ngày", Type.DATE, "từ; ngày; ngày hiệu lực; ngày bắt đầu", needed=True),
                Column("Tên tổ chức", also="tên mới; tên tổ chức đảng; tên"),
                Column("Mã tổ chức cấp trên", Type.CODE, "mã cấp trên; cấp trên; tổ chức cấp trên; trực thuộc"),
                Column("Loại tổ chức", Type.CHOICE, "loại; loại tổ chức đảng", choices=ORGANISATION_TYPES),
                Column("Sự việc", Type.CHOICE, "biến động; nội dung; thay đổi", choices=ORGANISATION_EVENTS),
                Column("Mã tổ chức kế thừa", Type.CODE, "tổ chức kế thừa; mã kế thừa; kế thừa; nhập vào"),
                _decision_number(),
            ),
            also="lịch sử tổ chức; quá trình TCĐ; biến động tổ chức",
            signs=("Sự việc", "Mã tổ chức kế thừa"), titles="quá trình tổ chức",
        ),
        Kind(
            "Lớp",
            (
                Column("Mã lớp", Type.CODE, "mã; mã lớp học; ký hiệu lớp; mã khóa", needed=True),
                Column("Tên lớp", also="lớp; tên lớp học; lớp học; tên khóa học; khóa học", needed=True),
                Column("Loại lớp", also="chương trình; loại hình lớp; loại; chương trình học; loại chương trình", needed=True),
                Column("Cơ sở đào tạo", also="nơi học; địa điểm; trường; đơn vị mở lớp; nơi mở lớp; cơ sở bồi dưỡng"),
                Column("Ngày khai giảng", Type.DATE, "khai giảng; từ ngày; ngày bắt đầu; ngày mở lớp", needed=True),
                Column("Ngày bế giảng", Type.DATE, "bế giảng; đến ngày; ngày kết thúc"),
            ),
            also="lớp học; các lớp; danh sách lớp",
            signs=("Ngày khai giảng", "Loại lớp", "Tên lớp"), titles="danh sách lớp; các lớp đã mở",
        ),
        Kind(
            "Học viên",
            (
                Column("Mã lớp", Type.CODE, "lớp; tên lớp; mã lớp học; lớp học; mã khóa", needed=True),
                _person(unless="Số người dự"),
                _name(),
                _organisation(is_extra=True),
                Column("Kết quả", Type.CHOICE, "kết quả học tập; kết quả học; đạt không đạt", choices=RESULTS),
                Column("Điểm", Type.DECIMAL, "điểm thi; điểm số; điểm bài thi; điểm kiểm tra; điểm bài thu hoạch; điểm TB"),
                Column("Xếp loại", also="xếp loại học tập; loại; xếp loại tốt nghiệp; hạng"),
                Column(
                    "Số giấy chứng nhận", Type.CODE,
                    "số GCN; giấy chứng nhận; GCN; số chứng nhận; số chứng chỉ; GCN số; giấy chứng nhận số; số bằng; số vào sổ",
                ),
                Column("Ngày cấp", Type.DATE, "ngày cấp GCN; ngày cấp giấy chứng nhận; giấy chứng nhận ngày cấp"),
                Column("Số người dự", Type.INTEGER, is_extra=True),
            ),
            also="danh sách học viên; DSHV; học viên các lớp; DS học viên",
            borrowed=_ANYBODY, signs=("Kết quả", "Điểm", "Số giấy chứng nhận", "Mã lớp"),
            titles="học viên; lớp bồi dưỡng; kết quả học tập",
        ),
        Kind(
            "Xếp loại đảng viên",
            (
                _year(), _person(), _name(), _organisation(),
                *_rating_columns(RATINGS),
            ),
            also="xếp loại ĐV; phân loại đảng viên; XLĐV; đánh giá đảng viên",
            borrowed=_WHO, signs=("Xếp loại",),
            titles="xếp loại đảng viên; phân loại đảng viên; đánh giá xếp loại chất lượng đảng viên; chất lượng đảng viên",
        ),
        Kind(
            "Xếp loại tổ chức",
            (
                _year(), _organisation("mã; mã TCĐ; mã tổ chức đảng; mã chi bộ; mã đảng bộ; mã TCCSĐ; mã đơn vị", True),
                Column(
                    "Tên tổ chức",
                    also="tên tổ chức đảng; tổ chức đảng; chi bộ; đảng bộ; tên chi bộ; tên đảng bộ; đơn vị; tên đơn vị; "
                    "TCCSĐ; tổ chức cơ sở đảng; tên tổ chức cơ sở đảng; chi đảng bộ; tên TCCSĐ; tổ chức",
                ),
                *_rating_columns(RATINGS),
            ),
            also="xếp loại TCĐ; xếp loại TCCSĐ; phân loại tổ chức; phân loại TCCSĐ; XLTC; xếp loại tổ chức đảng",
            signs=("Xếp loại",),
            titles="xếp loại tổ chức; phân loại tổ chức; xếp loại chi bộ; tổ chức cơ sở đảng; chất lượng tổ chức",
        ),
        Kind(
            "Xếp loại đoàn thể",
            (
                _year(), Column("Mã đoàn thể", Type.CODE, "đoàn thể; tên đoàn thể; mã; tổ chức đoàn thể", needed=True),
                *_rating_columns(MASS_RATINGS),
            ),
            also="xếp loại ĐT; phân loại đoàn thể", signs=("Xếp loại",), titles="xếp loại đoàn thể; phân loại đoàn thể",
        ),
        Kind(
            "Khen thưởng",
            (
                _year(),
                Column("Hình thức", Type.CHOICE, "hình thức khen; hình thức khen thưởng", needed=True, choices=AWARD_FORMS),
                Column(
                    "Danh hiệu", needed=True,
                    also="nội dung; nội dung khen; thành tích; danh hiệu khen thưởng; nội dung khen thưởng; tiêu chuẩn",
                ),
                _organisation(), _person(needed=False), _decision_number("quyết định khen thưởng"),
                Column("Ngày quyết định", Type.DATE, f"{_SIGNED}; ngày khen; ngày khen thưởng"),
            ),
            also="danh sách khen thưởng; thi đua khen thưởng; KT",
            borrowed=_WHO, signs=("Danh hiệu", "Hình thức"), titles="khen thưởng; giấy khen; bằng khen",
        ),
        Kind(
            "Huy hiệu Đảng",
            (
                _person(),
                Column("Mốc", Type.INTEGER, _MILESTONE_NAMES, needed=True, choices=MILESTONES),
                Column("Ngày trao", Type.DATE, "ngày trao tặng; ngày tặng; ngày trao huy hiệu; đợt trao", needed=True),
                _decision_number(),
                Column("Ngày quyết định", Type.DATE, _SIGNED),
                Column("Số huy hiệu", Type.CODE, is_extra=True),
                Column("Truy tặng", Type.CHOICE, choices=YES_OR_NO, is_extra=True),
            ),
            also="huy hiệu; tặng huy hiệu đảng; HHĐ; huy hiệu đảng viên",
            borrowed=_WHO, signs=("Mốc", "Ngày trao"), titles="huy hiệu đảng",
        ),
        Kind(
            "Kỷ luật",
            (
                _person(needed=False), _organisation(),
                Column("Hình thức", Type.CHOICE, "hình thức kỷ luật; mức kỷ luật; kỷ luật", needed=True, choices=PENALTIES),
                _decision_number("quyết định kỷ luật"),
                Column("Ngày quyết định", Type.DATE, f"{_SIGNED}; ngày kỷ luật", needed=True),
                Column("Nội dung vi phạm", is_extra=True),
                Column("Ngày hủy bỏ", Type.DATE, is_extra=True),
            ),
            also="thi hành kỷ luật; danh sách kỷ luật; kỷ luật đảng",
            borrowed=_WHO, signs=("Hình thức",), titles="kỷ luật",
        ),
        Kind(
            "Quá trình công tác",
            (
                _person(),
                Column("Từ ngày", Type.DATE, needed=True),
                Column("Đến ngày", Type.DATE),
                Column("Làm việc gì", needed=True),
                Column("Chức vụ"),
                Column("Nơi công tác"),
            ),
            borrowed=_WHO,
        ),
        Kind(
            "Đào tạo, bồi dưỡng đã qua",
            (
                _person(),
                Column("Tên trường", needed=True),
                Column("Ngành học"),
                Column("Từ ngày", Type.DATE),
                Column("Đến ngày", Type.DATE),
                Column("Hình thức học"),
                Column("Văn bằng, chứng chỉ"),
            ),
            borrowed=_WHO,
        ),
        Kind(
            "Đi nước ngoài",
            (
                _person(),
                Column("Từ ngày", Type.DATE, needed=True),
                Column("Đến ngày", Type.DATE),
                Column("Nước", needed=True),
                Column("Nội dung đi"),
            ),
            borrowed=_WHO,
        ),
        Kind(
            "Quan hệ gia đình",
            (
                _person(),
                Column("Quan hệ", needed=True),
                Column("Họ tên người thân", needed=True),
                Column("Năm sinh", Type.INTEGER),
                Column("Nghề nghiệp người thân"),
                Column("Nơi ở người thân"),
                Column("Đặc điểm chính trị"),
            ),
            borrowed=("Họ và tên", "Giới tính", "Mã tổ chức"),
        ),
        Kind(
            "Khen thưởng đã nhận",
            (
                _person(),
                Column("Năm", Type.YEAR, needed=True),
                Column("Hình thức khen thưởng", needed=True),
                Column("Cấp khen thưởng"),
            ),
            borrowed=_WHO,
        ),
        Kind(
            "Chỉ tiêu",
            (
                _year(), _organisation(),
                Column("Chỉ tiêu", also="tên chỉ tiêu; mã chỉ tiêu; nội dung chỉ tiêu; nội dung", needed=True),
                Column("Giá trị", Type.DECIMAL, "mức; số giao; kế hoạch; chỉ tiêu giao; mục tiêu; số lượng", needed=True),
            ),
            also="chỉ tiêu năm; chỉ tiêu kế hoạch", signs=("Giá trị",), titles="chỉ tiêu",
        ),
    )
}  # fmt: skip


def _fill(kind: Kind) -> None:
    profile = {column.name: column for column in _PROFILE}
    kind.by_name.update({name: profile[name] for name in kind.borrowed})
    kind.by_name.update({column.name: column for column in kind.columns})


for _kind in KINDS.values():
    _fill(_kind)
