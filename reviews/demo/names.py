"""Parts of invented names and places, and how they are put together."""

# ruff: noqa: SIM905 - lists of names are read, and added to, as running text

from __future__ import annotations

from random import Random

from members.models.people import Sex

# (family name, how many in a thousand): roughly as in the country.
FAMILIES = (
    ("Nguyễn", 350), ("Trần", 118), ("Lê", 92), ("Phạm", 70), ("Hoàng", 40), ("Huỳnh", 10), ("Phan", 38),
    ("Vũ", 46), ("Võ", 8), ("Đặng", 34), ("Bùi", 32), ("Đỗ", 30), ("Hồ", 9), ("Ngô", 22), ("Dương", 18),
    ("Lý", 4), ("Đào", 15), ("Đinh", 13), ("Lương", 9), ("Mai", 9), ("Trịnh", 11), ("Cao", 8), ("Đoàn", 10),
    ("Lưu", 6), ("Phùng", 6), ("Tạ", 5), ("Hà", 7), ("Chu", 4), ("Lại", 4), ("Tống", 3), ("Khúc", 1),
    ("Vương", 2), ("Kiều", 2), ("Thái", 2), ("Quách", 2), ("Nghiêm", 2), ("Ninh", 2), ("Triệu", 2), ("Bạch", 1),
)  # fmt: skip
MALE_MIDDLES = (
    ("Văn", 30), ("Đức", 7), ("Xuân", 7), ("Quang", 6), ("Ngọc", 6), ("Minh", 5), ("Hữu", 5), ("Đình", 5),
    ("Thanh", 4), ("Công", 4), ("Mạnh", 3), ("Trọng", 3), ("Tiến", 3), ("Việt", 2), ("Quốc", 3), ("Bá", 2),
    ("Duy", 2), ("Thế", 2), ("Gia", 1), ("Như", 1), ("Huy", 1), ("Vĩnh", 1), ("Nhật", 1), ("Viết", 1), ("", 2),
)  # fmt: skip
FEMALE_MIDDLES = (
    ("Thị", 34), ("Thị Thu", 9), ("Thị Thanh", 8), ("Thị Ngọc", 6), ("Thị Minh", 4), ("Thị Kim", 5),
    ("Thị Hồng", 6), ("Thị Bích", 4), ("Thị Mai", 3), ("Thị Lan", 3), ("Thị Phương", 4), ("Thị Mỹ", 2),
    ("Thị Thúy", 3), ("Thị Hải", 2), ("Thu", 2), ("Thanh", 2), ("Ngọc", 2), ("Phương", 2), ("Minh", 1),
    ("Khánh", 1), ("Thùy", 2), ("Hoài", 1), ("Diệu", 1), ("Quỳnh", 1),
)  # fmt: skip
MALE_GIVEN = (
    "An Anh Ân Ba Bách Bảo Bằng Bắc Bính Cảnh Cần Chương Công Cương Cường Danh Diện Doanh Du Dũng Duy Dương "
    "Đại Đạo Đạt Điền Điệp Độ Đông Đức Giáp Hà Hải Hạnh Hào Hậu Hiến Hiển Hiệp Hiếu Hiệu Hòa Hoài "
    "Hoan Hoàn Hoạt Hội Hợp Huân Huấn Hùng Huy Hưng Hướng Hữu Khánh Khiêm Khoa Khôi Khương Kiên Kỳ Lai Lâm Lân "
    "Lập Lộc Long Luân Luật Lực Lượng Minh Mẫn Mùi Nam Nghĩa Nghiệp Ngọc Nguyên Nhân Nhật Nhị Ninh Phong "
    "Phương Quân Quảng Quế Quyền Quyết Quý Sáng Sâm Sinh Sơn Sỹ Tài Tám Tạo Tân Thái Thanh Thành "
    "Thao Thặng Thân Thế Thi Thiện Thiệu Thịnh Thoại Thuần Thuận Thuật Thủy Thụy Thức Tiệp Tín Tính Tĩnh Toán Toàn "
    "Trí Trung Trường Tú Tuân Tuấn Tuệ Tùng Tuyên Tường Tự Uy Vận Vinh Vỹ Ý"
).split()
FEMALE_GIVEN = (
    "An Anh Ánh Bích Châm Châu Chi Chinh Cúc Diễm Diệp Dịu Dung Duyên Duyến Đào Giang Gấm Hà Hải Hảo Hạnh Hằng "
    "Hậu Hiên Hiền Hiếu Hoa Hòa Hoài Hoan Hoàn Hồng Hợi Huế Huệ Huyền Hương Hường Khánh Khuyên Kim Lam Lan Lê Liên "
    "Liễu Linh Loan Luyến Lụa Lương Ly Lý Mận Miên Minh Mùi My Mỹ Na Nam Nga Ngà Ngát Nghĩa Ngoan Ngọc Nguyên Nguyệt "
    "Nhã Nhài Nhạn Nhiên Nhinh Nhung Như Nụ Oanh Phượng Phương Quế Quyên Quỳnh Quý Sen Sim Soan Sương Tâm Tần "
    "Thảo Thanh Thắm Thêu Thi Thim Thoa Thơ Thơm Thu Thúy Thuận Thùy Thủy Thư Thương Tình Toan Tơ Trà Trang "
    "Trâm Trinh Tú Tuyến Tuyết Tươi Uyên Vân Vang Vinh Vui Xoan Xuyến Xuân Yên Yến"
).split()
OTHER_NAMES = ("Ba", "Hai Hòa", "Năm Thành", "Tư Kiên", "Út Lan", "Chín Thuận", "Sáu Hiền", "Bảy Sơn")

ETHNICITIES = (("Kinh", 965), ("Tày", 9), ("Mường", 9), ("Nùng", 5), ("Thái", 4), ("Hoa", 2), ("Dao", 2))
RELIGIONS = (("Không", 957), ("Công giáo", 27), ("Phật giáo", 15), ("Tin lành", 1))
COMMUNES = (
    "Tân Lạc Hải", "Yên Trạch", "Hòa Lâm", "Xuân Khê", "Đức Trì", "Minh Thuận Đông", "An Lộ", "Phú Khương",
    "Liên Trì", "Trung Khê", "Nam Trạch", "Đông Lộ", "Quang Khê", "Vĩnh Trạch", "Thanh Lộ", "Bình Trì", "Giao Khê",
    "Hải Trạch", "Nghĩa Lộ Thượng", "Trực Khê", "Kim Trì", "Mỹ Lộ", "Hưng Khê", "Thọ Lâm", "Đại Trạch", "Lương Khê",
    "Cát Lâm", "Bạch Trì",
)  # fmt: skip
DISTRICTS = (
    "Thuận Giang", "Yên Hà", "Lộc Sơn", "An Trạch", "Hòa Lâm", "Đức Khê", "Xuân Trì", "Tân Thuận Hải",
    "Vĩnh Khê", "Phú Lâm",
)  # fmt: skip
WARDS = ("Bến Sen", "Cầu Đá", "Hồ Xuân", "Đông Môn", "Chợ Mới Thượng", "Trường Lạc", "Sông Khê", "Tây Hồ Trì")


def pick(rng: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    """One of the texts, by weight."""
    return rng.choices([text for text, _ in weighted], [weight for _, weight in weighted])[0]


def make_name(rng: Random, sex: str) -> str:
    """A full name."""
    middles, given = (MALE_MIDDLES, MALE_GIVEN) if sex == Sex.MALE else (FEMALE_MIDDLES, FEMALE_GIVEN)
    middle = pick(rng, middles)
    last = rng.choice([name for name in given if name not in middle.split()])
    return " ".join(filter(None, (pick(rng, FAMILIES), middle, last)))


def make_home_town(rng: Random) -> str:
    """A commune and its district."""
    return f"xã {rng.choice(COMMUNES)}, huyện {rng.choice(DISTRICTS)}"


def make_residence(rng: Random) -> str:
    """A group of houses in a ward of the provincial town."""
    return f"Tổ {rng.randint(1, 24)}, phường {rng.choice(WARDS)}"
