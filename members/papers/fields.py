"""What a template may name: the fields of each kind of paper, in words, with a sample of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from members.models.papers import PaperKind


@dataclass(frozen=True)
class Field:
    """A field of a paper; one with `rows` is a list, whose rows have fields of their own."""

    name: str
    label: str
    sample: str = ""
    rows: tuple[Field, ...] = ()

    @property
    def sample_value(self) -> Any:
        """What stands in the paper when it is tried: of a list, two rows."""
        return [{row.name: row.sample for row in self.rows}] * 2 if self.rows else self.sample


HEAD = (
    Field("co_quan_cap_tren", "Tên tổ chức đảng cấp trên", "Đảng bộ tỉnh Sơn Nam"),
    Field("co_quan", "Cơ quan ban hành", "Đảng ủy Khối Các cơ quan tỉnh"),
    Field("so_van_ban", "Số và ký hiệu văn bản", "12-QĐ/ĐUK"),
    Field("noi_ban_hanh", "Nơi ban hành (tỉnh, thành phố)", "Sơn Nam"),
    Field("ngay_van_ban", "Ngày ký bằng lời", "ngày 05 tháng 02 năm 2026"),
    Field("thay_mat", "Thay mặt (quyền hạn ký)", "T/M BAN THƯỜNG VỤ"),
    Field("chuc_vu_ky", "Chức vụ người ký", "BÍ THƯ"),
    Field("nguoi_ky", "Họ và tên người ký", "Trần Văn Minh"),
)
PERSON = (
    Field("ho_ten", "Họ và tên", "Nguyễn Thị Ánh"),
    Field("ho_ten_hoa", "Họ và tên viết hoa", "NGUYỄN THỊ ÁNH"),
    Field("ten_khai_sinh", "Họ và tên khai sinh", "Nguyễn Thị Ánh"),
    Field("ten_khac", "Tên gọi khác", "Hồng Ánh"),
    Field("gioi_tinh", "Giới tính", "Nữ"),
    Field("ngay_sinh", "Ngày sinh", "05/09/1985"),
    Field("ngay_sinh_bang_loi", "Ngày sinh bằng lời", "ngày 05 tháng 9 năm 1985"),
    Field("noi_sinh", "Nơi sinh", "xã Bình Minh, tỉnh Sơn Nam"),
    Field("que_quan", "Quê quán", "xã Bình Minh, tỉnh Sơn Nam"),
    Field("noi_thuong_tru", "Nơi thường trú", "phường Hồng Hà, tỉnh Sơn Nam"),
    Field("noi_o", "Nơi ở hiện nay", "phường Hồng Hà, tỉnh Sơn Nam"),
    Field("dan_toc", "Dân tộc", "Kinh"),
    Field("ton_giao", "Tôn giáo", "Không"),
    Field("so_dinh_danh", "Số định danh cá nhân", "036185001234"),
    Field("nghe_nghiep", "Nghề nghiệp, chức vụ", "Chuyên viên"),
    Field("trinh_do_pho_thong", "Trình độ phổ thông", "12/12"),
    Field("trinh_do_chuyen_mon", "Trình độ chuyên môn", "Đại học Luật"),
    Field("ly_luan_chinh_tri", "Lý luận chính trị", "Trung cấp"),
    Field("ngoai_ngu", "Ngoại ngữ", "Tiếng Anh B1"),
    Field("so_ly_lich", "Số lý lịch", "0990101234"),
    Field("so_the", "Số thẻ đảng viên", "99.012345"),
    Field("ngay_cap_the", "Ngày cấp thẻ", "03/02/2012"),
    Field("to_chuc", "Chi bộ, tổ chức đang sinh hoạt", "Chi bộ Văn phòng"),
    Field("to_chuc_cap_tren", "Tổ chức cấp trên của tổ chức đang sinh hoạt", "Đảng bộ Sở Nội vụ"),
    Field("ngay_ket_nap", "Ngày quyết định kết nạp", "03/02/2010"),
    Field("so_quyet_dinh_ket_nap", "Số quyết định kết nạp", "45-QĐ/ĐUK"),
    Field("ngay_le_ket_nap", "Ngày lễ kết nạp", "19/02/2010"),
    Field("noi_ket_nap", "Tổ chức kết nạp", "Chi bộ Văn phòng"),
    Field("ngay_chinh_thuc", "Ngày chính thức", "19/02/2011"),
    Field("ngay_chinh_thuc_bang_loi", "Ngày chính thức bằng lời", "ngày 19 tháng 02 năm 2011"),
    Field("tuoi_dang", "Số năm tuổi Đảng", "16"),
)
BASIS = Field("can_cu", "Nghị quyết, văn bản đề nghị", "Nghị quyết số 08-NQ/ĐU ngày 10/01/2026 của Đảng ủy Sở Nội vụ")
FROM, TO = Field("tu", "Từ", "09/2007"), Field("den", "Đến", "nay")
LISTS = (
    Field(
        "qua_trinh_cong_tac",
        "Quá trình công tác",
        rows=(
            FROM,
            TO,
            Field("viec", "Làm việc gì", "Chuyên viên"),
            Field("chuc_vu", "Chức vụ", "Phó Trưởng phòng"),
            Field("noi", "Nơi công tác", "Sở Nội vụ"),
        ),
    ),
    Field(
        "dao_tao",
        "Đào tạo, bồi dưỡng",
        rows=(
            Field("truong", "Tên trường", "Trường Chính trị tỉnh"),
            Field("nganh", "Ngành học, tên lớp", "Trung cấp lý luận chính trị"),
            FROM,
            TO,
            Field("hinh_thuc", "Hình thức học", "Vừa làm vừa học"),
            Field("van_bang", "Văn bằng, chứng chỉ", "Bằng tốt nghiệp"),
        ),
    ),
    Field(
        "gia_dinh",
        "Quan hệ gia đình",
        rows=(
            Field("quan_he", "Quan hệ", "Chồng"),
            Field("ho_ten", "Họ và tên", "Lê Văn Bình"),
            Field("nam_sinh", "Năm sinh", "1983"),
            Field("nghe_nghiep", "Nghề nghiệp", "Giáo viên"),
            Field("noi_o", "Nơi ở", "phường Hồng Hà"),
        ),
    ),
    Field(
        "huy_hieu",
        "Huy hiệu Đảng",
        rows=(
            Field("moc", "Mốc", "30 năm"),
            Field("ngay", "Ngày trao", "03/02/2025"),
            Field("so", "Số huy hiệu", "E012345"),
        ),
    ),
    Field(
        "khen_thuong",
        "Khen thưởng",
        rows=(Field("nam", "Năm", "2015"), Field("hinh_thuc", "Hình thức", "Giấy khen"), Field("cap", "Cấp", "Khối")),
    ),
    Field(
        "ky_luat",
        "Kỷ luật",
        rows=(Field("ngay", "Ngày quyết định", "01/06/2015"), Field("hinh_thuc", "Hình thức", "Khiển trách")),
    ),
)
FIELDS: dict[str, tuple[Field, ...]] = {
    PaperKind.MEMBER_SHEET: (*HEAD, *PERSON, *LISTS),
    PaperKind.ADMISSION_DECISION: (*HEAD, *PERSON, BASIS),
    PaperKind.OFFICIAL_DECISION: (*HEAD, *PERSON, BASIS),
    PaperKind.TRANSFER_LETTER: (
        *HEAD,
        *PERSON,
        Field("noi_den", "Tổ chức đảng nơi đến", "Đảng ủy phường Hồng Hà"),
        Field("ly_do", "Lý do chuyển", "chuyển công tác"),
        Field("dang_phi", "Đã đóng đảng phí hết tháng", "01/2026"),
    ),
    PaperKind.BADGE_LIST: (
        *HEAD,
        Field("dot_trao", "Đợt trao tặng", "dịp 03/02/2026"),
        Field("tong_so", "Tổng số người", "2"),
        Field(
            "danh_sach",
            "Danh sách",
            rows=(
                Field("ho_ten", "Họ và tên", "Nguyễn Thị Ánh"),
                Field("ngay_sinh", "Ngày sinh", "05/09/1955"),
                Field("que_quan", "Quê quán", "Sơn Nam"),
                Field("nghe_nghiep", "Nghề nghiệp, chức vụ", "Nghỉ hưu"),
                Field("to_chuc", "Chi bộ", "Chi bộ Văn phòng"),
                Field("ngay_ket_nap", "Ngày vào Đảng", "03/02/1985"),
                Field("ngay_chinh_thuc", "Ngày chính thức", "03/02/1986"),
                Field("so_the", "Số thẻ", "99.012345"),
                Field("tuoi_dang", "Tuổi Đảng", "40"),
                Field("moc", "Mốc đề nghị", "40 năm"),
            ),
        ),
    ),
}


def sample(kind: str) -> dict[str, Any]:
    """A whole paper of that kind with invented values."""
    return {field.name: field.sample_value for field in FIELDS[kind]}
