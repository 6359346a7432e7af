"""The words that columns of the exchange workbook choose from, and what else lists call them."""
# ruff: noqa: E501  a table, read across: a word's line holds all its names

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choices:
    """Words that a column may hold, each with what else it is called; `is_open` where other text is right too.

    `ticked` and `unticked` are the words that a tick mark, or the TRUE and FALSE of a box to tick, stand for.
    """

    words: dict[str, str]
    is_open: bool = False
    ticked: str = ""
    unticked: str = ""


SEX = Choices({"Nam": "nam giới; trai; m; male", "Nữ": "nữ giới; gái; f; female"})
ORGANISATION_TYPES = Choices(
    {
        "Đảng bộ cấp trên trực tiếp cơ sở": "đảng bộ cấp trên trực tiếp của TCCSĐ; đảng bộ cấp trên cơ sở",
        "Đảng bộ cơ sở": "ĐBCS",
        "Chi bộ cơ sở": "CBCS",
        "Đảng bộ bộ phận": "ĐBBP",
        "Chi bộ trực thuộc": "CBTT; chi bộ trực thuộc đảng ủy cơ sở",
    }
)
ORGANISATION_EVENTS = Choices(
    {"Đổi tên": "", "Chuyển": "", "Sáp nhập": "sát nhập; hợp nhất", "Tách": "chia tách"}, True
)
MASS_TYPES = Choices(
    {
        "Công đoàn": "CĐ",
        "Đoàn Thanh niên": "ĐTN; đoàn TNCS Hồ Chí Minh; đoàn TNCS",
        "Hội Cựu chiến binh": "CCB; hội CCB",
        "Hội Phụ nữ": "HPN; hội liên hiệp phụ nữ; hội LHPN",
    },
    is_open=True,
)
MASS_RATINGS = Choices({"Vững mạnh": "VM", "Khá": "K", "Trung bình": "TB", "Yếu kém": "yếu"}, is_open=True)
# Which of them a year knows is for the scheme in force to say; the reader hands the word on as it stands.
RATINGS = Choices(
    {
        "HTXS": "HTXSNV; HTXS NV; hoàn thành xuất sắc; xuất sắc",
        "HTT": "HTTNV; HTT NV; hoàn thành tốt; tốt",
        "HT": "HTNV; HT NV; hoàn thành",
        "KHT": "KHTNV; KHT NV; không hoàn thành",
        "TSVM": "",
        "Hoàn thành xuất sắc nhiệm vụ": "hoàn thành xuất sắc NV",
        "Hoàn thành tốt nhiệm vụ": "hoàn thành tốt NV",
        "Hoàn thành nhiệm vụ": "hoàn thành NV",
        "Không hoàn thành nhiệm vụ": "không hoàn thành NV",
        "Trong sạch, vững mạnh": "trong sạch vững mạnh",
        "Yếu kém": "",
        "Đủ tư cách, hoàn thành xuất sắc nhiệm vụ": "đủ tư cách HTXS; đủ tư cách HTXSNV",
        "Đủ tư cách, hoàn thành tốt nhiệm vụ": "đủ tư cách HTT; đủ tư cách HTTNV",
        "Đủ tư cách, hoàn thành nhiệm vụ": "đủ tư cách HT; đủ tư cách HTNV",
        "Vi phạm tư cách hoặc không hoàn thành nhiệm vụ": "vi phạm tư cách",
    },
    is_open=True,
)
NOT_RATED = Choices(
    {
        "Miễn công tác và sinh hoạt đảng": "miễn sinh hoạt; miễn sinh hoạt đảng; miễn công tác sinh hoạt đảng; miễn CT&SH",
        "Đình chỉ sinh hoạt đảng": "đình chỉ; đình chỉ sinh hoạt",
        "Mới kết nạp dưới 6 tháng": "mới kết nạp; kết nạp dưới 6 tháng; dự bị chưa đủ 6 tháng",
        "Mới thành lập dưới 6 tháng": "mới thành lập; thành lập dưới 6 tháng",
    },
    is_open=True,
)
THEORY_LEVELS = Choices(
    {
        "Sơ cấp": "SC; sơ cấp LLCT; sơ cấp lý luận chính trị",
        "Trung cấp": "TC; trung cấp LLCT; trung cấp lý luận chính trị; trung cấp lý luận chính trị - hành chính",
        "Cao cấp": "CC; cao cấp LLCT; cao cấp lý luận chính trị",
        "Cử nhân": "CN; cử nhân LLCT; cử nhân chính trị; cử nhân lý luận chính trị",
    },
    is_open=True,
)
PROFESSIONAL_LEVELS = Choices(
    {
        "Sơ cấp": "SC; sơ cấp nghề; công nhân kỹ thuật; CNKT",
        "Trung cấp": "TC; trung cấp chuyên nghiệp; THCN; trung học chuyên nghiệp; trung cấp nghề",
        "Cao đẳng": "CĐ; cao đẳng nghề",
        "Đại học": "ĐH; cử nhân; kỹ sư; bác sĩ",
        "Thạc sĩ": "ThS; thạc sỹ; cao học",
        "Tiến sĩ": "TS; tiến sỹ; tiến sĩ khoa học; TSKH",
    }
)
ACADEMIC_TITLES = Choices({"Phó giáo sư": "PGS", "Giáo sư": "GS"})
LEAVING = {
    "Chuyển đi": "chuyển sinh hoạt; chuyển sinh hoạt đảng; chuyển ra",
    "Từ trần": "chết; mất; qua đời; đã mất",
    "Xóa tên": "xóa tên đảng viên; bị xóa tên",
    "Khai trừ": "bị khai trừ; khai trừ khỏi đảng",
    "Xin ra": "xin ra khỏi đảng; xin ra đảng",
}
LEAVING_REASONS = Choices(LEAVING)
STAY_ENDS = Choices(LEAVING | {"Chuyển nội bộ": "chuyển chi bộ"})
STAY_BEGINNINGS = Choices(
    {
        "Kết nạp": "kết nạp mới; mới kết nạp",
        "Chuyển đến": "chuyển sinh hoạt đến; tiếp nhận",
        "Chuyển nội bộ": "chuyển chi bộ",
        "Kết nạp lại": "",
        "Phục hồi": "phục hồi đảng tịch; phục hồi quyền đảng viên",
    }
)
RESULTS = Choices(
    {"Đạt": "đạt yêu cầu; hoàn thành", "Không đạt": "không đạt yêu cầu; chưa đạt", "Bỏ học": "bỏ lớp; nghỉ học"}
)
AWARD_FORMS = Choices({"Giấy khen": "GK", "Bằng khen": "BK", "Cờ": "cờ thi đua", "Huy hiệu": ""}, is_open=True)
MILESTONES = Choices({str(years): f"{years} năm; {years} năm tuổi đảng" for years in range(30, 105, 5)}, is_open=True)
PENALTIES = Choices(
    {"Khiển trách": "", "Cảnh cáo": "", "Cách chức": "", "Khai trừ": "khai trừ khỏi đảng", "Giải tán": ""}
)
POSITIONS = Choices(
    {
        "Bí thư": "BT; bí thư chi bộ; bí thư đảng ủy",
        "Phó Bí thư": "PBT; phó bí thư chi bộ; phó bí thư đảng ủy",
        "Ủy viên ban thường vụ": "UVBTV; ủy viên thường vụ",
        "Ủy viên ban chấp hành, chi ủy viên": "chi ủy viên; đảng ủy viên; cấp ủy viên; ủy viên ban chấp hành; UVBCH",
    }
)
POST_ENDS = Choices(
    {
        "Hết nhiệm kỳ": "",
        "Giữ chức vụ khác": "",
        "Cho thôi tham gia cấp ủy": "thôi tham gia cấp ủy",
        "Cách chức": "",
        "Không còn sinh hoạt ở tổ chức này": "chuyển đi; chuyển sinh hoạt",
        "Từ trần": "mất; qua đời",
        "Tổ chức kết thúc hoạt động": "",
    }
)
YES_OR_NO = Choices({"Có": "yes; true", "Không": "no; false; 0"}, ticked="Có", unticked="Không")
