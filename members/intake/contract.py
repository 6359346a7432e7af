"""The exchange workbook: its sheets and columns, what each holds, and the other names that lists use for them.

One literal table for the reader and the export. Nothing here reads a file.
"""
# ruff: noqa: E501  a table, read across: a column's line holds all its names

from __future__ import annotations

from members.intake.common_columns import (
    ADMISSION,
    ANYBODY,
    MILESTONE_NAMES,
    ORGANISATION_NAMES,
    PROFILE,
    SIGNED,
    WHO,
    decision_number,
    name_of,
    organisation,
    person,
    rating_columns,
    year,
)
from members.intake.kinds import Column, Kind, Type
from members.intake.words import (
    AWARD_FORMS,
    MASS_RATINGS,
    MASS_TYPES,
    MILESTONES,
    ORGANISATION_EVENTS,
    ORGANISATION_TYPES,
    PENALTIES,
    POSITIONS,
    POST_ENDS,
    RATINGS,
    RESULTS,
    STAY_BEGINNINGS,
    STAY_ENDS,
    YES_OR_NO,
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "Tổ chức đảng",
            (
                organisation("mã; mã số; mã TCĐ; mã tổ chức đảng; mã chi bộ; mã đảng bộ; mã TCCSĐ; mã đơn vị", True),
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
                Column("Mã tổ chức đảng", Type.CODE, f"mã tổ chức; {ORGANISATION_NAMES}; cấp ủy lãnh đạo", needed=True),
                Column("Ngày thành lập", Type.DATE, is_extra=True),
                Column("Ngày kết thúc", Type.DATE, is_extra=True),
            ),
            also="tổ chức đoàn thể; các đoàn thể; danh sách đoàn thể",
            signs=("Mã đoàn thể", "Tên đoàn thể", "Loại đoàn thể"),
            titles="danh sách đoàn thể; tổ chức đoàn thể",
        ),
        Kind(
            "Hồ sơ", PROFILE, also="hồ sơ đảng viên; đảng viên; danh sách đảng viên; DS đảng viên; danh sách",
            signs=("Họ và tên",), titles="sổ danh sách; quần chúng ưu tú; hồ sơ đảng viên",
        ),
        Kind(
            "Kết nạp",
            (
                person(), ADMISSION[0], organisation(), *ADMISSION[1:],
                Column("Số quyết định chính thức", Type.CODE, "số QĐ chính thức"),
            ),
            borrowed=WHO,
        ),
        Kind(
            "Quá trình sinh hoạt",
            (
                person(),
                organisation(needed=True),
                Column("Từ ngày", Type.DATE, "ngày đến; từ; ngày bắt đầu; bắt đầu; từ tháng; từ tháng năm", needed=True),
                Column("Lý do đến", Type.CHOICE, "hình thức đến", choices=STAY_BEGINNINGS),
                Column("Đến ngày", Type.DATE, "đến; ngày đi; ngày kết thúc; kết thúc; đến tháng; đến tháng năm"),
                Column("Lý do đi", Type.CHOICE, "lý do kết thúc; hình thức đi", choices=STAY_ENDS),
                decision_number(),
                Column("Số quyết định đi", Type.CODE, is_extra=True),
            ),
            also="sinh hoạt; quá trình SH; quá trình sinh hoạt đảng",
            borrowed=("Họ và tên", "Giới tính", "Ngày sinh"), signs=("Từ ngày", "Đến ngày"),
            titles="quá trình sinh hoạt",
        ),
        Kind(
            "Miễn sinh hoạt",
            (
                person(),
                Column("Từ ngày", Type.DATE, "ngày miễn; ngày miễn sinh hoạt; từ", needed=True),
                Column("Đến ngày", Type.DATE, "đến; ngày sinh hoạt lại"),
                decision_number(),
            ),
            borrowed=WHO,
        ),
        Kind(
            "Cấp ủy",
            (
                person(), organisation(needed=True),
                Column("Chức vụ cấp ủy", Type.CHOICE, "chức vụ; chức vụ trong cấp ủy", needed=True, choices=POSITIONS),
                Column("Nhiệm kỳ", also="khóa; nhiệm kì"),
                Column("Từ ngày", Type.DATE, "giữ chức vụ từ; từ", needed=True),
                decision_number(),
                Column("Đến ngày", Type.DATE, "thôi giữ từ; đến"),
                Column("Lý do thôi", Type.CHOICE, choices=POST_ENDS),
                Column("Số quyết định thôi", Type.CODE),
            ),
            borrowed=WHO,
        ),
        Kind(
            "Quá trình tổ chức",
            (
                organisation("mã; mã TCĐ; mã tổ chức đảng; tổ chức; tổ chức đảng; mã chi bộ", True),
                Column("Từ ngày", Type.DATE, "từ; ngày; ngày hiệu lực; ngày bắt đầu", needed=True),
                Column("Tên tổ chức", also="tên mới; tên tổ chức đảng; tên"),
                Column("Mã tổ chức cấp trên", Type.CODE, "mã cấp trên; cấp trên; tổ chức cấp trên; trực thuộc"),
                Column("Loại tổ chức", Type.CHOICE, "loại; loại tổ chức đảng", choices=ORGANISATION_TYPES),
                Column("Sự việc", Type.CHOICE, "biến động; nội dung; thay đổi", choices=ORGANISATION_EVENTS),
                Column("Mã tổ chức kế thừa", Type.CODE, "tổ chức kế thừa; mã kế thừa; kế thừa; nhập vào"),
                decision_number(),
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
                person(unless="Số người dự"),
                name_of(),
                organisation(is_extra=True),
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
            borrowed=ANYBODY, signs=("Kết quả", "Điểm", "Số giấy chứng nhận", "Mã lớp"),
            titles="học viên; lớp bồi dưỡng; kết quả học tập",
        ),
        Kind(
            "Xếp loại đảng viên",
            (
                year(), person(), name_of(), organisation(),
                *rating_columns(RATINGS),
            ),
            also="xếp loại ĐV; phân loại đảng viên; XLĐV; đánh giá đảng viên",
            borrowed=WHO, signs=("Xếp loại",),
            titles="xếp loại đảng viên; phân loại đảng viên; đánh giá xếp loại chất lượng đảng viên; chất lượng đảng viên",
        ),
        Kind(
            "Xếp loại tổ chức",
            (
                year(), organisation("mã; mã TCĐ; mã tổ chức đảng; mã chi bộ; mã đảng bộ; mã TCCSĐ; mã đơn vị", True),
                Column(
                    "Tên tổ chức",
                    also="tên tổ chức đảng; tổ chức đảng; chi bộ; đảng bộ; tên chi bộ; tên đảng bộ; đơn vị; tên đơn vị; "
                    "TCCSĐ; tổ chức cơ sở đảng; tên tổ chức cơ sở đảng; chi đảng bộ; tên TCCSĐ; tổ chức",
                ),
                *rating_columns(RATINGS),
            ),
            also="xếp loại TCĐ; xếp loại TCCSĐ; phân loại tổ chức; phân loại TCCSĐ; XLTC; xếp loại tổ chức đảng",
            signs=("Xếp loại",),
            titles="xếp loại tổ chức; phân loại tổ chức; xếp loại chi bộ; tổ chức cơ sở đảng; chất lượng tổ chức",
        ),
        Kind(
            "Xếp loại đoàn thể",
            (
                year(), Column("Mã đoàn thể", Type.CODE, "đoàn thể; tên đoàn thể; mã; tổ chức đoàn thể", needed=True),
                *rating_columns(MASS_RATINGS),
            ),
            also="xếp loại ĐT; phân loại đoàn thể", signs=("Xếp loại",), titles="xếp loại đoàn thể; phân loại đoàn thể",
        ),
        Kind(
            "Khen thưởng",
            (
                year(),
                Column("Hình thức", Type.CHOICE, "hình thức khen; hình thức khen thưởng", needed=True, choices=AWARD_FORMS),
                Column(
                    "Danh hiệu", needed=True,
                    also="nội dung; nội dung khen; thành tích; danh hiệu khen thưởng; nội dung khen thưởng; tiêu chuẩn",
                ),
                organisation(), person(needed=False), decision_number("quyết định khen thưởng"),
                Column("Ngày quyết định", Type.DATE, f"{SIGNED}; ngày khen; ngày khen thưởng"),
            ),
            also="danh sách khen thưởng; thi đua khen thưởng; KT",
            borrowed=WHO, signs=("Danh hiệu", "Hình thức"), titles="khen thưởng; giấy khen; bằng khen",
        ),
        Kind(
            "Huy hiệu Đảng",
            (
                person(),
                Column("Mốc", Type.INTEGER, MILESTONE_NAMES, needed=True, choices=MILESTONES),
                Column("Ngày trao", Type.DATE, "ngày trao tặng; ngày tặng; ngày trao huy hiệu; đợt trao", needed=True),
                decision_number(),
                Column("Ngày quyết định", Type.DATE, SIGNED),
                Column("Số huy hiệu", Type.CODE, is_extra=True),
                Column("Truy tặng", Type.CHOICE, choices=YES_OR_NO, is_extra=True),
            ),
            also="huy hiệu; tặng huy hiệu đảng; HHĐ; huy hiệu đảng viên",
            borrowed=WHO, signs=("Mốc", "Ngày trao"), titles="huy hiệu đảng",
        ),
        Kind(
            "Kỷ luật",
            (
                person(needed=False), organisation(),
                Column("Hình thức", Type.CHOICE, "hình thức kỷ luật; mức kỷ luật; kỷ luật", needed=True, choices=PENALTIES),
                decision_number("quyết định kỷ luật"),
                Column("Ngày quyết định", Type.DATE, f"{SIGNED}; ngày kỷ luật", needed=True),
                Column("Nội dung vi phạm", is_extra=True),
                Column("Ngày hủy bỏ", Type.DATE, is_extra=True),
            ),
            also="thi hành kỷ luật; danh sách kỷ luật; kỷ luật đảng",
            borrowed=WHO, signs=("Hình thức",), titles="kỷ luật",
        ),
        Kind(
            "Quá trình công tác",
            (
                person(),
                Column("Từ ngày", Type.DATE, needed=True),
                Column("Đến ngày", Type.DATE),
                Column("Làm việc gì", needed=True),
                Column("Chức vụ"),
                Column("Nơi công tác"),
            ),
            borrowed=WHO,
        ),
        Kind(
            "Đào tạo, bồi dưỡng đã qua",
            (
                person(),
                Column("Tên trường", needed=True),
                Column("Ngành học"),
                Column("Từ ngày", Type.DATE),
                Column("Đến ngày", Type.DATE),
                Column("Hình thức học"),
                Column("Văn bằng, chứng chỉ"),
            ),
            borrowed=WHO,
        ),
        Kind(
            "Đi nước ngoài",
            (
                person(),
                Column("Từ ngày", Type.DATE, needed=True),
                Column("Đến ngày", Type.DATE),
                Column("Nước", needed=True),
                Column("Nội dung đi"),
            ),
            borrowed=WHO,
        ),
        Kind(
            "Quan hệ gia đình",
            (
                person(),
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
                person(),
                Column("Năm", Type.YEAR, needed=True),
                Column("Hình thức khen thưởng", needed=True),
                Column("Cấp khen thưởng"),
            ),
            borrowed=WHO,
        ),
        Kind(
            "Chỉ tiêu",
            (
                year(), organisation(),
                Column("Chỉ tiêu", also="tên chỉ tiêu; mã chỉ tiêu; nội dung chỉ tiêu; nội dung", needed=True),
                Column("Giá trị", Type.DECIMAL, "mức; số giao; kế hoạch; chỉ tiêu giao; mục tiêu; số lượng", needed=True),
            ),
            also="chỉ tiêu năm; chỉ tiêu kế hoạch", signs=("Giá trị",), titles="chỉ tiêu",
        ),
    )
}  # fmt: skip


def _fill(kind: Kind) -> None:
    profile = {column.name: column for column in PROFILE}
    kind.by_name.update({name: profile[name] for name in kind.borrowed})
    kind.by_name.update({column.name: column for column in kind.columns})


for _kind in KINDS.values():
    _fill(_kind)
