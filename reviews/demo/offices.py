"""The grassroots organisations with their cells and mass organisations, as literals.

A line is: name | title of the head | sector | posts of the staff | cells, separated by semicolons.
"""

# ruff: noqa: E501 - each line of the literals is one office

from __future__ import annotations

from dataclasses import dataclass

COMMON = (
    "Chuyên viên, Chuyên viên, Chuyên viên, Chuyên viên, Chuyên viên chính, Chuyên viên chính, Kế toán viên, Văn thư"
)
PARTY = "Chuyên viên, Chuyên viên, Chuyên viên, Chuyên viên chính, Chuyên viên chính, Văn thư, Kế toán viên"
SCHOOL = "Giảng viên, Giảng viên, Giảng viên chính, Chuyên viên, Kế toán viên"
HOSPITAL = "Bác sĩ, Bác sĩ, Bác sĩ, Điều dưỡng, Điều dưỡng, Kỹ thuật viên, Dược sĩ, Hộ sinh"
BANK = "Chuyên viên, Giao dịch viên, Kiểm soát viên, Kế toán viên"

COMMITTEES = f"""
Văn phòng Tỉnh ủy | Chánh Văn phòng | party_agency | {PARTY} | Phòng Tổng hợp; Phòng Hành chính - Cơ yếu; Phòng Quản trị; Phòng Tài chính Đảng; Phòng Lưu trữ
Văn phòng Ủy ban nhân dân tỉnh | Chánh Văn phòng | state_agency | {COMMON} | Phòng Tổng hợp; Phòng Kinh tế; Phòng Nội chính; Phòng Văn hóa - Xã hội; Phòng Hành chính - Tổ chức; Phòng Quản trị - Tài vụ; Trung tâm Tin học - Công báo; Ban Tiếp công dân; Nhà khách
Sở Nội vụ | Giám đốc | state_agency | {COMMON} | Văn phòng; Phòng Tổ chức biên chế; Phòng Công chức, viên chức; Phòng Xây dựng chính quyền; Ban Thi đua - Khen thưởng; Ban Tôn giáo; Chi cục Văn thư - Lưu trữ
Sở Kế hoạch và Đầu tư | Giám đốc | state_agency | {COMMON} | Văn phòng; Phòng Tổng hợp; Phòng Kinh tế ngành; Phòng Kinh tế đối ngoại; Phòng Đăng ký kinh doanh; Thanh tra Sở
Sở Tài chính | Giám đốc | state_agency | {COMMON} | Văn phòng; Phòng Ngân sách; Phòng Hành chính sự nghiệp; Phòng Tài chính doanh nghiệp; Phòng Giá - Công sản; Phòng Đầu tư; Thanh tra Sở
Sở Nông nghiệp và Phát triển nông thôn | Giám đốc | state_agency | {COMMON}, Kỹ sư, Kỹ sư, Kiểm lâm viên | Văn phòng; Phòng Kế hoạch - Tài chính; Phòng Tổ chức cán bộ; Thanh tra Sở; Chi cục Kiểm lâm; Chi cục Thú y; Chi cục Phát triển nông thôn; Chi cục Thủy lợi; Chi cục Đê điều và Phòng chống lụt bão; Trung tâm Khuyến nông; Trung tâm Giống cây trồng; Trung tâm Nước sạch và Vệ sinh môi trường nông thôn; Chi cục Quản lý chất lượng nông lâm sản và thủy sản
Sở Công Thương | Giám đốc | state_agency | {COMMON}, Kỹ sư | Văn phòng; Phòng Quản lý công nghiệp; Phòng Quản lý thương mại; Phòng Kỹ thuật an toàn - Môi trường; Trung tâm Khuyến công; Thanh tra Sở
Sở Xây dựng | Giám đốc | state_agency | {COMMON}, Kiến trúc sư, Kỹ sư | Văn phòng; Phòng Quản lý xây dựng; Phòng Kiến trúc - Quy hoạch; Phòng Quản lý nhà; Trung tâm Kiểm định chất lượng; Viện Quy hoạch xây dựng
Sở Giao thông vận tải | Giám đốc | state_agency | {COMMON}, Kỹ sư | Văn phòng; Phòng Quản lý giao thông; Phòng Vận tải; Thanh tra Sở; Trung tâm Đăng kiểm; Ban Quản lý dự án giao thông; Trung tâm Đào tạo lái xe
Sở Tài nguyên và Môi trường | Giám đốc | state_agency | {COMMON}, Kỹ sư | Văn phòng; Chi cục Quản lý đất đai; Chi cục Bảo vệ môi trường; Phòng Khoáng sản - Nước; Văn phòng Đăng ký đất đai; Trung tâm Kỹ thuật tài nguyên; Thanh tra Sở
Sở Giáo dục và Đào tạo | Giám đốc | state_agency | {COMMON} | Văn phòng; Phòng Tổ chức cán bộ; Phòng Giáo dục trung học; Phòng Giáo dục mầm non - tiểu học; Phòng Khảo thí; Phòng Giáo dục thường xuyên; Phòng Kế hoạch - Tài chính; Thanh tra Sở
Sở Y tế | Giám đốc | state_agency | {COMMON}, Bác sĩ, Dược sĩ | Văn phòng; Phòng Nghiệp vụ Y; Phòng Quản lý Dược; Chi cục Dân số - Kế hoạch hóa gia đình; Chi cục An toàn vệ sinh thực phẩm; Trung tâm Kiểm nghiệm; Trung tâm Giám định y khoa; Trung tâm Truyền thông giáo dục sức khỏe; Trung tâm Phòng, chống bệnh xã hội
Sở Lao động - Thương binh và Xã hội | Giám đốc | state_agency | {COMMON} | Văn phòng; Phòng Việc làm - Dạy nghề; Phòng Người có công; Phòng Bảo trợ xã hội; Phòng Kế hoạch - Tài chính; Trung tâm Giới thiệu việc làm; Trung tâm Điều dưỡng người có công; Thanh tra Sở
Sở Văn hóa, Thể thao và Du lịch | Giám đốc | state_agency | {COMMON}, Huấn luyện viên, Diễn viên | Văn phòng; Phòng Nghiệp vụ văn hóa; Phòng Thể dục thể thao; Phòng Du lịch; Bảo tàng tỉnh; Thư viện tỉnh; Nhà hát; Trung tâm Huấn luyện thể thao
Sở Khoa học và Công nghệ | Giám đốc | state_agency | {COMMON} | Văn phòng; Phòng Quản lý khoa học; Chi cục Tiêu chuẩn - Đo lường - Chất lượng; Trung tâm Ứng dụng tiến bộ khoa học
Sở Tư pháp | Giám đốc | state_agency | {COMMON}, Công chứng viên | Văn phòng; Phòng Văn bản; Phòng Hành chính tư pháp; Trung tâm Trợ giúp pháp lý; Phòng Công chứng số 1
Sở Thông tin và Truyền thông | Giám đốc | state_agency | {COMMON}, Kỹ sư | Văn phòng; Phòng Báo chí - Xuất bản; Phòng Công nghệ thông tin; Trung tâm Công nghệ thông tin
Thanh tra tỉnh | Chánh Thanh tra | state_agency | Thanh tra viên, Thanh tra viên, Thanh tra viên chính, Chuyên viên | Văn phòng; Phòng Nghiệp vụ 1; Phòng Nghiệp vụ 2; Phòng Giám sát, kiểm tra
Tòa án nhân dân tỉnh | Chánh án | state_agency | Thẩm phán, Thư ký tòa án, Thẩm tra viên, Chuyên viên | Văn phòng; Tòa Hình sự; Tòa Dân sự; Tòa Hành chính; Phòng Kiểm tra nghiệp vụ
Viện Kiểm sát nhân dân tỉnh | Viện trưởng | state_agency | Kiểm sát viên, Kiểm sát viên, Kiểm tra viên, Chuyên viên | Văn phòng; Phòng Thực hành quyền công tố; Phòng Kiểm sát thi hành án; Phòng Khiếu tố; Phòng Kiểm sát giải quyết án dân sự
Cục Thuế | Cục trưởng | state_agency | Kiểm soát viên thuế, Kiểm tra viên thuế, Kiểm tra viên thuế, Kế toán viên | Văn phòng; Phòng Kiểm tra thuế số 1; Phòng Kiểm tra thuế số 2; Phòng Thanh tra thuế; Phòng Kê khai - Kế toán thuế; Phòng Tuyên truyền - Hỗ trợ; Phòng Tổ chức cán bộ; Phòng Quản lý nợ
Cục Thống kê | Cục trưởng | state_agency | Thống kê viên, Thống kê viên, Thống kê viên chính, Kế toán viên | Phòng Tổng hợp; Phòng Thống kê kinh tế; Phòng Tổ chức - Hành chính
Cục Thi hành án dân sự | Cục trưởng | state_agency | Chấp hành viên, Thẩm tra viên, Thư ký, Kế toán viên | Văn phòng; Phòng Nghiệp vụ; Phòng Tổ chức cán bộ
Kho bạc Nhà nước | Giám đốc | state_agency | {BANK} | Văn phòng; Phòng Kế toán nhà nước; Phòng Kiểm soát chi; Phòng Tin học; Phòng Tổ chức cán bộ; Phòng Thanh tra
Ngân hàng Nhà nước chi nhánh tỉnh | Giám đốc | state_agency | {BANK} | Phòng Tổng hợp; Phòng Tiền tệ - Kho quỹ; Thanh tra, giám sát ngân hàng
Bảo hiểm xã hội tỉnh | Giám đốc | public_unit | Chuyên viên, Giám định viên, Kế toán viên | Văn phòng; Phòng Thu; Phòng Cấp sổ, thẻ; Phòng Chế độ bảo hiểm; Phòng Giám định bảo hiểm y tế; Phòng Kế hoạch - Tài chính
Ban Tổ chức Tỉnh ủy | Trưởng Ban | party_agency | {PARTY} | Văn phòng; Phòng Tổ chức cán bộ; Phòng Cơ sở đảng - Đảng viên
Ủy ban Kiểm tra Tỉnh ủy | Chủ nhiệm | party_agency | {PARTY} | Văn phòng; Phòng Nghiệp vụ 1; Phòng Nghiệp vụ 2
Ban Tuyên giáo Tỉnh ủy | Trưởng Ban | party_agency | {PARTY} | Văn phòng; Phòng Tuyên truyền - Lịch sử Đảng; Phòng Khoa giáo - Văn hóa
Trường Chính trị tỉnh | Hiệu trưởng | public_unit | {SCHOOL} | Phòng Đào tạo; Phòng Tổ chức - Hành chính; Khoa Lý luận cơ sở; Khoa Xây dựng Đảng; Khoa Nhà nước và pháp luật
Bệnh viện Đa khoa tỉnh | Giám đốc | public_unit | {HOSPITAL} | Phòng Tổ chức cán bộ; Phòng Kế hoạch tổng hợp; Phòng Điều dưỡng; Khoa Khám bệnh; Khoa Nội tổng hợp; Khoa Tim mạch; Khoa Hồi sức cấp cứu; Khoa Nhi; Khoa Sản; Khoa Dược; Khoa Xét nghiệm; Khoa Chẩn đoán hình ảnh; Khoa Truyền nhiễm; Khoa Ung bướu; Khoa Kiểm soát nhiễm khuẩn; Phòng Tài chính kế toán
Bệnh viện Y học cổ truyền | Giám đốc | public_unit | {HOSPITAL} | Khối Hành chính; Khoa Châm cứu; Khoa Nội; Khoa Dược
Trường Cao đẳng Sư phạm | Hiệu trưởng | public_unit | {SCHOOL} | Phòng Đào tạo; Phòng Hành chính - Tổng hợp; Khoa Tự nhiên; Khoa Xã hội; Khoa Ngoại ngữ; Khoa Giáo dục mầm non; Khoa Giáo dục tiểu học; Phòng Công tác học sinh, sinh viên; Trường Thực hành
Trường Cao đẳng Nghề | Hiệu trưởng | public_unit | {SCHOOL} | Phòng Đào tạo; Phòng Tổ chức - Hành chính; Khoa Cơ khí; Khoa Điện - Điện tử; Khoa Công nghệ thông tin; Khoa May; Khoa Khoa học cơ bản; Phòng Quản lý học sinh, sinh viên
Trường Trung học phổ thông chuyên | Hiệu trưởng | public_unit | Giáo viên, Giáo viên, Giáo viên, Kế toán viên | Tổ Toán - Tin; Tổ Khoa học tự nhiên; Tổ Ngữ văn - Lịch sử - Địa lý; Tổ Ngoại ngữ; Tổ Hành chính
Đài Phát thanh và Truyền hình tỉnh | Giám đốc | public_unit | Phóng viên, Phóng viên, Biên tập viên, Kỹ sư, Kế toán viên | Phòng Tổ chức - Hành chính; Phòng Thời sự; Phòng Chuyên đề; Phòng Kỹ thuật; Phòng Văn nghệ - Giải trí
Báo tỉnh | Tổng Biên tập | public_unit | Phóng viên, Phóng viên, Biên tập viên, Kế toán viên | Phòng Thư ký tòa soạn; Phòng Phóng viên; Phòng Hành chính - Trị sự
Tỉnh đoàn | Bí thư Tỉnh đoàn | party_agency | {PARTY} | Văn phòng; Ban Phong trào; Ban Tổ chức - Kiểm tra; Nhà Thiếu nhi tỉnh
Liên đoàn Lao động tỉnh | Chủ tịch | party_agency | {PARTY} | Văn phòng; Ban Chính sách - Pháp luật; Nhà Văn hóa lao động
Chi cục Quản lý thị trường | Chi cục trưởng | state_agency | Kiểm soát viên, Kiểm soát viên, Kiểm soát viên chính, Kế toán viên | Phòng Tổ chức - Hành chính; Phòng Nghiệp vụ; Đội Quản lý thị trường số 1; Đội Quản lý thị trường số 2; Đội Quản lý thị trường số 3
"""

CELLS = f"""
Ban Nội chính Tỉnh ủy | Trưởng Ban | party_agency | {PARTY}
Ban Dân vận Tỉnh ủy | Trưởng Ban | party_agency | {PARTY}
Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh | Chánh Văn phòng | state_agency | {COMMON}
Ủy ban Mặt trận Tổ quốc tỉnh | Chủ tịch | party_agency | {PARTY}
Hội Liên hiệp Phụ nữ tỉnh | Chủ tịch | party_agency | {PARTY}
Hội Nông dân tỉnh | Chủ tịch | party_agency | {PARTY}
Hội Cựu chiến binh tỉnh | Chủ tịch | party_agency | {PARTY}
Ban Quản lý các khu công nghiệp | Trưởng Ban | state_agency | {COMMON}
Liên minh Hợp tác xã tỉnh | Chủ tịch | other | {COMMON}
Hội Chữ thập đỏ tỉnh | Chủ tịch | other | {COMMON}
Hội Văn học Nghệ thuật tỉnh | Chủ tịch | other | {COMMON}, Biên tập viên
Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh | Chủ tịch | other | {COMMON}
Hội Người mù tỉnh | Chủ tịch | other | {COMMON}
Hội Đông y tỉnh | Chủ tịch | other | {COMMON}, Lương y
Hội Luật gia tỉnh | Chủ tịch | other | {COMMON}
Hội Nhà báo tỉnh | Chủ tịch | other | {COMMON}
Hội Khuyến học tỉnh | Chủ tịch | other | {COMMON}
Hội Người cao tuổi tỉnh | Trưởng Ban Đại diện | other | {COMMON}
Liên hiệp các tổ chức hữu nghị tỉnh | Chủ tịch | other | {COMMON}
Ngân hàng Chính sách xã hội chi nhánh tỉnh | Giám đốc | public_unit | {BANK}
Ngân hàng Phát triển chi nhánh tỉnh | Giám đốc | public_unit | {BANK}
Kiểm toán Nhà nước khu vực | Kiểm toán trưởng | state_agency | Kiểm toán viên, Kiểm toán viên, Chuyên viên
Cục Dự trữ Nhà nước khu vực | Cục trưởng | state_agency | {COMMON}, Thủ kho
Chi cục Hải quan | Chi cục trưởng | state_agency | Kiểm tra viên hải quan, Kiểm tra viên hải quan, Kế toán viên
Quỹ Đầu tư phát triển tỉnh | Giám đốc | public_unit | {BANK}
Hội Cựu thanh niên xung phong tỉnh | Chủ tịch | other | {COMMON}
Trường Trung cấp Kinh tế - Kỹ thuật | Hiệu trưởng | public_unit | {SCHOOL}
Trường Trung cấp Văn hóa Nghệ thuật | Hiệu trưởng | public_unit | {SCHOOL}
Ban Bảo vệ, chăm sóc sức khỏe cán bộ tỉnh | Trưởng Ban | public_unit | {HOSPITAL}
Trung tâm Xúc tiến đầu tư | Giám đốc | public_unit | {COMMON}
Đoàn Luật sư tỉnh | Chủ nhiệm | other | Luật sư, Luật sư, Chuyên viên
Ban Quản lý dự án đầu tư xây dựng tỉnh | Giám đốc | public_unit | {COMMON}, Kỹ sư
"""

# Department committees: (committee above, name, cells).
DEPARTMENTS = (
    (
        "Sở Nông nghiệp và Phát triển nông thôn",
        "Chi cục Bảo vệ thực vật",
        ("Phòng Hành chính - Tổng hợp", "Phòng Kỹ thuật", "Các trạm bảo vệ thực vật"),
    ),
    (
        "Sở Y tế",
        "Trung tâm Y tế dự phòng",
        ("Khối Hành chính", "Khoa Kiểm soát dịch bệnh", "Khoa Xét nghiệm"),
    ),
    (
        "Bệnh viện Đa khoa tỉnh",
        "Khối Ngoại sản",
        ("Khoa Ngoại tổng hợp", "Khoa Chấn thương", "Khoa Gây mê hồi sức", "Khoa Mắt - Tai mũi họng"),
    ),
)

# What happened to the organisations; the dates are kept in organisations.py.
RENAMED = ("Ban Quản lý các khu công nghiệp", "Ban Quản lý khu công nghiệp và đô thị mới")
FOUNDED = "Ban Quản lý dự án đầu tư xây dựng tỉnh"
MERGED_INTO = ("Trung tâm Xúc tiến đầu tư", "Sở Kế hoạch và Đầu tư")
MOVED_CELL = ("Trung tâm Kiểm định chất lượng", "Sở Xây dựng", "Sở Khoa học và Công nghệ")


@dataclass(frozen=True)
class Office:
    """A line of the literals above."""

    name: str
    head: str
    sector: str
    staff: tuple[str, ...]
    cells: tuple[str, ...]


def read(lines: str) -> list[Office]:
    """The offices of one of the literals."""
    return [_read_line(line) for line in lines.strip().splitlines()]


def _read_line(line: str) -> Office:
    name, head, sector, staff, *cells = (part.strip() for part in line.split("|"))
    names = tuple(cell.strip() for cell in cells[0].split(";")) if cells else ()
    return Office(name, head, sector, tuple(post.strip() for post in staff.split(",")), names)
