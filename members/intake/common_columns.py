"""Columns that several sheets of the exchange workbook share, and those of a person's profile."""
# ruff: noqa: E501  a table, read across: a column's line holds all its names

from __future__ import annotations

from members.intake.kinds import Column, Type
from members.intake.words import (
    ACADEMIC_TITLES,
    LEAVING_REASONS,
    NOT_RATED,
    PROFESSIONAL_LEVELS,
    SEX,
    THEORY_LEVELS,
    Choices,
)

ORGANISATION_NAMES = (
    "tổ chức; tổ chức đảng; chi bộ; mã chi bộ; tên chi bộ; đảng bộ; mã đảng bộ; chi đảng bộ; chi bộ đảng bộ; "
    "đơn vị; đảng viên thuộc chi bộ; sinh hoạt tại chi bộ; chi bộ sinh hoạt; thuộc chi bộ; mã TCĐ; TCCSĐ; mã TCCSĐ; "
    "tổ chức cơ sở đảng; đang sinh hoạt tại; đảng ủy chi bộ; nơi sinh hoạt đảng; đơn vị sinh hoạt; TCĐ đang sinh hoạt; "
    "tổ chức đảng đang sinh hoạt"
)


def organisation(also: str = ORGANISATION_NAMES, needed: bool = False, is_extra: bool = False) -> Column:
    return Column("Mã tổ chức", Type.CODE, also, needed, is_extra=is_extra)


def person(needed: bool = True, unless: str = "") -> Column:
    also = "số LL; SLL; số lí lịch; mã số lý lịch; số lý lịch đảng viên; số LLĐV; số hồ sơ đảng viên; mã đảng viên"
    return Column("Số lý lịch", Type.CODE, also, needed, unless=unless)


def name_of(needed: bool = False) -> Column:
    also = (
        "họ tên; tên; họ và tên khai sinh; họ tên khai sinh; họ chữ đệm và tên; họ và tên đảng viên; họ tên đảng viên; "
        "họ tên học viên; đảng viên; họ và tên đang dùng; đồng chí; họ và tên đồng chí; họ và tên người được khen thưởng; "
        "họ tên quần chúng; họ và tên quần chúng ưu tú; họ đệm và tên; họ tên đệm và tên; tên đảng viên; tên học viên"
    )
    return Column("Họ và tên", Type.TEXT, also, needed)


def year() -> Column:
    return Column("Năm", Type.YEAR, "năm đánh giá; năm xếp loại; năm khen thưởng; năm khen; năm công nhận", needed=True)


def decision_number(also: str = "") -> Column:
    return Column("Số quyết định", Type.CODE, f"số QĐ; quyết định số; QĐ số; số của quyết định; {also}")


def rating_columns(ratings: Choices) -> tuple[Column, ...]:
    return (
        Column("Xếp loại", Type.CHOICE, _RATING_NAMES, choices=ratings),
        Column("Lý do không xếp loại", Type.CHOICE, _NO_RATING_NAMES, choices=NOT_RATED),
        Column("Số quyết định", Type.CODE, "số QĐ", is_extra=True),
    )


MILESTONE_NAMES = (
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
SIGNED = "ngày QĐ; quyết định ngày; ngày ký; ngày ký quyết định; ngày ra quyết định"

ADMISSION = (
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

PROFILE = (
    person(),
    name_of(needed=True),
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
    organisation(needed=True),
    Column("Ngày đến", Type.DATE, "ngày chuyển đến; ngày về chi bộ; ngày chuyển sinh hoạt đến; ngày tiếp nhận"),
    *ADMISSION,
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

WHO = ("Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức")
ANYBODY = tuple(column.name for column in PROFILE)
